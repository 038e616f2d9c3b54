from . import sop_duty_conflict
from . import sop_duty_role
from . import sop_tower
from . import sop_tower_choices
from . import sop_daily
from . import sop_work
from . import sop_work_query
from . import sop_stock_line
