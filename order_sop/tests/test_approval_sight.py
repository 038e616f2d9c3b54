"""Whoever is asked to approve an order sees it, and what he needs to decide; whoever could not see it is not asked."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalSight(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["leader"] = new_test_user(cls.env, login="sop_leader", groups="order_sop.group_sales", name="leader")
        cls.users["plain"] = new_test_user(cls.env, login="sop_plain", groups="order_sop.group_user", name="plain")
        cls.team = cls.env["crm.team"].create({"name": "Team", "user_id": cls.users["leader"].id})
        cls.process = cls.make_approvals({"approver_kind": "field", "user_field": "team_id.user_id"})

    def sees(self, record, name):
        self.commit()
        mine = record.with_user(self.users[name])
        found = bool(mine.search([("id", "=", record.id)]))
        self.assertEqual(found, mine.has_access("read"), (record, name))
        return found

    def test_the_teams_leader_sees_what_he_is_asked(self):
        """He may see his own orders only; this one is his colleague's, and waits for him."""
        order = self.make_waiting(self.process, team_id=self.team.id)
        other = self.make_waiting(self.process)
        check = self.check_of(order)
        for record in (order, order.order_line, order.sop_visit_id, check, self.approvals(order)):
            self.assertTrue(self.sees(record, "leader"), record)
        for record in (other, other.order_line, self.check_of(other), self.approvals(other)):
            self.assertFalse(self.sees(record, "leader"), record)
        mine = order.with_user(self.users["leader"])
        self.assertTrue(mine.sop_panel)
        for action in (lambda: mine.write({"client_order_ref": "Mine"}), mine.order_line.unlink):
            with self.assertRaises(AccessError):
                action()
        self.assertFalse(self.decide(order, "leader"))
        self.assertTrue(self.sees(check.decision_ids, "leader"), "what he decided stays in sight")

    def test_four_eyes_hold_for_him(self):
        order = self.make_waiting(self.process, team_id=self.team.id)
        order.user_id = self.users["leader"]
        self.commit()
        self.assertFalse(self.approvals(order).user_ids)
        self.assertIn("as its salesperson", self.decide(order, "leader"))

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other company"})
        order = self.make_waiting(self.process, team_id=self.team.id)
        self.users["leader"].write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.sees(order, "leader"))
        with self.assertRaises(AccessError):
            order.with_user(self.users["leader"]).with_context(allowed_company_ids=[self.company.id]).read(["name"])

    def test_who_could_not_see_it_is_not_asked(self):
        self.team.user_id = self.users["plain"]
        order = self.make_waiting(self.process, team_id=self.team.id)
        self.assertFalse(self.approvals(order).user_ids)
        self.run_teller()
        told = order.activity_ids.filtered("sop_approval_id")
        self.assertEqual((told.user_id, told.summary), (self.users["head"], "Nobody can decide: Step 1"))
        self.assertTrue(self.sees(order, "head"), "the lead of the department sees what he is told of")
        with self.assertRaisesRegex(UserError, "there are 0. plain cannot see such orders"):
            self.make_approvals(
                {"approver_kind": "users", "user_ids": [Command.set(self.users["plain"].ids)]}, code="PLAIN"
            )

    def test_a_stand_in_sees_it_too(self):
        self.users["stand_in"] = new_test_user(
            self.env, login="sop_in", groups="order_sop.group_sales", name="stand_in"
        )
        order = self.make_waiting(self.process, team_id=self.team.id)
        self.assertFalse(self.sees(order, "stand_in"))
        self.env["sop.delegation"].with_user(self.users["leader"]).create({"delegate_id": self.users["stand_in"].id})
        self.run_cron("approver_cron")
        self.assertTrue(self.sees(order, "stand_in"))
        self.assertFalse(self.decide(order, "stand_in"))
