"""Who sells an order does not approve it; nor does its salesperson's field choose who does."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalSellers(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.make_approvals({"name": "Clerk"})
        cls.all_process = cls.make_approvals(
            {"name": "Board", "approver_kind": "group", "group_id": cls.board.id, "quorum": "all"}, code="ALL"
        )

    def put(self, order, name, by="sales"):
        """Let the user ``by`` write the user ``name`` on ``order`` as its salesperson."""
        order.with_user(self.users[by]).sudo().user_id = self.users[name]
        self.commit()

    def people(self, order):
        return self.names(self.approvals(order, "open").user_ids)

    def told(self, order):
        """Return ``{name: summary}`` of the activities of ``order`` after people were told."""
        self.run_teller()
        activities = order.activity_ids.filtered("sop_approval_id")
        return {activity.user_id.name: activity.summary for activity in activities}

    def transfer(self, order, by, to, comment=None):
        [result] = self.approvals(order, "open").with_user(self.users[by]).action_transfer(self.users[to].id, comment)
        self.commit()
        return result["reason"]

    def test_the_seller_writes_somebody_else_to_approve_himself(self):
        self.users["sales"].group_ids += self.env.ref("order_sop.group_finance")
        order = self.make_waiting(self.process)
        for by in ("sales", "second"):
            self.put(order, "customer_service", by=by)
            self.assertIn("as its salesperson", self.decide(order, "sales"))
            self.put(order, "sales", by=by)
            self.assertIn("made or sell", self.decide(order, "sales"))
        self.assertFalse(self.decide(order, "clerk"))

    def test_who_put_himself_on_it_has_sold_it(self):
        order = self.make_waiting(self.process)
        self.put(order, "clerk", by="clerk")
        self.put(order, "sales")
        self.assertIn("as its salesperson", self.decide(order, "clerk"))

    def test_who_took_himself_off_has_sold_it(self):
        order = self.make_waiting(self.process)
        self.put(order, "clerk")
        self.put(order, "sales", by="clerk")
        self.assertIn("as its salesperson", self.decide(order, "clerk"))

    def test_who_changed_it_as_its_salesperson_has_sold_it(self):
        order = self.make_waiting(self.process)
        order.with_user(self.users["clerk"]).sudo().client_order_ref = "Before"
        self.commit()
        self.put(order, "clerk")
        order.with_user(self.users["clerk"]).sudo().client_order_ref = "As its salesperson"
        self.commit()
        order.with_user(self.users["sales"]).sudo().client_order_ref = "Changed by another"
        self.put(order, "sales")
        self.assertIn("as its salesperson", self.decide(order, "clerk"))
        self.assertEqual(order.sop_seller_ids, sorted(self.users[name].id for name in ("sales", "clerk")))

    def test_a_strict_approver_is_not_got_rid_of(self):
        """Sales writes the clerk as salesperson: the lead is told. Taken off again the clerk decides as before."""
        order = self.make_waiting(self.process)
        self.put(order, "clerk")
        self.assertEqual(self.people(order), ["second"])
        self.assertIn("as its salesperson", self.decide(order, "clerk"))
        summary = "Cannot decide, since written on the order as salesperson: clerk (Clerk)"
        self.assertEqual(self.told(order), {"second": "Clerk", "head": summary})
        self.put(order, "sales")
        self.assertEqual(self.people(order), ["clerk", "second"])
        self.assertEqual(set(self.told(order)), {"clerk", "second"})
        self.assertFalse(self.decide(order, "clerk"))

    def test_the_lead_who_has_a_part_is_not_the_one_who_is_told(self):
        self.departments["finance"].lead_id = self.users["second"]
        order = self.make_waiting(self.process)
        self.put(order, "clerk")
        order.with_user(self.users["second"]).sudo().client_order_ref = "Mine"
        self.assertEqual(set(self.told(order)), {self.env.ref("base.user_admin").name})

    def test_all_are_not_made_fewer(self):
        """Of “all of the board” nobody is taken out by being written on the order: his place is handed over."""
        order = self.make_waiting(self.all_process)
        self.put(order, "board1")
        for name in ("board2", "board3"):
            self.assertFalse(self.decide(order, name))
        self.assertEqual(self.check_of(order).state, "pending")
        self.assertIn("board1", self.told(order)["head"])
        self.assertFalse(self.transfer(order, "head", "clerk", "In place of board1"))
        word = self.check_of(order).decision_ids[:1]
        self.assertEqual((word.decision, word.on_behalf_of_id), ("transfer", self.users["board1"]))
        self.assertEqual(set(self.told(order)), {"clerk"})
        self.assertFalse(self.decide(order, "clerk"))
        self.assertEqual(self.check_of(order).state, "passed")

    def test_nor_before_they_are_asked(self):
        order = self.make_order(user_id=self.users["board1"].id, process=self.make_approvals(code="OTHER"))
        self.put(order, "sales")
        self.assertIn(self.users["board1"].id, order.sop_seller_ids)
        order = self.make_order(user_id=self.users["board1"].id, process=self.all_process)
        self.assertEqual(self.approvals(order).needed, 2, "an order of one of the board is for the others")
        self.put(order, "sales")
        self.assertEqual(self.approvals(order).needed, 3)

    def test_a_manager_lets_a_former_salesperson_decide(self):
        """The clerk was written on it by mistake as it was entered: a manager says so, and the log keeps it."""
        order = self.make_order(user_id=self.users["clerk"].id, process=self.process)
        self.put(order, "sales", by="second")
        self.assertIn("was once the salesperson", self.transfer(order, "head", "clerk", "Never sold it"))
        self.assertIn("was once the salesperson", self.transfer(order, "manager", "clerk"))
        self.assertIn("has made, sold", self.transfer(order, "manager", "sales", "Let him"))
        self.assertFalse(self.transfer(order, "manager", "clerk", "Never sold it"))
        event = self.env["sop.event"].search([("order_id", "=", order.id), ("code", "=", "cleared")])
        self.assertEqual(event.data, {"user": self.users["clerk"].id, "note": "Never sold it"})
        self.assertEqual(event.user_id, self.users["manager"].id)
        self.assertFalse(self.decide(order, "clerk"))

    def test_not_a_manager_with_a_part_in_it(self):
        order = self.make_order(user_id=self.users["clerk"].id, process=self.process)
        self.put(order, "manager", by="manager")
        self.assertIn("made or sell", self.transfer(order, "manager", "clerk", "Never sold it"))

    def test_what_is_kept_is_the_engines(self):
        order = self.make_waiting(self.process)
        self.put(order, "clerk")
        with self.assertRaises(AccessError):
            order.with_user(self.users["manager"]).write({"sop_seller_ids": []})
        with self.assertRaises(AccessError):
            self.env["sale.order"].create({"partner_id": self.customer.id, "sop_seller_ids": [self.env.uid]})
        self.assertFalse(order.copy().sop_seller_ids)
        line = Command.create({"product_id": self.product.id})
        order.with_user(self.users["sales"]).sudo().write({"order_line": [line], "user_id": self.users["sales"].id})
        self.assertEqual(self.people(order), ["clerk", "second"])
