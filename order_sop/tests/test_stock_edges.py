"""Where decisions on short lines meet what is not simple: steps, units, currencies, companies, holds, what is gone."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_stock import StockCase


@tagged("post_install", "-at_install")
class TestStockEdges(StockCase):
    def refused(self, text, name, order, kind, **wishes):
        with self.assertRaisesRegex(UserError, text):
            self.decide(name, order, kind, **wishes)

    def test_dozens(self):
        self.add_stock(self.table, 20)
        order = self.make_order(lines=[(self.table, 2, 3000.0)], process=self.matching, user_id=self.users["sales"].id)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.order_line.price_unit = 3000.0
        order.commitment_date = self.in_days(5)
        order.action_confirm()
        [line] = self.desk("warehouse", order)
        self.assertEqual((line.ordered, line.reserved, line.short, line.product_uom_id.name), (24, 20, 4, "Units"))
        remedy = self.decide("warehouse", order, "parts", agreed=True)
        self.assertEqual((remedy.qty, remedy.rest_qty), (20, 4))
        moves = order.order_line.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(sorted(moves.mapped("product_qty")), [4, 20])
        bought = self.decide("purchasing", order, "replenish")
        purchase = self.env["purchase.order"].browse(bought.document_id)
        self.assertEqual(purchase.order_line.product_uom_qty, 4)
        rest = self.decide("sales", order, "cancel_line")
        self.assertEqual(order.order_line.product_uom_qty, 1.66, "never more than is there")
        self.assertEqual(rest.price_difference, -1020.0)

    def test_parts_in_several_steps(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self.add_stock(self.table, 3)
        order = self.make_confirmed(5, picking_policy="one")
        self.decide("warehouse", order, "parts", agreed=True)
        self.assertEqual(order.picking_policy, "direct")
        first, rest = order.picking_ids.sorted("id")
        self.assertEqual((first.move_ids.quantity, first.state, rest.move_ids.product_uom_qty), (3, "assigned", 2))
        first.button_validate()
        self.commit()
        self.assertEqual(self.check(order, "stock").state, "passed")

    def test_parts_of_one_line_leaves_the_others(self):
        self.add_stock(self.table, 3)
        order = self.make_confirmed(lines=[(self.table, 5, 300.0), (self.product, 2, 100.0)])
        line = self.env["sop.stock.line"].with_user(self.users["warehouse"]).browse(order.order_line[0].id)
        line.action_decide("parts", "Because", {}, agreed=True)
        first, rest = order.picking_ids.sorted("id")
        self.assertEqual(sorted(first.move_ids.mapped("product_uom_qty")), [2, 3])
        self.assertEqual(rest.move_ids.product_id, self.table)
        order = self.make_confirmed(lines=[(self.bench, 5, 300.0), (self.product, 2, 100.0)])
        line = line.browse(order.order_line[0].id)
        with self.assertRaisesRegex(UserError, "Nothing of Bench"):
            line.action_decide("parts", "Because", {}, agreed=True)

    def test_take_shows_before_and_leaves_nothing_behind(self):
        self.add_stock(self.table, 5)
        other = self.make_confirmed(5, promised=60)
        order = self.make_confirmed(4, promised=5)
        dialog = self.open_dialog("warehouse", order)
        texts = {option.kind: option.text for option in dialog.option_ids}
        self.assertIn(other.name, texts["take"])
        self.assertEqual((other.picking_ids.move_ids.quantity, order.picking_ids.move_ids.quantity), (5, 0))
        self.assertFalse(self.env["stock.move.line"].search_count([("move_id", "in", order.picking_ids.move_ids.ids)]))

    def test_another_currency(self):
        dollar = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "CHF")])
        dollar.active = True
        self.env["res.currency.rate"].create({"currency_id": dollar.id, "rate": 2.0, "name": "2020-01-01"})
        pricelist = self.env["product.pricelist"].create({"name": "CHF", "currency_id": dollar.id})
        order = self.make_confirmed(5, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, dollar)
        remedy = self.decide("sales", order, "substitute", substitute_id=self.bench.id, agreed=True)
        self.assertEqual((remedy.currency_id, remedy.price_unit, remedy.price_difference), (dollar, 500.0, 1000.0))
        self.assertEqual(order.amount_untaxed, 2500.0)
        self.assertIn("CHF", remedy.question)
        other = self.make_confirmed(5, pricelist_id=pricelist.id)
        remedy = self.decide("sales", other, "substitute", substitute_id=self.bench.id, price_unit=0, agreed=True)
        self.assertEqual((remedy.price_difference, other.amount_untaxed), (-1500.0, 0.0))

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids += other
        self.users["warehouse"].company_ids += other
        env = self.env(context=dict(self.env.context, allowed_company_ids=other.ids))
        order = env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "order_line": [Command.create({"product_id": self.table.id, "product_uom_qty": 5})],
            }
        )
        process = self.matching.copy({"company_id": False}) if self.matching.company_id else self.matching
        self.put_under(order, process)
        order.action_confirm()
        self.add_stock(self.table, 50)
        desk = self.env["sop.stock.line"].with_user(self.users["warehouse"])
        desk = desk.with_context(allowed_company_ids=self.company.ids)
        self.assertFalse(desk.search([("order_id", "=", order.id)]), "of a company that is not chosen")
        desk = desk.with_context(allowed_company_ids=other.ids)
        [line] = desk.search([("order_id", "=", order.id)])
        self.assertEqual((line.on_hand, line.short), (0, 5), "stock of a company does not serve another")
        self.assertIn(line, desk.search([("short", ">", 0)]))
        with self.assertRaisesRegex(UserError, "no vendor|No route"):  # that is the other company's
            line.action_decide("replenish", "Because")
        self.table.seller_ids = [Command.create({"partner_id": self.vendor.id, "price": 1.0, "company_id": other.id})]
        remedy = self.env["sop.remedy"].browse(line.action_decide("replenish", "Because"))
        self.assertEqual(self.env["purchase.order"].browse(remedy.document_id).company_id, other)
        with self.assertRaises(AccessError):
            self.env["sop.stock.line"].with_user(self.users["purchasing"]).browse(line.id).action_decide("take", "x")

    def test_shipping_what_is_there_reaches_approvals_as_any_change(self):
        self.add_stock(self.table, 3)
        order = self.make_confirmed(5)
        self.decide("sales", order, "cancel_line")
        self.assertEqual(order.sop_changed_by_id, self.users["sales"], "who decided has changed the order")

    def open_dialog(self, name, order):
        line = self.env["sop.stock.line"].with_user(self.users[name]).browse(order.order_line.ids)
        return self.env["sop.remedy.dialog"].with_user(self.users[name]).browse(line.action_open_dialog()["res_id"])

    def test_made_to_order(self):
        """The request that Odoo made for the line itself is no promise yet, but is not made twice."""
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        self.table.route_ids = mto | self.env.ref("purchase_stock.route_warehouse0_buy")
        order = self.make_confirmed(5)
        purchase = self.env["purchase.order"].search([("partner_id", "=", self.vendor.id)])
        self.assertEqual(purchase.state, "draft")
        self.assertEqual(self.desk("purchasing", order).short, 5)
        self.refused(f"{purchase.name} already", "purchasing", order, "replenish")
        purchase.button_confirm()
        [line] = self.desk("purchasing", order)
        self.assertEqual((line.short, line.incoming_qty), (0, 5))
        self.assertIn(purchase.name, line.incoming)

    def test_a_kit_is_as_good_as_its_scarcest_part(self):
        """Moves of other products than the line's, as a kit has: two tables and one bench each."""
        self.add_stock(self.table, 5)
        self.expect(self.bench, 2, days=3)
        kit = self.env["product.product"].create({"name": "Set", "type": "consu", "is_storable": True})
        order = self.make_confirmed(3, product=kit)
        move = order.order_line.move_ids
        parts = move.copy({"product_id": self.table.id, "product_uom_qty": 6}) | move.copy(
            {"product_id": self.bench.id, "product_uom_qty": 3}
        )
        move._action_cancel()
        parts._action_confirm(merge=False)
        parts._action_assign()
        [line] = self.desk("warehouse", order)
        self.assertEqual((line.ordered, line.reserved, line.incoming_qty, line.short), (3, 0, 2, 1))
        self.add_stock(self.bench, 3)
        parts._action_assign()
        [line] = self.desk("warehouse", order)
        self.assertEqual((line.reserved, line.short), (2, 1), "whole ones only")
        self.refused("several products", "warehouse", order, "parts")
