"""Who may act on an alert, and to whom it can be handed."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common_alerts import AlertFixture


@tagged("post_install", "-at_install")
class TestAlertRights(AlertFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_alerts()

    def test_others_may_not(self):
        _order, alert = self.make_late()
        for name in ("sales", "finance", "auditor", "officer"):
            for method, arguments in (
                ("action_acknowledge", ()),
                ("action_take", ()),
                ("action_reassign", (self.users["finance"].id,)),
                ("action_close", ("Mine now",)),
            ):
                with self.subTest(name, method=method), self.assertRaises(AccessError):
                    getattr(alert.with_user(self.users[name]), method)(*arguments)
        alert.with_user(self.users["manager"]).action_acknowledge()
        self.assertEqual(alert.acknowledged_by_id, self.users["manager"])

    def test_handed_to_nobody_from_outside(self):
        _order, alert = self.make_late()
        employee = self.make_user("employee", "base.group_user")
        for user in (employee, self.env.ref("base.public_user"), self.env["res.users"]):
            with self.assertRaisesRegex(UserError, "active colleague"):
                alert.with_user(self.lead).action_reassign(user.id)
        with self.assertRaisesRegex(UserError, "finance cannot see"):
            alert.with_user(self.lead).action_reassign(self.users["finance"].id)
        self.assertEqual(alert.user_id, self.lead)
