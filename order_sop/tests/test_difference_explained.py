"""Differences of the settlement: the accountant explains them, and sees them come back or go; customers dispute."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_settlement import DifferenceCase


@tagged("post_install", "-at_install")
class TestDifferenceExplained(DifferenceCase):
    def test_explained_while_it_stays_the_same(self):
        order, difference = self.make_short()
        wizard = self.env["sop.difference.dialog"].with_user(self.users["finance"])
        with Form(
            wizard.with_context(**difference.with_user(self.users["finance"]).action_open_dialog()["context"])
        ) as form:
            self.assertIn(self.reason("next_invoice"), form.possible_reason_ids[:])
            self.assertNotIn(self.reason("bank_charges"), form.possible_reason_ids[:])
            form.reason_id = self.reason("next_invoice")
            form.note = "At the end of the month"
        form.save().action_confirm()
        self.assertEqual((difference.state, difference.explained_by_id), ("explained", self.users["finance"]))
        self.look(order, "2025-02-15")
        self.assertEqual(difference.state, "explained")
        with self.on("2025-02-16"):
            self.ship(order.picking_ids.filtered(lambda picking: picking.state != "done"), 1)
        self.look(order, "2025-02-16")
        self.assertEqual((difference.state, difference.amount, difference.reason_id.id), ("open", 700, False))
        self.bill(order, "2025-02-17")
        self.look(order, "2025-02-17")
        self.assertEqual(difference.state, "gone")
        self.assertEqual(difference.event_ids.sorted("id").mapped("code"), ["explained", "reopened", "gone"])

    def test_what_cannot_be_explained(self):
        order, difference = self.make_short()
        with self.assertRaisesRegex(UserError, "no reason for"):
            self.explain(difference, "bank_charges")
        with self.assertRaisesRegex(UserError, "Choose a reason"):
            difference.with_user(self.users["finance"]).action_explain()
        self.bill(order, "2025-02-17")
        self.look(order, "2025-02-17")
        with self.assertRaisesRegex(UserError, "nothing to explain"):
            self.explain(difference)

    def test_taken_back_and_handed_on(self):
        _order, difference = self.make_short()
        self.explain(difference)
        difference.with_user(self.users["finance"]).action_reopen()
        self.assertEqual((difference.state, difference.note), ("open", False))
        difference.with_user(self.users["finance"]).action_assign()
        self.assertEqual(difference.user_id, self.users["finance"])
        with self.assertRaisesRegex(UserError, "of Finance"):
            difference.with_user(self.users["finance"]).action_assign(self.users["sales"].id)

    def test_settling_is_a_duty(self):
        """Who sells and explains, or signs, does both: the report on duties says so."""
        seller = self.users["finance"]
        process = self.make_process({"auto_advance": False, "checkpoints": [{"kind": "manual"}]})
        explained, signed = (self.make_order(process=process, user_id=seller.id) for _number in range(2))
        pair = self.env["sop.duty.pair"].create({"first_duty": "sold", "second_duty": "settled"})
        difference = self.env["sop.engine.difference"]._dispute(explained, 5.0, self.own, "Too dear", self.customer)
        self.explain(difference)
        signed.write({"date_order": "2025-02-10"})
        signed.action_confirm()
        signed.date_order = "2025-02-10"
        closing = self.env["sop.closing"].with_user(seller).create({"day": "2025-02-28"})
        closing.action_sign()
        self.env.flush_all()
        found = self.env["sop.duty.conflict"].search([("pair_id", "=", pair.id)])
        self.assertEqual(found.order_id, explained | signed)
        self.assertEqual(found.user_id, seller)

    def test_the_department_says_who_owns_it(self):
        self.departments["finance"].write({"assignment": "user", "assignment_user_id": self.users["finance"].id})
        _order, difference = self.make_short()
        self.assertEqual(difference.user_id, self.users["finance"])

    def test_a_customer_disputes(self):
        order, _difference = self.make_short()
        dispute = self.env["sop.engine.difference"]._dispute
        first = dispute(order, 120.0, self.own, "Two were broken", self.customer)
        self.assertEqual((first.kind, first.amount, first.claim), ("disputed", 120, "Two were broken"))
        self.look(order)
        self.assertEqual(first.state, "open")
        self.explain(first)
        self.look(order)
        self.assertEqual(first.state, "explained")
        again = dispute(order, 100.0, self.foreign, "Still broken", self.customer)
        self.assertEqual((again, again.state), (first, "open"))
        self.assertEqual(
            first.event_ids.sorted("id").mapped("note"),
            ["Two were broken", "Agreed with the customer: They called", "Still broken"],
        )
