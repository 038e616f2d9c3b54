from collections import defaultdict

from odoo import fields, models

from ..engine.arguments import plain


class SaleOrderButtons(models.Model):
    """What the buttons on the order's form count and open."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    sop_alert_count = fields.Integer("Alerts Not Closed", compute="_compute_sop_alert_count")
    sop_other_order_count = fields.Integer("Customer's Other Orders", compute="_compute_sop_other_order_count")

    def _compute_sop_other_order_count(self):
        self.sop_other_order_count = 0
        under_process = self.filtered("sop_process_id")  # the others look and cost as without the addon
        commercial = under_process.partner_id.commercial_partner_id
        counts = defaultdict(int)
        for partner, count in self._read_group(
            [("partner_id", "child_of", commercial.ids)], ["partner_id"], ["__count"]
        ):
            counts[partner.commercial_partner_id] += count
        for order in under_process:
            others = counts[order.partner_id.commercial_partner_id] - bool(order._origin)
            order.sop_other_order_count = max(others, 0)

    def _compute_sop_alert_count(self):
        under_process = self.filtered("sop_process_id")  # the others cost as without the addon
        counts = {}
        if under_process and self.env["sop.alert"].has_access("read"):
            groups = self.env["sop.alert"]._read_group(
                [("order_id", "in", under_process.ids), ("state", "!=", "closed")], ["order_id"], ["__count"]
            )
            counts = dict(groups)
        for order in self:
            order.sop_alert_count = counts.get(order._origin, 0)

    def action_view_sop_visits(self):
        """Open the stages that the one order in ``self`` went through."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_visit_action") | {
            "domain": [("order_id", "=", self.id)],
            "context": {},
        }

    def action_view_sop_alerts(self):
        """Open the alerts on the one order in ``self``: those that are not closed, unless one asks for all."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_alert_action") | {
            "domain": [("order_id", "=", self.id)],
            "context": {"search_default_not_closed": 1},
        }

    def action_view_sop_events(self):
        """Open the log of the one order in ``self``, and of its after-sales cases."""
        self.ensure_one()
        cases = self.env["sop.case"].search([("order_id", "=", self.id)])
        return self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_event_action") | {
            "domain": ["|", ("order_id", "=", self.id), ("case_id", "in", cases.ids)],
            "context": {},
        }

    def action_sop_preview_approvals(self):
        """Open who will have to approve the one order in ``self``, in which sequence."""
        self.ensure_one()
        preview = self.env["sop.approval.preview"]._open(plain(self))
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_approval_preview_action")
        return action | {"res_id": preview.id, "name": f"{action['name']} – {self.display_name}"}

    def action_view_sop_other_orders(self):
        """Open the other orders of the customer of the one order in ``self``."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id("order_sop.sale_order_action") | {
            "domain": [("partner_id", "child_of", self.partner_id.commercial_partner_id.id), ("id", "!=", self.id)],
            "context": {},
        }
