"""What cannot be decided, or not any more, about short lines, and is said clearly."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_stock import StockCase


@tagged("post_install", "-at_install")
class TestStockRefusals(StockCase):
    def refused(self, text, name, order, kind, **wishes):
        with self.assertRaisesRegex(UserError, text):
            self.decide(name, order, kind, **wishes)

    def test_take_from_whom(self):
        self.add_stock(self.table, 12)
        urgent = self.make_confirmed(2, promised=1)
        locked, held, picked = (self.make_confirmed(3, promised=days) for days in (50, 60, 70))
        foreign = self.make_order(lines=[(self.table, 1, 300.0)], commitment_date=self.in_days(90))
        foreign.action_confirm()
        order = self.make_confirmed(4, promised=5)
        locked.action_lock()
        self.env["sop.engine.holds"]._set(held, "manual")
        picked.picking_ids.move_ids.picked = True
        self.commit()
        self.refused("No less urgent order", "warehouse", order, "take")
        for other in (urgent, locked, held, picked, foreign, order):
            with self.assertRaises(UserError):
                self.decide("warehouse", order, "take", other_line_id=other.order_line.id)
        self.assertEqual(urgent.picking_ids.state, "assigned")
        held.sop_hold_ids.with_user(self.users["manager"]).action_release("Fine")
        self.commit()
        remedy = self.decide("warehouse", order, "take")
        self.assertEqual((remedy.other_order_id, remedy.qty, remedy.other_date), (held, 3, False))
        self.assertIn("short of it then", remedy.consequence)
        self.assertEqual(held.picking_ids.move_ids.quantity, 0)

    def test_what_is_chosen_wrongly(self):
        order = self.make_confirmed(5)
        other_company = self.env["res.company"].create({"name": "Other"})
        make = self.env["product.product"].create
        theirs = make({"name": "Theirs", "type": "consu", "company_id": other_company.id})
        unsold = make({"name": "Unsold", "type": "consu", "sale_ok": False})
        for product in (self.table, self.service, unsold):
            with self.subTest(product=product.name):
                self.refused("cannot be sold|not counted", "sales", order, "substitute", substitute_id=product.id)
        with self.assertRaises(UserError):
            self.decide("sales", order, "substitute", substitute_id=theirs.id)
        self.refused("Choose the product", "sales", order, "substitute")
        self.refused("Nobody knows", "sales", order, "reschedule")
        self.refused("in the future", "sales", order, "reschedule", new_date="2020-01-01 00:00:00")
        self.table.seller_ids.unlink()
        self.refused("no vendor|No route", "purchasing", order, "replenish")
        self.assertFalse(order.sop_remedy_ids)

    def test_covered_delivered_cancelled(self):
        order = self.make_confirmed(5)
        seen = self.env["sop.engine.remedy.command"]._get_fingerprint(order.order_line)
        self.add_stock(self.table, 5)
        order.picking_ids.action_assign()
        self.refused("covered in time", "warehouse", order, "parts")
        self.refused("Look again", "warehouse", order, "parts", seen=seen)
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()
        self.refused("is delivered", "warehouse", order, "replenish")
        self.assertFalse(self.desk("warehouse", order))
        gone = self.make_confirmed(5)
        gone.action_cancel()
        self.commit()
        self.refused("not confirmed", "warehouse", gone, "replenish")

    def test_locked_held_billed_picked(self):
        self.add_stock(self.table, 3)
        order = self.make_confirmed(5)
        order.action_lock()
        self.refused("is locked", "sales", order, "cancel_line")
        order.action_unlock()
        hold = self.env.ref("order_sop.hold_type_quality")
        order.with_user(self.users["manager"]).action_sop_hold(hold.id, "Broken", order.order_line.ids)
        self.commit()
        self.refused("on hold", "sales", order, "cancel_line")
        self.refused("on hold", "warehouse", order, "take")
        order.sop_hold_ids.with_user(self.users["manager"]).action_release("Fine")
        order.picking_ids.move_ids.picked = True
        self.refused("picked already", "sales", order, "substitute", substitute_id=self.bench.id)

    def test_a_line_that_is_gone(self):
        self.add_stock(self.table, 3)
        order = self.make_confirmed(lines=[(self.table, 5, 300.0), (self.product, 1, 10.0)])
        line = order.order_line[0]
        desk = self.env["sop.stock.line"].with_user(self.users["warehouse"]).browse(line.id)
        remedy = self.env["sop.remedy"].browse(desk.action_decide("parts", "Because"))
        self.env["sop.engine.remedy"].sudo()._lock(remedy)
        line.move_ids._action_cancel()
        self.env.cr.execute("DELETE FROM sale_order_line WHERE id = %s", [line.id])
        self.env.invalidate_all()
        self.assertFalse(remedy.line_id)
        self.assertTrue(remedy.display_name and remedy.consequence and remedy.question)
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self.env["sop.engine.remedy"]._apply(remedy)
        self.assertFalse(self.env["sop.engine.remedy"].sudo()._answer(remedy, True, "Ms Customer"))
        self.assertEqual(remedy.state, "cancelled", "nothing is left to carry out")
