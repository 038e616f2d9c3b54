"""The story of the stock desk: what is short is seen, decided with its consequence known, carried out on real stock."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_stock import StockCase


@tagged("post_install", "-at_install")
class TestStockScenario(StockCase):
    def test_the_desk_shows_what_covers_a_line(self):
        self.add_stock(self.table, 3)
        receipt = self.expect(self.table, 4, days=20)
        order = self.make_confirmed(10)
        [line] = self.desk("warehouse", order)
        self.assertEqual((line.ordered, line.on_hand, line.reserved, line.incoming_qty, line.short), (10, 3, 3, 4, 3))
        self.assertIn(receipt.name, line.incoming)
        self.assertFalse(line.expected_at, "something is short: nobody knows when all is there")
        order.order_line.product_uom_qty = 7
        [line] = self.desk("warehouse", order)
        self.assertEqual((line.short, line.late), (0, True))
        self.assertEqual(line.expected_at, receipt.move_ids.date)
        self.assertEqual(line.promised_at, order.commitment_date)
        on_time = self.make_confirmed(2, product=self.product)
        desk = self.desk("warehouse")
        self.assertLessEqual(line | self.desk("warehouse", on_time), desk)
        late = desk.search([("late", "=", True)])
        self.assertIn(line, late)
        self.assertNotIn(self.desk("warehouse", on_time), late | desk.search([("short", ">", 0)]))
        self.assertIn(line, desk.search([("short", "=", 0)]))
        self.assertIn(line, desk.search([("my_department", "=", True)]))

    def test_replenish_buys_and_links(self):
        order = self.make_confirmed(5)
        [line] = self.desk("purchasing", order)
        self.assertEqual(line.short, 5)
        remedy = self.decide("purchasing", order, "replenish")
        purchase = self.env["purchase.order"].search([("partner_id", "=", self.vendor.id)])
        self.assertEqual((remedy.state, remedy.document, remedy.qty), ("done", purchase.name, 5))
        self.assertEqual(purchase.order_line.product_qty, 5)
        self.assertIn(order.name, purchase.origin)
        self.assertIn(order, purchase.reference_ids.sale_ids, "linked back to the order")
        with self.assertRaisesRegex(UserError, f"{purchase.name} already"):
            self.decide("warehouse", order, "replenish")
        purchase.button_confirm()
        [line] = self.desk("purchasing", order)
        self.assertEqual((line.short, line.incoming_qty, line.late), (0, 5, False))
        self.assertIn(purchase.name, line.incoming)
        [data] = self.events(order, "remedied")
        self.assertEqual((data["kind"], data["document"], data["note"]), ("replenish", purchase.name, "Because"))

    def test_parts_splits_the_delivery_once_the_customer_agrees(self):
        self.add_stock(self.table, 3)
        order = self.make_confirmed(5)
        self.assertEqual(self.check(order, "stock").state, "failed")
        remedy = self.decide("warehouse", order, "parts")
        self.assertEqual((remedy.state, remedy.qty, remedy.rest_qty), ("asked", 3, 2))
        self.assertEqual(len(order.picking_ids), 1)
        self.env["sop.engine.remedy"].sudo()._answer(remedy, True, "Ms Customer")
        self.commit()
        first, rest = order.picking_ids.sorted("id")
        self.assertEqual((first.move_ids.product_uom_qty, first.state), (3, "assigned"))
        self.assertEqual((rest.move_ids.product_uom_qty, rest.backorder_id), (2, first))
        self.assertEqual((remedy.state, remedy.answer, remedy.answered_by), ("done", "agreed", "Ms Customer"))
        self.assertEqual(self.check(order, "stock").state, "passed", "the rest follows, as agreed")
        self.assertEqual([e["answer"] for e in self.events(order, "replied")], ["agreed"])

    def test_reschedule_keeps_history_and_tells_once(self):
        self.expect(self.table, 5, days=20)
        order = self.make_confirmed(5)
        promised = order.commitment_date
        remedy = self.decide("sales", order, "reschedule", new_date="2031-05-05 10:00:00", reason="Vendor is late")
        self.assertEqual((remedy.state, order.commitment_date), ("asked", promised))
        self.env["sop.engine.remedy"].sudo()._answer(remedy, True, "Ms Customer")
        self.assertEqual(str(order.commitment_date), "2031-05-05 10:00:00")
        [promise] = order.sop_promise_ids
        self.assertEqual((promise.old_date, promise.new_date), (promised, order.commitment_date))
        self.assertEqual((promise.reason, promise.remedy_id), ("Vendor is late", remedy))
        self.run_cron("promise_cron")
        self.assertTrue(promise.told_at)
        mails = order.message_ids.filtered(lambda message: "new delivery date" in (message.subject or ""))
        self.assertEqual(len(mails), 1)
        self.assertIn(self.customer, mails.notified_partner_ids)
        self.run_cron("promise_cron")
        self.assertEqual(len(order.message_ids & mails), 1)
        self.assertEqual(self.check(order, "stock").state, "passed")

    def test_substitute_changes_line_price_and_moves(self):
        self.add_stock(self.bench, 9)
        order = self.make_confirmed(5)
        remedy = self.decide("sales", order, "substitute", substitute_id=self.bench.id)
        self.assertEqual((remedy.state, remedy.price_difference), ("asked", -250.0))
        self.assertIn("Bench", remedy.question)
        self.env["sop.engine.remedy"].sudo()._answer(remedy, True, "Ms Customer")
        self.assertEqual(remedy.state, "done", remedy.problem)
        line = order.order_line
        self.assertEqual((line.product_id, line.price_unit, order.amount_untaxed), (self.bench, 250.0, 1250.0))
        [move] = line.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual((move.product_id, move.product_uom_qty, move.state), (self.bench, 5, "assigned"))
        self.commit()
        self.assertEqual(self.check(order, "stock").state, "passed")

    def test_take_from_a_less_urgent_order(self):
        self.add_stock(self.table, 5)
        other = self.make_confirmed(5, promised=60)
        receipt = self.expect(self.table, 5, days=30)
        order = self.make_confirmed(4, promised=5)
        self.assertEqual(self.desk("warehouse", order).late, True)
        remedy = self.decide("warehouse", order, "take")
        self.assertEqual((remedy.state, remedy.other_order_id, remedy.qty), ("done", other, 4))
        self.assertEqual(remedy.other_date, receipt.move_ids.date)
        self.assertEqual(self.desk("warehouse", order).reserved, 4)
        self.assertEqual(self.desk("warehouse", other).reserved, 1)
        self.assertEqual(self.desk("warehouse", other).expected_at, receipt.move_ids.date)
        self.assertEqual(self.events(other, "remedied")[0]["taken_for"], order.id)
        self.assertEqual(self.events(order, "remedied")[0]["other_order"], other.id)

    def test_cancel_the_rest(self):
        self.add_stock(self.table, 3)
        order = self.make_confirmed(5)
        remedy = self.decide("sales", order, "cancel_line")
        self.assertEqual((remedy.state, remedy.qty, remedy.price_difference), ("done", 2, -600.0))
        self.assertEqual(order.order_line.product_uom_qty, 3)
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 3)
        self.assertEqual(self.check(order, "stock").state, "passed")
