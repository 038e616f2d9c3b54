from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.arguments import plain
from ..engine.windows import form_of
from .sop_case import KINDS, WITH_GOODS


class SaleOrderCases(models.Model):
    """What of an order its customer can come back with, and has."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    sop_case_count = fields.Integer("After-Sales Cases", compute="_compute_sop_case_count")

    def _compute_sop_case_count(self):
        under_process = self.filtered("sop_process_id")  # the others cost as without the addon
        cases = self.env["sop.case"]
        counts = {}
        if under_process and cases.has_access("read"):
            counts = dict(cases._read_group([("order_id", "in", under_process.ids)], ["order_id"], ["__count"]))
        for order in self:
            order.sop_case_count = counts.get(order._origin, 0)

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_view_sop_cases(self):
        """Open the cases of the orders in ``self``; who reads them is the cases' to say."""
        orders = plain(self)
        return self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_case_action") | {
            "domain": [("order_id", "in", orders.ids)],
            "views": [(False, "list"), (False, "form")],
            "context": {},
            "path": False,
        }

    def action_sop_open_case(self):
        """Open the form of a new case about the one order in ``self``; for who may enter cases.

        :raise UserError: where the order is not confirmed: nothing of it can come back
        """
        order = plain(self)
        order.ensure_one()
        order.check_access("read")
        return order._sop_get_case_form()

    def _sop_get_case_form(self, **defaults):
        """Return the action that opens a new case about the one order in ``self``, with more ``defaults``."""
        cases = self.env["sop.case"]
        cases.check_access("create")
        if self.state != "sale":
            raise UserError(self.env._("%s is not confirmed: nothing of it was delivered yet.", self.name))
        defaults |= {"order_id": self.id, "partner_id": self.partner_id.id, "company_id": self.company_id.id}
        context = {f"default_{name}": value for name, value in defaults.items()}
        return form_of(cases, name=self.env._("New Case"), context=context)

    # -- what can come back --------------------------------------------------------------------------------------------

    def _sop_get_case_lines(self):
        """Return ``{line: quantity}`` of what the customer of the one order in ``self`` can come back with: what was
        delivered, less what came back and what open cases are about already."""
        lines = self.order_line.filtered(lambda line: not line.display_type and line.product_id.type == "consu")
        left = self.env["sop.engine.case.limits"]._get_left(lines)
        free = {line: line.product_uom_id.round(left[line, line.product_id]) for line in lines}
        return {line: quantity for line, quantity in free.items() if quantity > 0}

    def _sop_get_case_lots(self, line):
        """Return the lots, or serial numbers, that were delivered by the one ``line`` of the order in ``self`` and that
        no open case is about: what its customer chooses from."""
        delivered = line.move_ids.filtered(lambda move: move.state == "done" and move._sop_is_leaving())
        back = line.move_ids.filtered(lambda move: move.state == "done" and move.location_id._sop_is_outside())
        lots = delivered.move_line_ids.lot_id
        if line.product_id.tracking == "serial":
            claims = self.env["sop.case.line"].sudo()  # of whatever case
            open_ones = [("order_line_id", "=", line.id), ("lot_id", "!=", False), ("case_id.state", "=", "open")]
            claimed = claims.search(open_ones)
            lots -= back.move_line_ids.lot_id | claimed.lot_id
        return lots

    def _sop_get_case_kinds(self):
        """Return the kinds of cases, in order, that the customer of the one order in ``self`` can open."""
        if self.state != "sale":
            return []
        goods = bool(self._sop_get_case_lines())
        return [kind for kind, _label in KINDS if goods or kind not in WITH_GOODS]
