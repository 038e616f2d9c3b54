from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..engine.arguments import plain

VIEWS = {
    "sop.settlement.line": "order_sop.sop_settlement_line_action",
    "sop.settlement.order": "order_sop.sop_settlement_order_action",
    "sop.tie.out": "order_sop.sop_tie_out_action",
}


class SopSettlementDay(models.TransientModel):
    """The dialog that asks as of which day the settlement is to be shown."""

    _name = "sop.settlement.day"
    _description = "Settlement as of a Day"

    day = fields.Date(
        "As Of",
        required=True,
        default=fields.Date.context_today,
        help="What was ordered, delivered, invoiced and paid by the end of this day in the company's time zone.",
    )
    model = fields.Selection(
        [("sop.settlement.line", "Lines"), ("sop.settlement.order", "Orders"), ("sop.tie.out", "Receivables")],
        "Show",
        required=True,
        default=lambda self: self._get_default_model(),
    )

    warning = fields.Char(compute="_compute_warning")

    @api.depends_context("lang")
    @api.depends("day")
    def _compute_warning(self):
        for wizard in self:
            wizard.warning = wizard._get_warning()

    def _get_warning(self):
        """Return that the chosen day was signed and what differs from it today, as far as the user may read that; False
        where nothing does."""
        domain = [("day", ">=", self.day), ("state", "in", ("half", "signed"))]
        closings = self.env["sop.closing"].search(domain) if self.day else self.env["sop.closing"]
        late = [("closing_id", "in", closings.ids), ("state", "=", "open")]
        count = self.env["sop.late.entry"].search_count(late) if closings else 0
        names = ", ".join(closings.mapped("display_name")[:3])
        if not count:
            return False
        if count == 1:
            return self.env._(
                "This day was signed (%(closings)s), and one late entry differs from that.", closings=names
            )
        return self.env._(
            "This day was signed (%(closings)s), and %(count)s late entries differ from that.",
            closings=names,
            count=count,
        )

    @api.model
    def _get_default_model(self):
        model = self.env.context.get("active_model")
        return model if isinstance(model, str) and model in VIEWS else "sop.settlement.line"

    def action_show(self):
        """Open the list as of the chosen day."""
        wizard = plain(self)
        wizard.ensure_one()
        if not wizard.env[wizard.model].has_access("read"):
            raise AccessError(self.env._("The settlement is for finance and auditors."))
        action = self.env["ir.actions.act_window"]._for_xml_id(VIEWS[wizard.model])
        day = fields.Date.to_string(wizard.day)
        name = self.env._("%(list)s as of %(day)s", list=action["name"], day=day)
        return action | {"name": name, "context": {"sop_day": day}, "path": False}
