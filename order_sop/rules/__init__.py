from . import sop_rule
