from odoo import api, fields, models


class SopDemoSettlement(models.AbstractModel):
    """What Finance makes of the demo orders: differences, one of them explained, and the last month signed."""

    _inherit = "sop.demo"

    @api.model
    def _settle_accounts(self):
        """Find differences of the demo orders, explain one that a customer will pay soon, and sign the last month."""
        data = self.env["ir.model.data"].search([("module", "=", "order_sop"), ("model", "=", "sale.order")])
        orders = self.env["sale.order"].browse(data.mapped("res_id"))
        self.env["sop.engine.difference"]._look(orders)
        finance, head = (self.env.ref(f"order_sop.demo_user_{name}") for name in ("finance", "head_of_finance"))
        overdue = self.env.ref("order_sop.demo_b2b_settlement_overdue")
        difference = self.env["sop.difference"].search(
            [("order_id", "=", overdue.id), ("kind", "=", "overdue")], limit=1
        )
        reason = self.env.ref("order_sop.difference_reason_instalments")
        difference.with_user(finance).action_explain(reason.id, "Half at the end of this month, half at the next.")
        first = fields.Date.today().replace(day=1)
        day = fields.Date.subtract(first, days=1)
        self.env["sop.closing"].with_user(head).create({"day": day, "note": "Agrees with the bank."}).action_sign()
