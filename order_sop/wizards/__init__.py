from . import sop_check_dialog
from . import sop_send_back
