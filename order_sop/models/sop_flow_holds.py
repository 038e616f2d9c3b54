from odoo import models

from ..engine.arguments import existing, moment, plain, text


class SopFlowMixin(models.AbstractModel):
    """A document under a process can be put on hold by hand."""

    _inherit = "sop.flow.mixin"  # pylint: disable=consider-merging-classes-inherited

    def action_sop_hold(self, type_id=None, reason=None, line_ids=None, expires_at=None):
        """Put the documents in ``self`` on hold, each independently; for SOP managers and the type's departments.

        :param int type_id: id of a ``sop.hold.type``; None opens the dialog that asks
        :param str reason: required
        :param list line_ids: ids of lines of the documents, for a type that is for lines
        :param str expires_at: when it ends, UTC; None: as its type says
        :return: ``[{"id", "name", "reason"}…]``, one for each: ``reason`` False where the hold was set
        :raise UserError: for a single one that cannot be held; AccessError for users who may not
        """
        if type_id is None:
            return self.env["sop.hold.dialog"]._open("hold", **{f"{self._sop_link}s": plain(self)})
        hold_type = existing(self.env["sop.hold.type"], type_id)
        lines = existing(self.env["sale.order.line"], line_ids)  # of orders; a case is held as a whole
        return self.env["sop.engine.holds"]._set_by_hand(
            plain(self), hold_type, text(self.env, reason), lines, moment(self.env, expires_at)
        )
