from odoo import api, models

from .approval_turns import PRESSED
from .rows import insert_rows, write_rows

OVER = {"state": "void", "to_tell": False} | dict.fromkeys(PRESSED, False)
NOBODY = dict.fromkeys(("user_ids", "guest_ids", "delegate_ids"), False)
"""What is over gives nobody a right to see its order."""


class SopEngineApprovalRounds(models.AbstractModel):
    """What was decided of an approval stays what it was when the approval is decided anew."""

    _inherit = "sop.engine.approval"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _begin_round(self, approvals):
        """Keep the rejection of each of ``approvals``, which who gave it is about to take back, as a row of its own.
        The next round begins where that one ended, or with his word where others have to agree as well.

        :return: ``{id of the approval: id of that row}``
        """
        if not approvals:
            return {}
        kept = insert_rows(
            self.env["sop.approval"].sudo(),  # the engine's own
            [approval.copy_data(OVER | NOBODY | {"next_id": approval.id})[0] for approval in approvals],
        )
        for approval in approvals:
            write_rows(approval, {"opened_at": approval.decided_at})
        return dict(zip(approvals.ids, kept.ids, strict=True))
