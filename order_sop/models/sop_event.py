from odoo import api, fields, models
from odoo.exceptions import UserError

CODES = [
    ("started", "Put under a process"),
    ("moved", "Moved to another process"),
    ("entered", "Stage entered"),
    ("assigned", "Handed to somebody"),
    ("checks", "Checks made or changed"),
    ("asked", "Approval asked for"),
    ("decided", "Approval decided"),
    ("ended", "Approval not needed any more"),
    ("cleared", "Former salesperson may approve"),
    ("passed_gate", "Gate passed"),
    ("left", "Stage left"),
    ("unwaived", "No longer passed over"),
    ("held", "Put on hold"),
    ("released", "Hold released"),
    ("paused", "Clock stopped"),
    ("resumed", "Clock started again"),
    ("rescheduled", "Deadlines moved with the working hours"),
    ("files", "Attached files changed"),
    ("informed", "Customer informed"),
    ("tracked", "Told of on its way"),
    ("proven", "Receipt proven"),
    ("unproven", "Proof of delivery gone or changed"),
    ("alerted", "Alert raised"),
    ("answered", "Alert acknowledged, handed over or closed"),
    ("promised", "Promised date moved"),
    ("proposed", "Customer asked about a short line"),
    ("replied", "Customer's answer"),
    ("remedied", "Decision on a short line carried out"),
    ("disagreed", "Customer says it is not solved"),
    ("withdrawn", "Decision on a short line withdrawn"),
    ("finished", "Finished"),
    ("cancelled", "Cancelled"),
    ("deleted", "Order deleted"),
    ("reopened", "Reopened"),
    ("refused", "Case refused"),
    ("agreed", "Customer agreed"),
    ("disagreed", "Customer did not agree"),
    ("made", "Document made for a case"),
    ("inspected", "Goods inspected"),
]

DONE = "(order_id, user_id, date) WHERE code = "
GATE_INDEX = DONE + "'passed_gate' AND data->>'gate' = '%s'"
PERSON_INDEX = DONE + """'checks' AND data->>'by' = 'person' AND data->'changed' @> '[{"state": "%s"}]'"""


class SopEvent(models.Model):
    """One line of the append-only log: who did what to which order, with a hash over itself and its predecessor.

    Nobody writes or deletes a line, superuser and plain SQL included (see :meth:`init`). It has no foreign key, so
    that neither deleting an order nor merging contacts can block on it or rewrite it: ids and names are kept as plain
    values. Written by ``sop.engine.log`` alone.
    """

    _name = "sop.event"
    _description = "SOP Event"
    _inherit = ["sop.guard.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "order_name"

    date = fields.Datetime(required=True, readonly=True)
    code = fields.Selection(CODES, "Event", required=True, readonly=True)
    order_id = fields.Integer("Order ID", required=True, readonly=True, help="0: it is of a case.")
    case_id = fields.Integer("Case ID", readonly=True)
    order_name = fields.Char("Order or Case", readonly=True)
    company_id = fields.Integer("Company ID", readonly=True)
    user_id = fields.Integer("User ID", readonly=True)
    user_name = fields.Char("By", compute="_compute_user_name", search="_search_user_name")
    data = fields.Json("Details", readonly=True)
    hash = fields.Char(readonly=True, help="Over this line and the one before it: see docs/log.md.")

    _order_idx = models.Index("(order_id, id)")
    _case_idx = models.Index("(case_id, id) WHERE case_id > 0")
    # for the report on segregation of duties, which reads nothing but these: who passed which gate, ticked or waived
    _confirm_idx = models.Index(GATE_INDEX % "confirm")
    _ship_idx = models.Index(GATE_INDEX % "ship")
    _invoice_idx = models.Index(GATE_INDEX % "invoice")
    _close_idx = models.Index(GATE_INDEX % "close")
    _ticked_idx = models.Index(PERSON_INDEX % "passed")
    _waived_idx = models.Index(PERSON_INDEX % "waived")

    def init(self):
        # The last line of defence: whatever code asks for it, the database itself refuses to change a line.
        self.env.cr.execute("""
            CREATE OR REPLACE FUNCTION order_sop_event_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'sop_event is append-only';
            END $$;
            DROP TRIGGER IF EXISTS order_sop_event_frozen ON sop_event;
            CREATE TRIGGER order_sop_event_frozen BEFORE UPDATE OR DELETE ON sop_event
                FOR EACH ROW EXECUTE FUNCTION order_sop_event_frozen();
            DROP TRIGGER IF EXISTS order_sop_event_kept ON sop_event;
            CREATE TRIGGER order_sop_event_kept BEFORE TRUNCATE ON sop_event
                FOR EACH STATEMENT EXECUTE FUNCTION order_sop_event_frozen();
        """)

    def _compute_user_name(self):
        users = self.env["res.users"].sudo().browse(set(self.mapped("user_id"))).exists()  # their names
        names = {user.id: user.name for user in users}
        for event in self:
            event.user_name = names.get(event.user_id) or str(event.user_id)

    def _search_user_name(self, operator, value):
        users = self.env["res.users"].sudo().with_context(active_test=False)  # as in _compute_user_name
        return [("user_id", "in", users.search([("name", operator, value)]).ids)]

    def action_open_order(self):
        """Open the order, or the case, that the line is about, as far as it still exists and the user may see it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sop.case" if self.case_id else "sale.order",
            "res_id": self.case_id or self.order_id,
            "view_mode": "form",
        }

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The order log is append-only: nobody can change a line of it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The order log is append-only: nobody can delete a line of it."))
