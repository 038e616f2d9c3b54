"""The log's chain of hashes: nobody changes or drops a line unnoticed; the log outlives the order."""

from odoo.tests import tagged

from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestLogChain(GateCase):
    def test_two_orders_have_two_chains(self):
        orders = self.make_gated() | self.make_gated()
        self.commit()
        self.tick(orders[0], "Reviewed")
        self.tick(orders[1], "Reviewed")
        orders.action_confirm()
        first, second = (self.events(order) for order in orders)
        self.assertFalse(set(first.mapped("hash")) & set(second.mapped("hash")))
        self.tamper(first[1], code="cancelled")
        self.assertEqual(self.env["sop.engine.log"]._verify(orders.ids), [first[1].id], "the other is still whole")

    def tamper(self, event, **values):
        """Change a line as somebody who owns the database could."""
        self.env.cr.execute("ALTER TABLE sop_event DISABLE TRIGGER USER")
        for name, value in values.items():
            self.env.cr.execute(f"UPDATE sop_event SET {name} = %s WHERE id = %s", [value, event.id])
        if not values:
            self.env.cr.execute("DELETE FROM sop_event WHERE id = %s", [event.id])
        self.env.cr.execute("ALTER TABLE sop_event ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def test_tampering_is_found(self):
        order = self.make_reviewed()
        events = self.events(order)
        self.assertGreater(len(events), 4)
        line, after = events[2], events[3]
        for values in (
            {"code": "finished"},
            {"user_id": 1234567},
            {"date": "2020-01-01"},
            {"data": '{"changed": []}'},
            {"order_name": "S9"},
            {"company_id": 77},
            {"hash": "$1$x"},
        ):
            with self.subTest(values=values), self.env.cr.savepoint() as savepoint:
                self.tamper(line, **values)
                self.assertIn(line.id, self.env["sop.engine.log"]._verify([order.id]))
                savepoint.rollback()
                self.env.invalidate_all()
        self.tamper(line)
        self.assertEqual(self.env["sop.engine.log"]._verify([order.id]), [after.id], "the line after a missing one")

    def test_a_cut_tail_is_found(self):
        order = self.make_reviewed()
        events = self.events(order)
        self.tamper(events[-1])
        self.assertEqual(self.env["sop.engine.log"]._verify([order.id]), [events[-2].id], "the order knows its end")

    def test_the_log_outlives_the_order(self):
        order = self.make_gated()
        order_id, lines = order.id, self.events(order).ids
        order.unlink()
        self.assertFalse(self.env["sop.visit"].search([("order_id", "=", order_id)]))
        self.assertEqual(self.env["sop.event"].browse(lines).exists().ids, lines)
        self.assertEqual(self.env["sop.engine.log"]._verify([order_id]), [])
        self.commit()

    def test_changed_and_deleted_in_one_transaction(self):
        order = self.make_gated()
        order.order_line.price_unit = 5
        order.unlink()
        new = self.make_order()
        new.order_line.unlink()
        new.unlink()
        self.commit()
