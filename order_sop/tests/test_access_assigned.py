"""A salesperson who sees his own orders only sees those that he was handed, or is to approve, with all their lines."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_holds import HoldCase

LINES = ("sop.visit", "sop.check", "sop.hold", "sop.waiver", "sop.approval", "sop.decision", "sop.alert")


@tagged("post_install", "-at_install")
class TestAccessAssigned(HoldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["other"] = new_test_user(cls.env, login="sop_other", groups="order_sop.group_sales", name="other")
        cls.users["leader"] = new_test_user(
            cls.env, login="sop_leader", groups="order_sop.group_sales,order_sop.group_legal", name="leader"
        )

    def make_busy(self, owner="manager", **stage):
        """Return an order of a colleague with a line of each kind: two approvals, one given, and one check waived; the
        alert on it is for ``owner``."""
        approval = {"kind": "approval", "department_id": self.departments["finance"].id}
        process = self.make_process(
            self.stage(
                "Talk",
                False,
                {"name": "Called", "kind": "manual"},
                {"name": "Passed over", "kind": "manual"},
                {**approval, "name": "Agreed"},
                {**approval, "name": "Agreed again", "ask": "entry"},
                **stage,
            ),
            self.stage("Rest", False, {"name": "Rested", "kind": "manual"}, department="legal"),
            code="TALK",
        )
        order = self.make_gated(process, user_id=self.users["manager"].id)
        self.check(order, "Passed over").with_user(self.users["manager"]).action_waive("Not this time")
        self.check(order, "Agreed").with_user(self.users["finance"]).action_approve()
        self.hold("manager", order, "fraud")
        self.env["sop.engine.alert"]._raise(
            [{"kind": "breach", "visit_id": order.sop_visit_id.id, "user_id": self.users[owner].id}]
        )
        self.commit()
        return order

    def seen(self, name, order):
        """Return the models of which the user called ``name`` sees lines of ``order``."""
        self.env.invalidate_all()
        found = set()
        for model in LINES:
            lines = self.env[model].with_user(self.users[name]).search([("order_id", "=", order.id)])
            lines.read(["display_name"])
            if lines:
                found.add(model)
        return found

    def test_who_was_handed_the_order(self):
        order = self.make_busy(assignment="user", assignment_user_id=self.users["sales"].id)
        self.assertEqual(order.sop_user_id, self.users["sales"])
        self.assertEqual(self.seen("sales", order), set(LINES))
        self.assertEqual(self.seen("other", order), set())
        self.check(order, "Called").with_user(self.users["sales"]).action_pass()
        self.check(order, "Agreed again").with_user(self.users["finance"]).action_approve()
        self.assertEqual(order.sop_stage_id.name, "Rest")
        self.assertEqual(self.seen("sales", order), set(), "his work is over")

    def test_who_is_asked_to_approve(self):
        order = self.make_busy()
        approval = order.sop_check_ids.approval_ids.filtered(lambda each: each.state == "open")
        approval.with_user(self.users["finance"]).action_transfer(self.users["leader"].id)
        self.users["leader"].group_ids -= self.env.ref("order_sop.group_legal")
        self.commit()
        self.assertTrue(order.with_user(self.users["leader"]).has_access("read"))
        self.assertEqual(self.seen("leader", order), set(LINES))

    def test_an_alert_on_an_order_that_its_owner_may_not_see(self):
        order = self.make_busy("other")
        alert = order.sop_alert_ids.with_user(self.users["other"])
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            alert.order_id.read(["name"])
        name = order.name
        self.env.invalidate_all()
        self.assertIn(name, alert.display_name)
        linked = {key: {"fields": {"display_name": {}}} for key in ("order_id", "stage_id", "partner_id")}
        self.env.invalidate_all()
        [shown] = alert.web_read(linked | {"display_name": {}, "message": {}})
        self.assertEqual(shown["order_id"]["display_name"], name)
        action = alert.with_context(sop_operation="close").action_open_dialog()
        dialog = alert.env["sop.alert.dialog"].with_context(**action["context"]).create({})
        self.env.invalidate_all()
        self.assertIn(name, dialog.summary)
        dialog.note = "He was called"
        dialog.action_confirm()
        self.assertEqual(alert.state, "closed")
