from odoo import models
from odoo.exceptions import UserError

from ..engine.arguments import plain


class StockPickingCases(models.Model):
    """A delivery that its customer comes back with."""

    _inherit = "stock.picking"  # pylint: disable=consider-merging-classes-inherited

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
