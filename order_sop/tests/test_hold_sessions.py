"""Two sessions at once: one hold, one release, one block, and no order that slips through between two of them."""

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_committed import CommittedCase


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestHoldSessions(CommittedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type = cls.env.ref("order_sop.hold_type_fraud")
        for name in ("finance", "legal"):
            cls.users[name].group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")

    def test_two_set_the_same_hold(self):
        order = self.make_orders(1)
        steps = (self.step(name, order, "action_sop_hold", self.type.id, "Because") for name in ("finance", "legal"))
        error = self.collide(*steps)
        self.assertIsInstance(error, UserError)
        self.assertIn("on hold already", str(error))
        self.assertEqual((len(order.sop_hold_ids), len(self.events(order, "held"))), (1, 1))
        self.assert_sound(order)

    def test_two_release_one_hold(self):
        order = self.make_orders(1)
        self.request(*self.step("finance", order, "action_sop_hold", self.type.id, "Because"))
        self.refresh()
        steps = (self.step(n, order.sop_hold_ids, "action_release", "Fine") for n in ("finance", "manager"))
        error = self.collide(*steps)
        self.assertIsInstance(error, UserError)
        self.assertIn("released already", str(error))
        self.assertEqual((order.sop_status, len(self.events(order, "released"))), ("running", 1))
        self.assert_sound(order)

    def test_a_hold_comes_while_the_order_is_worked_on(self):
        order = self.make_orders(1)
        check = self.check(order, "Looked at")
        error = self.collide(
            self.step("sales", check, "action_pass"),
            self.step("finance", order, "action_sop_hold", self.type.id, "Because"),
        )
        self.assertIsNone(error)
        self.assertEqual((order.sop_stage_id.name, order.sop_status), ("Review", "on_hold"))
        self.assert_sound(order)

    def test_an_order_is_entered_while_its_customer_is_blocked(self):
        """Neither session sees the other. The order starts free, and is stopped at the latest at its gate."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.users["finance"].id, {})
            self.customer.with_env(env).action_sop_block("Never pays")
            cr.flush()
            order = self.make_orders(1)
            self.assertEqual(order.sop_status, "running")
            cr.commit()  # pylint: disable=invalid-commit; several sessions are what is tested
        self.refresh()
        self.request(*self.step("sales", self.check(order, "Looked at"), "action_pass"))
        self.refresh()
        self.assertEqual((order.sop_stage_id.name, order.sop_status), ("Review", "on_hold"))
        self.request(*self.step("finance", self.customer, "action_sop_unblock", "Paid"))
        self.refresh()
        self.assertEqual(order.sop_status, "running")
        self.assert_sound(order)
