from odoo import fields, models

CODES = [
    ("explained", "Explained"),
    ("reopened", "Open again: the amount changed"),
    ("taken_back", "Explanation taken back"),
    ("assigned", "Given to somebody"),
    ("disputed", "Disputed by the customer"),
    ("gone", "Gone"),
    ("returned", "There again"),
    ("signing", "Signing begun"),
    ("failed", "Could not be signed"),
    ("signed", "Signed"),
    ("countersigned", "Countersigned"),
    ("unsigned", "Reopened"),
    ("late", "Late entries found"),
    ("agrees", "Agrees again"),
    ("sent", "Sent to the customer"),
    ("refused", "Refused by the mail server"),
    ("confirmed", "Confirmed by the customer"),
]


class SopSettlementEvent(models.Model):
    """One line of the history of a difference, a closing or a statement; appended by the engine, never changed."""

    _name = "sop.settlement.event"
    _description = "SOP Settlement Event"
    _inherit = ["sop.guard.mixin"]
    _order = "id desc"
    _rec_name = "code"
    _log_access = False

    date = fields.Datetime(required=True, readonly=True)
    code = fields.Selection(CODES, "Event", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="restrict")
    difference_id = fields.Many2one("sop.difference", readonly=True, ondelete="cascade", index="btree_not_null")
    closing_id = fields.Many2one("sop.closing", readonly=True, ondelete="restrict", index="btree_not_null")
    statement_id = fields.Many2one("sop.statement", readonly=True, ondelete="restrict", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True, help="Of the difference at that time.")
    note = fields.Text(readonly=True)

    def write(self, vals):
        """Refuse: not even the engine changes what happened.

        :raise AccessError: always, unless nothing would be written
        """
        if vals:
            self._check_frozen()
        return super().write(vals)

    def _check_frozen(self):
        self.with_context(sop_engine=None)._check_engine()
