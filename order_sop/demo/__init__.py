from . import sop_engine_clock
from . import sop_demo
from . import sop_demo_statements
from . import demo_settlement
from . import demo_cases
