from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common_committed import CommittedCase


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestConcurrencyClosing(CommittedCase):
    """Two of Finance at the same moment: one signs, explains or looks, and the other gets a clean word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["other"] = new_test_user(cls.env, login="sop_finance_2", groups="order_sop.group_finance")
        cls.order = cls.make_order(lines=[(cls.service, 1, 50.0)])
        cls.order.action_confirm()
        cls.order.date_order = "2025-02-10"
        cls.cr.commit()  # pylint: disable=invalid-commit; several sessions are what is tested

    def test_two_sign_at_once(self):
        closing = self.env["sop.closing"].create({"day": "2025-02-28"})
        self.refresh()
        error = self.collide(self.step("finance", closing, "action_sign"), self.step("other", closing, "action_sign"))
        self.assertIsInstance(error, UserError)
        self.assertIn("Signed by now", str(error))
        self.assertEqual((closing.state, closing.signed_by_id), ("signed", self.users["finance"]))
        self.assertEqual(len(closing.line_ids.filtered(lambda line: line.order_id == self.order)), 1)
        self.assertEqual(closing.event_ids.mapped("code"), ["signed"])

    def test_two_explain_at_once(self):
        engine = self.env["sop.engine.difference"]
        difference = engine._dispute(self.order, 5.0, self.order.currency_id, "Too dear", self.customer)
        reason = self.env.ref("order_sop.difference_reason_agreed")
        self.refresh()
        error = self.collide(
            self.step("finance", difference, "action_explain", reason.id, "First"),
            self.step("other", difference, "action_explain", reason.id, "Second"),
        )
        self.assertIsNone(error, "the later word counts")
        self.assertEqual(difference.note, "Second")
        self.assertEqual(difference.event_ids.mapped("code"), ["explained", "explained", "disputed"])
