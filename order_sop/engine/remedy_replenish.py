from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

OPEN_SUPPLY = ("draft", "sent", "to approve")
"""States in which a purchase, or a manufacturing order, is no promise yet: Odoo's forecast does not count it."""


class SopRemedyReplenish(models.AbstractModel):
    """Odoo's own procurement to the warehouse's stock: bought, made or brought, as the product's routes say."""

    _name = "sop.remedy.kind.replenish"
    _inherit = "sop.remedy.kind"
    _description = "SOP remedy: replenish"

    @api.model
    def _get_refusal(self, line, figures):
        if not figures["short"]:
            return self.env._("All is on its way: nothing has to be replenished.")
        pending, names = self._get_pending(line)
        if line.product_id.uom_id.compare(pending, figures["short"]) >= 0:
            return self.env._("All that is short is on %s already, which is not confirmed yet.", ", ".join(names))
        rules = self._get_rules(line)
        if not rules:
            return self.env._("No route says how %s is replenished.", line.product_id.display_name)
        if "buy" in rules.mapped("action") and not self._get_vendor(line, figures["short"]):
            return self.env._("%s is bought, but has no vendor.", line.product_id.display_name)
        return None

    @api.model
    def _get_vals(self, line, figures, wishes):
        pending, _names = self._get_pending(line)
        return {
            "qty": wishes.get("qty") or line.product_id.uom_id.round(figures["short"] - pending),
            "new_date": self._get_date(line),
        }

    @api.model
    def _do(self, remedy):
        line, order, product = remedy.line_id, remedy.order_id, remedy.product_id
        if not order.stock_reference_ids:
            self.env["stock.reference"].create(line._prepare_reference_vals())
        warehouse = self._get_warehouse(line)
        before = self._get_supply(product, order)
        date = max(self._get_date(line), remedy.old_date or fields.Datetime.now())
        rule = self.env["stock.rule"]
        values = {
            "warehouse_id": warehouse,
            "route_ids": self.env["stock.route"],
            "date_planned": date,
            "date_deadline": date,
            "reference_ids": order.stock_reference_ids,
        }
        rule.run(
            [
                rule.Procurement(
                    product,
                    remedy.qty,
                    product.uom_id,
                    warehouse.lot_stock_id,
                    order.name,
                    order.name,
                    order.company_id,
                    values,
                )
            ]
        )
        self.env.flush_all()
        made = [record for record, state in self._get_supply(product, order).items() if before.get(record) != state]
        if not made:
            raise UserError(
                self.env._("Odoo's routes made no document for %s: look at its vendors.", product.display_name)
            )
        return {
            "new_date": date,
            "document": made[0].display_name,
            "document_model": made[0]._name,
            "document_id": made[0].id,
        }

    @api.model
    def _get_consequence(self, remedy):
        values = {
            "qty": self._qty(remedy.qty, remedy.product_id),
            "product": remedy.product_id.display_name,
            "day": self._day(remedy.new_date, remedy.order_id),
        }
        if remedy.document or not remedy.line_id:
            return self.env._("%(qty)s of %(product)s on %(document)s.", document=remedy.document or "–", **values)
        line = remedy.line_id
        rules, vendor = self._get_rules(line), self._get_vendor(line, remedy.qty)
        if "buy" in rules.mapped("action") and vendor:
            return self.env._(
                "%(qty)s of %(product)s are bought from %(vendor)s; they can be here on %(day)s.",
                vendor=vendor.partner_id.display_name,
                **values,
            )
        if "manufacture" in rules.mapped("action"):
            return self.env._("%(qty)s of %(product)s are made; they can be here on %(day)s.", **values)
        return self.env._("%(qty)s of %(product)s are brought here; they can be here on %(day)s.", **values)

    # -- what Odoo's routes say ----------------------------------------------------------------------------------------

    @api.model
    def _get_warehouse(self, line):
        stock = self.env["sop.engine.stock"]
        return stock._get_warehouse(line, stock._get_open_moves(line)[line]) or line.warehouse_id

    @api.model
    def _get_rules(self, line):
        """Return the rules by which the product of the one ``line`` comes into stock."""
        return line.product_id._get_rules_from_location(self._get_warehouse(line).lot_stock_id)

    @api.model
    def _get_vendor(self, line, quantity):
        product = line.product_id.with_company(line.company_id)
        return (
            product._select_seller(quantity=quantity)
            or product._prepare_sellers(False).filtered(
                lambda seller: not seller.company_id or seller.company_id == line.company_id
            )[:1]
        )

    @api.model
    def _get_date(self, line):
        """Return when the product of the one ``line`` can be here, by the lead times of Odoo's rules and vendors."""
        rules = self._get_rules(line).with_context(bypass_delay_description=True, bypass_global_horizon_days=True)
        delays, _description = rules._get_lead_days(line.product_id)
        return fields.Datetime.now() + timedelta(days=delays["total_delay"])

    @api.model
    def _get_pending(self, line):
        """Return how much was replenished for the one ``line`` on documents that Odoo does not count yet, and their
        names."""
        bought = self.env["sop.engine.stock"]._get_open_moves(line)[line].created_purchase_line_ids  # on order
        if "sale_line_id" in bought._fields:  # shipped by the vendor himself
            bought |= bought.search([("sale_line_id", "=", line.id)])
        bought = bought.filtered(lambda purchase: purchase.order_id.state in OPEN_SUPPLY)
        earlier = self.env["sop.remedy"].search(
            [("line_id", "=", line.id), ("kind", "=", "replenish"), ("state", "=", "done")]
        )
        pending, names = sum(bought.mapped("product_uom_qty")), bought.order_id.mapped("name")
        for remedy in earlier:
            document = remedy.document_model in self.env and self.env[remedy.document_model].browse(remedy.document_id)
            if document and document.exists() and document.state in OPEN_SUPPLY:
                pending += remedy.qty
                names.append(remedy.document)
        return pending, names

    @api.model
    def _get_supply(self, product, order):
        """Return ``{document: what it says of product}``: what brings ``product`` here and is linked to ``order``."""
        linked, supply = order.stock_reference_ids.ids, {}
        bought = self.env["purchase.order.line"].search(
            [("product_id", "=", product.id), ("order_id.reference_ids", "in", linked)]
        )
        for line in bought:
            supply[line.order_id] = supply.get(line.order_id, 0) + line.product_qty
        if "mrp.production" in self.env:
            made = self.env["mrp.production"].search(
                [("product_id", "=", product.id), ("reference_ids", "in", linked)], order="id desc"
            )
            supply |= {production: production.product_qty for production in made}
        moves = self.env["stock.move"].search(
            [
                ("product_id", "=", product.id),
                ("reference_ids", "in", linked),
                ("sale_line_id", "=", False),
                ("purchase_line_id", "=", False),
                ("picking_id", "!=", False),
            ],
            order="id desc",
        )
        for move in moves:
            supply[move.picking_id] = supply.get(move.picking_id, 0) + move.product_qty
        return supply
