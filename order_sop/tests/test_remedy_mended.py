"""What a decision says and does when the world has moved between asking, answering and carrying out."""

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine.guard import as_engine
from .common_stock import StockCase


@tagged("post_install", "-at_install")
class TestRemedyMended(StockCase):
    def setUp(self):
        super().setUp()
        self.engine = self.env["sop.engine.remedy"].sudo()

    def test_the_difference_is_without_included_taxes(self):
        self.add_stock(self.bench, 9)
        tax = self.env["account.tax"].create({"name": "In it", "amount": 25, "price_include_override": "tax_included"})
        self.bench.taxes_id = tax
        order = self.make_confirmed(5)
        order.order_line.write({"tax_ids": [Command.set(tax.ids)], "discount": 10})
        before = order.amount_untaxed
        self.commit()
        remedy = self.decide("sales", order, "substitute", substitute_id=self.bench.id, price_unit=250.0, agreed=True)
        self.assertEqual((remedy.state, remedy.price_difference), ("done", -180.0))
        self.assertEqual(order.amount_untaxed - before, remedy.price_difference, "as it said")

    # -- what is over --------------------------------------------------------------------------------------------------

    def cover(self, order):
        """Let all that ``order`` needs be there."""
        self.add_stock(self.table, order.order_line.product_uom_qty - 3)
        order.picking_ids.action_assign()
        self.commit()

    def ask(self, kind="parts", name="sales", **wishes):
        """Return an order that is short of 2 of 5, and the question about it."""
        self.add_stock(self.table, 3)
        order = self.make_confirmed(5)
        remedy = self.decide(name, order, kind, **wishes)
        self.assertEqual(remedy.state, "asked")
        return order, remedy

    def test_a_question_ends_with_its_shortage(self):
        order, remedy = self.ask()
        self.cover(order)
        self.run_cron("remedy_cron")
        self.assertEqual((remedy.state, remedy.told), ("cancelled", 0), "nobody is asked any more")
        self.assertIn("covered in time", self.events(order, "withdrawn")[0]["note"])
        self.assertFalse(order._sop_get_tracker().get("questions"))

    def test_so_does_its_alert(self):
        order, remedy = self.ask()
        for _message in range(3):
            as_engine(remedy).write({"next_at": remedy.asked_at})
            self.run_cron("remedy_cron")
        self.assertEqual((remedy.told, order.sop_alert_ids.state), (3, "open"))
        self.cover(order)
        self.run_cron("remedy_cron")
        self.assertEqual((remedy.state, order.sop_alert_ids.state), ("cancelled", "closed"))

    def test_an_answer_to_what_is_over_changes_nothing(self):
        for kind, wishes in (("parts", {}), ("reschedule", {"new_date": "2031-05-05 10:00:00"})):
            with self.subTest(kind=kind):
                order, remedy = self.ask(kind, **wishes)
                promised, pickings = order.commitment_date, order.picking_ids
                self.cover(order)
                self.assertFalse(self.engine._answer(remedy, True, "Ms Customer"))
                self.assertEqual((remedy.state, remedy.answer), ("cancelled", "agreed"))
                self.assertEqual((order.commitment_date, order.picking_ids), (promised, pickings))
                self.assertFalse(order.activity_ids.filtered("note"), "nothing is left to do")
                self.assertIn("covered in time", self.events(order, "withdrawn")[0]["note"])

    def test_a_hold_ends_no_question(self):
        order, remedy = self.ask("reschedule", new_date="2031-05-05 10:00:00")
        hold = self.env.ref("order_sop.hold_type_quality")
        order.with_user(self.users["manager"]).action_sop_hold(hold.id, "Broken", order.order_line.ids)
        self.run_cron("remedy_cron")
        self.assertEqual((remedy.state, remedy.told), ("asked", 1))
        self.assertFalse(self.engine._answer(remedy, True, "Ms Customer"))
        self.assertEqual(remedy.state, "draft", "it waits")
        self.assertIn("on hold", remedy.problem)

    # -- what was agreed to --------------------------------------------------------------------------------------------

    def test_no_date_in_the_past_is_promised(self):
        order, remedy = self.ask("reschedule", new_date=str(self.in_days(2)))
        promised = order.commitment_date
        with freeze_time(self.in_days(3)):
            self.assertFalse(self.engine._answer(remedy, True, "Ms Customer"))
        self.assertIn("in the future", remedy.problem)
        self.assertEqual(order.commitment_date, promised)

    def test_whoever_decided_has_changed_the_order(self):
        public = self.env.ref("base.public_user")
        for kind, wishes in (
            ("reschedule", {"new_date": "2031-05-05 10:00:00"}),
            ("substitute", {"substitute_id": self.bench.id}),
        ):
            with self.subTest(kind=kind):
                order, remedy = self.ask(kind, **wishes)
                self.engine.with_user(public).sudo()._answer(remedy.with_user(public).sudo(), True, "Ms Customer")
                self.commit()
                self.assertEqual((remedy.state, remedy.answered_by), ("done", "Ms Customer"), remedy.problem)
                self.assertEqual(order.sop_changed_by_id, self.users["sales"])
                self.assertLessEqual(order.sop_promise_ids.changed_by_id, self.users["sales"])

    def test_mails_come_from_whom_the_template_says(self):
        order, _remedy = self.ask()
        self.env.ref("order_sop.mail_template_remedy").email_from = '"Desk" <desk@example.com>'
        self.run_cron("remedy_cron")
        [mail] = order.message_ids.filtered(lambda message: "question" in (message.subject or ""))
        self.assertEqual(mail.email_from, '"Desk" <desk@example.com>')

    def test_fewer_than_agreed_are_not_shipped(self):
        order, remedy = self.ask()
        self.env["stock.quant"]._update_available_quantity(self.table, self.warehouse.lot_stock_id, -2)
        order.picking_ids.do_unreserve()
        self.assertFalse(self.engine._answer(remedy, True, "Ms Customer"))
        self.assertEqual((remedy.state, remedy.qty, len(order.picking_ids)), ("draft", 3, 1))
        self.assertRegex(remedy.problem, "1 Units.*3 Units")
        self.assertTrue(order.activity_ids.filtered(lambda a: a.user_id == self.users["sales"]))

    def test_more_than_agreed_are_counted(self):
        order, remedy = self.ask()
        self.add_stock(self.table, 1)
        self.engine._answer(remedy, True, "Ms Customer")
        self.assertEqual((remedy.state, remedy.qty, remedy.rest_qty), ("done", 4, 1))
        self.assertEqual(order.picking_ids.sorted("id").mapped("move_ids.product_uom_qty"), [4, 1])

    def test_consent_to_another_price_is_asked_anew(self):
        for kind, wishes in (
            ("reschedule", {"new_date": "2031-05-05 10:00:00"}),
            ("substitute", {"substitute_id": self.bench.id}),
        ):
            with self.subTest(kind=kind):
                order, remedy = self.ask(kind, **wishes)
                order.order_line.product_uom_qty = 8
                self.assertFalse(self.engine._answer(remedy, True, "Ms Customer"))
                with self.assertRaisesRegex(UserError, "ask again"):
                    remedy.with_user(self.users["sales"]).action_carry_out()
                self.assertEqual((remedy.state, order.order_line.product_id), ("draft", self.table))

    def test_what_is_covered_by_now_is_not_carried_out(self):
        order, remedy = self.ask()
        order.order_line.product_uom_qty = 8
        self.engine._answer(remedy, True, "Ms Customer")
        self.assertEqual(remedy.state, "draft")
        self.cover(order)
        with self.assertRaisesRegex(UserError, "covered in time"):
            remedy.with_user(self.users["sales"]).action_carry_out()
