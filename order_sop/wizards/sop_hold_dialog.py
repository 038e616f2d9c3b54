from odoo import api, fields, models

OPERATIONS = [
    ("hold", "Hold"),
    ("release", "Release"),
    ("block", "Block Orders"),
    ("unblock", "Unblock Orders"),
]


class SopHoldDialog(models.TransientModel):
    """Asks for what belongs to a hold, its release, or the block of a customer, and tells what became of each.

    It only forwards to the actions of orders, holds and customers, as the current user: they decide whether he may.
    """

    _name = "sop.hold.dialog"
    _description = "SOP Hold Dialog"

    operation = fields.Selection(OPERATIONS, required=True, readonly=True)
    order_ids = fields.Many2many("sale.order", string="Orders", readonly=True)
    case_ids = fields.Many2many("sop.case", string="Cases", readonly=True)
    hold_ids = fields.Many2many("sop.hold", readonly=True)
    partner_ids = fields.Many2many("res.partner", string="Customers", readonly=True)
    allowed_type_ids = fields.Many2many("sop.hold.type", compute="_compute_allowed_type_ids")
    summary = fields.Text(compute="_compute_summary")
    type_id = fields.Many2one("sop.hold.type")
    scope = fields.Selection(related="type_id.scope")
    line_ids = fields.Many2many("sale.order.line", string="Lines")
    expires_at = fields.Datetime(
        "Ends On", compute="_compute_expires_at", store=True, readonly=False, help="Empty: as the type says."
    )
    reason = fields.Text()
    finished = fields.Boolean(readonly=True)
    result_ids = fields.One2many("sop.hold.dialog.line", "dialog_id", "Results", readonly=True)

    @api.depends("operation")
    def _compute_allowed_type_ids(self):
        self.allowed_type_ids = self.env["sop.hold.type"]._get_settable(self.env.user)

    @api.depends_context("lang")
    @api.depends("hold_ids")
    def _compute_summary(self):
        for dialog in self:
            holds = dialog.hold_ids._filtered_access("read")
            dialog.summary = "\n".join(
                f"{hold.flow.display_name}: {hold.type_id.name}\n{hold.reason or ''}".strip() for hold in holds
            )

    @api.depends("type_id")
    def _compute_expires_at(self):
        now = self.env["sop.engine.clock"]._now()
        for dialog in self:
            # several have each their own working hours
            documents = dialog.order_ids or dialog.case_ids
            document = documents if len(documents) == 1 else documents.browse()
            # its working hours
            dialog.expires_at = dialog.type_id and document and dialog.type_id._get_expires_at(document.sudo(), now)

    @api.model
    def _open(self, operation, **records):
        """Return the action that opens a new dialog for ``operation`` on what is given by field name.

        Made as it is opened, not before: of what exists already Odoo shows in red from the start what is missing.
        """
        context = {"default_operation": operation}
        for name, found in records.items():
            found.check_access("read")
            context[f"default_{name}"] = found.ids
        return self._get_action(operation) | {"context": context}

    @api.model
    def _get_action(self, operation):
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_hold_dialog_action")
        return action | {"name": dict(self._fields["operation"]._description_selection(self.env))[operation]}

    def action_confirm(self):
        """Do what the dialog asks for; where something could not be done, stay open and tell what became of each."""
        self.ensure_one()
        reason, results = self.reason or "", []
        if self.operation == "hold":
            lines = self.line_ids.ids if self.scope == "lines" else None
            results = (self.order_ids or self.case_ids).action_sop_hold(
                self.type_id.id or 0, reason, lines, self.expires_at
            )
        elif self.operation == "release":
            results = self.hold_ids.action_release(reason)
        elif self.operation == "block":
            self.partner_ids.action_sop_block(reason)
        else:
            self.partner_ids.action_sop_unblock(reason)
        if not any(result["reason"] for result in results):
            return {"type": "ir.actions.act_window_close"}
        self.finished = True
        # what became of the user's own request
        self.env["sop.hold.dialog.line"].sudo().create(
            [{"dialog_id": self.id, "name": r["name"], "result": r["reason"]} for r in results]
        )
        return self._get_action(self.operation) | {"res_id": self.id}
