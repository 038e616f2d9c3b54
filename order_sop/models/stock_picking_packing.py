from odoo import models
from odoo.tools import format_date

from ..rules.helpers import company_day


class StockPickingPacking(models.Model):
    """What the packing list of a delivery says."""

    _inherit = "stock.picking"  # pylint: disable=consider-merging-classes-inherited

    def _sop_packing_list(self):
        """Return what the packing list of the one delivery in ``self`` says, in the language of the environment.

        :return: ``{"orders": names, "references": the customer's, "customer", "carrier", "date": the day, where the
            company is, on which it was done or is planned, "packages": [{"name", "type", "weight", "lines"}], "loose":
            lines in no package, "count": number of lines, "has_lots", "weight": of all, "weight_unit"}``; a line is
            ``{"product", "code", "lot", "quantity", "unit", "weight"}``
        :raise AccessError: for whoever may not read the delivery
        """
        self.check_access("read")
        picking = self.sudo()  # who may read a delivery may know what is in its parcels
        lines = self._sop_get_packed(picking)
        packages = [
            {
                "name": package.name,
                "type": package.package_type_id.name or False,
                # what the scales said counts more than what the products should weigh
                "weight": package.shipping_weight
                or package.package_type_id.base_weight + sum(line["weight"] for line in content),
                "lines": content,
            }
            for package, content in lines.items()
            if package
        ]
        loose = lines.get(picking.env["stock.package"], [])
        # names and addresses for the parcel
        orders = picking._get_flow_documents().sudo() | picking.move_ids._sop_orders()
        moment = picking.date_done or picking.scheduled_date
        return {
            "orders": orders.mapped("name"),
            "references": [reference for reference in orders.mapped("client_order_ref") if reference],
            "customer": picking.partner_id.commercial_partner_id.name,
            "carrier": picking.carrier_id.name,
            "date": moment and format_date(self.env, company_day(picking.company_id, moment)),
            "packages": packages,
            "loose": loose,
            "count": sum(map(len, lines.values())),
            "has_lots": any(line["lot"] for content in lines.values() for line in content),
            "weight": sum(package["weight"] for package in packages) + sum(line["weight"] for line in loose),
            "weight_unit": picking.weight_uom_name,
        }

    def _sop_get_packed(self, picking):
        """Return ``{package or none: lines}`` of what is picked, or reserved, for the one ``picking``; of what is asked
        for, where nothing is reserved yet."""
        kept = picking.move_line_ids.filtered(
            lambda line: (
                line.state != "cancel"
                and line.move_id.location_dest_usage != "inventory"
                and not line.product_uom_id.is_zero(line.quantity)
            )
        )
        if not kept:
            moves = picking.move_ids.filtered(lambda move: move.state != "cancel")
            content = [_get_line(move, move.product_uom, move.product_uom_qty) for move in moves]
            return {picking.env["stock.package"]: content}
        groups = kept.grouped(lambda line: (line.result_package_id, line.product_id, line.lot_id, line.product_uom_id))
        packed = {}
        for (package, _product, _lot, unit), lines in sorted(
            groups.items(), key=lambda item: (item[0][0].name or "", item[1][:1].move_id.sequence, item[1][:1].id)
        ):
            line = _get_line(lines[0], unit, sum(lines.mapped("quantity")), lines.lot_id.name)
            packed.setdefault(package, []).append(line)
        return packed


def _get_line(record, unit, quantity, lot=None):
    """Return a line of the packing list for the product of ``record``, a stock move or one of its lines."""
    product = record.product_id
    weight = unit._compute_quantity(quantity, product.uom_id, round=False) * product.weight
    return {
        "product": product.with_context(display_default_code=False).display_name,
        "code": product.default_code or False,
        "lot": lot or False,
        "quantity": quantity,
        "unit": unit.name,
        "weight": weight,
    }
