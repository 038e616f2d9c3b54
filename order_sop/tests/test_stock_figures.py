"""No figure of the stock desk differs from Odoo's own: random situations, and a cost that does not grow."""

import random
from collections import defaultdict

from odoo.tests import tagged

from .common_stock import StockCase

SEEDS = range(6)


@tagged("post_install", "-at_install")
class TestStockFigures(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.products = (
            cls.table
            | cls.bench
            | cls.env["product.product"].create(
                {"name": "Lamp", "type": "consu", "is_storable": True, "list_price": 40.0, "taxes_id": []}
            )
        )

    def make_world(self, seed, steps):
        """Return orders in a random situation: stock, receipts, other units, transfers done, parted or unreserved."""
        chance = random.Random(seed)
        self.warehouse.delivery_steps = steps
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id})
        for product in self.products:
            output = self.warehouse.wh_output_stock_loc_id if steps != "ship_only" else shelf
            for place in (self.warehouse.lot_stock_id, shelf, output):
                if quantity := chance.choice((0, 0, 3, 10, 25)):
                    self.env["stock.quant"]._update_available_quantity(product, place, quantity)
        orders = self.env["sale.order"]
        for _number in range(8):
            if chance.random() < 0.6:
                self.expect(chance.choice(self.products), chance.randint(1, 20), chance.randint(-3, 30))
            products = chance.sample(list(self.products), chance.randint(1, 3))
            lines = [(product, chance.randint(1, 12), 10.0) for product in products]
            order = self.make_order(
                lines=lines, process=self.matching, commitment_date=self.in_days(chance.randint(1, 40))
            )
            if chance.random() < 0.3:
                order.order_line[0].product_uom_id = self.dozen
            order.action_confirm()
            if chance.random() < 0.2:
                order.order_line[0].product_uom_qty += chance.randint(1, 5)
            pickings = order.picking_ids
            if chance.random() < 0.25:
                pickings.do_unreserve()
            elif chance.random() < 0.4 and any(move.quantity for move in pickings.move_ids):
                for move in pickings.move_ids:
                    move.quantity = chance.choice((move.quantity, move.quantity / 2))
                pickings.move_ids.picked = True
                pickings.with_context(skip_backorder=True)._action_done()
            orders |= order
        self.commit()
        return orders

    def ask_odoo(self, line):
        """Return what Odoo's forecast report of the one product of an order line says of that line."""
        report = self.env["stock.forecasted_product_product"].sudo().with_context(warehouse_id=self.warehouse.id)
        shares = defaultdict(float)
        data = report._get_report_data(product_ids=line.product_id.ids)
        shares["on_hand"] = data["product"][line.product_id.id]["quantity_on_hand"]
        for share in data["lines"]:
            if share["move_out"] and share["move_out"]["id"] in line.move_ids.ids:
                if not share["replenishment_filled"]:
                    shares["short"] += share["quantity"]
                elif share["move_in"]:
                    shares["incoming_qty"] += share["quantity"]
                    shares["expected"] = max(shares["expected"] or share["move_in"]["date"], share["move_in"]["date"])
                    shares["documents"] = {*(shares["documents"] or ()), share["document_in"]["name"]}
                elif share["reservation"]:
                    shares["reserved"] += share["quantity"]
                else:
                    shares["in_transit" if share["in_transit"] else "in_stock"] += share["quantity"]
        return shares

    def assert_as_odoo(self, orders):
        lines = self.desk("manager").filtered(lambda line: line.order_id in orders)
        undelivered = orders.order_line.filtered(
            lambda line: any(m.state not in ("done", "cancel") for m in line.move_ids)
        )
        self.assertEqual(set(lines.ids), set(undelivered.ids))
        seen = defaultdict(int)
        for line in lines.sudo():
            odoo = self.ask_odoo(line.line_id)
            for name in ("on_hand", "reserved", "in_stock", "in_transit", "incoming_qty", "short"):
                self.assertAlmostEqual(line[name], odoo[name], 2, f"{name} of {line.line_id.display_name}")
                seen[name] += bool(line[name])
            self.assertEqual(line.expected_at or 0, 0 if odoo["short"] else odoo["expected"])
            for document in odoo["documents"] or ():
                self.assertIn(document, line.incoming)
        return seen

    def test_as_the_forecast_report(self):
        """Also: each of the figures occurs, so that the comparison says something."""
        seen = defaultdict(int)
        for seed in SEEDS:
            with self.subTest(seed=seed), self.cr.savepoint() as undone:
                orders = self.make_world(seed, "ship_only" if seed % 2 else "pick_pack_ship")
                for name, count in self.assert_as_odoo(orders).items():
                    seen[name] += count
                undone.rollback()
        self.assertEqual({name for name, count in seen.items() if not count}, set())

    def test_as_the_order_line_and_its_moves(self):
        """In one step, where Odoo's figures on order lines and moves are about the same move."""
        orders = self.make_world(99, "ship_only")
        for line in self.desk("manager").filtered(lambda line: line.order_id in orders).sudo():
            order_line, unit = line.line_id, line.product_uom_id
            moves = order_line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
            self.assertEqual(line.promised_at, order_line.scheduled_date)
            reserved = sum(m.product_uom._compute_quantity(m.quantity, unit) for m in moves)
            self.assertAlmostEqual(line.reserved, reserved, 2)
            self.assertAlmostEqual(
                order_line.qty_available_today, unit._compute_quantity(line.reserved, order_line.product_uom_id), 1
            )
            available = sum(moves.mapped("forecast_availability"))
            covered = line.reserved + line.in_stock + line.incoming_qty
            self.assertEqual(bool(line.short), unit.compare(available, covered + line.short) < 0)
            if not line.short:
                self.assertEqual(line.expected_at, order_line.forecast_expected_date)

    def test_cost_does_not_grow(self):
        self.expect(self.table, 50, 5)

        def cost(count):
            orders = self.env["sale.order"].union(*(self.make_confirmed(1) for _number in range(count)))
            lines = self.desk("warehouse").filtered(lambda line: line.order_id in orders)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lines.fetch(["order_id", "line_id"])
            lines.mapped("short")
            lines.mapped("may_decide")
            return self.cr.sql_log_count - before

        cost(2)
        few, some, many = cost(5), cost(20), cost(50)
        self.assertLessEqual(many, some, f"queries for 5, 20 and 50 lines: {few}, {some}, {many}")
        self.assertLessEqual(many, few + 5)  # what other orders than these bring along is read apart
