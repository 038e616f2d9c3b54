from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.arguments import plain


class StockPickingCases(models.Model):
    """A delivery that its customer comes back with, or that a case has made."""

    _inherit = "stock.picking"  # pylint: disable=consider-merging-classes-inherited

    sop_is_of_case = fields.Boolean(compute="_compute_sop_is_of_case", compute_sudo=True)

    def _compute_sop_is_of_case(self):
        links = self.env["sop.case.document"]
        found = links.search([("picking_id", "in", self.ids)]).picking_id if links._are_there() else self.browse()
        for picking in self:
            picking.sop_is_of_case = picking._origin in found

    def action_sop_open_case(self):
        """Open the form of a new case about the one delivery in ``self``; for who may enter cases.

        :raise UserError: where it brought nothing to a customer of an order
        """
        picking = plain(self)
        picking.ensure_one()
        picking.check_access("read")
        order = picking.sale_id
        if picking.state != "done" or not picking._sop_is_leaving() or not order:
            raise UserError(self.env._("%s has brought nothing to a customer.", picking.display_name))
        order.check_access("read")
        return order._sop_get_case_form(picking_id=picking.id)
