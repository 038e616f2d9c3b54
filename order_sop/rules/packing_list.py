from collections import defaultdict

from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED, WRONG
from .texts import quantity_text

_lt = LazyTranslate(__name__)


class SopRulePackingList(models.AbstractModel):
    """Where packages are used, all that is picked lies in one, none is empty, none serves two open deliveries."""

    _name = "sop.rule.packing_list"
    _inherit = "sop.rule"
    _description = "Packing list agrees with the packages"

    _scopes = ("delivery",)
    _parameters = {"rule_flag": _lt("every delivery has to be packed in packages")}
    _reasons = {
        "no_package": (
            AWAITED,
            _lt("Delivery %(delivery)s is in no package yet: Warehouse puts its products in packages."),
        ),
        "outside": (
            AWAITED,
            _lt("Delivery %(delivery)s: not in a package yet: %(products)s. Warehouse puts it in a package."),
        ),
        "empty": (
            WRONG,
            _lt("Delivery %(delivery)s: nothing is in package %(packages)s. Warehouse fills it or takes it off."),
        ),
        "shared": (
            WRONG,
            _lt(
                "Delivery %(delivery)s: package %(packages)s also belongs to delivery %(others)s. Warehouse repacks "
                "one of them."
            ),
        ),
    }

    def _evaluate(self, checks):
        packages = checks.picking_id.move_line_ids.result_package_id
        lines = self.env["stock.move.line"].search_fetch(
            [
                ("result_package_id", "in", packages.ids),
                ("state", "not in", ("done", "cancel")),
                ("picking_id.location_dest_id.usage", "=", "customer"),
            ],
            ["result_package_id", "picking_id"],
        )
        users = defaultdict(self.env["stock.picking"].browse)
        for line in lines:
            users[line.result_package_id] |= line.picking_id
        return {check: self._judge(check.picking_id, users, check.checkpoint_id.rule_flag) for check in checks}

    def _judge(self, delivery, users, mandatory):
        lines = delivery.move_line_ids.filtered(
            lambda line: line.state != "cancel" and line.move_id.location_dest_usage != "inventory"
        )
        packages = lines.result_package_id
        # Odoo takes all lines as picked when none is marked
        picked = lines.filtered("picked") or lines
        picked = picked.filtered(lambda line: not line.product_uom_id.is_zero(line.quantity))
        if not packages:
            needed = mandatory and delivery and delivery.state != "cancel"
            return self._reason("no_package", delivery=delivery.name) if needed else None
        shared = packages.filtered(lambda package: users[package] - delivery) if delivery.state != "done" else ()
        if shared:
            others = self.env["stock.picking"].union(*(users[package] for package in shared)) - delivery
            return self._reason(
                "shared", delivery=delivery.name, packages=shared.mapped("name"), others=others.mapped("name")
            )
        if empty := packages - picked.result_package_id:
            return self._reason("empty", delivery=delivery.name, packages=empty.mapped("name"))
        if outside := picked.filtered(lambda line: not line.result_package_id):
            products = [quantity_text(line.product_id, line.quantity, line.product_uom_id) for line in outside]
            return self._reason("outside", delivery=delivery.name, products=products)
        return None
