from . import sop_engine_clock
from . import sop_demo
from . import demo_settlement
