from . import sop_approval_dialog
from . import sop_approval_dialog_line
from . import sop_approval_preview
from . import sop_approval_preview_line
from . import sop_check_dialog
from . import sop_hold_dialog
from . import sop_hold_dialog_line
from . import sop_send_back
