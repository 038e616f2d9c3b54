from . import portal
from . import case
from . import case_open
from . import settlement
from . import statement
from . import tracking
from . import kpi
from . import event_log
