"""Who may say what: members of the checkpoint's department, four eyes, managers; nobody else, in no other company."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import DEPARTMENTS, SopCase

REASON = "Because"


@tagged("post_install", "-at_install")
class TestAccess(SopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.make_process(
            {
                "checkpoints": [
                    *({"name": f"Look {name}", "department_id": cls.departments[name].id} for name in DEPARTMENTS),
                    *(
                        {"name": f"Approve {name}", "kind": "approval", "department_id": cls.departments[name].id}
                        for name in DEPARTMENTS
                    ),
                ]
            }
        )
        cls.users["portal"] = new_test_user(cls.env, login="sop_portal", groups="base.group_portal")
        cls.users["public"] = cls.env.ref("base.public_user")
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user")
        # whoever sees all orders, so that it is the department that decides
        for name in DEPARTMENTS:
            cls.users[name].group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")

    def setUp(self):
        super().setUp()
        self.order = self.make_order(process=self.process)

    def as_user(self, name, record):
        return record.with_user(self.users[name])

    def words(self, department):
        """Yield what can be said about the two checks of a department, as ``(what, function of the user's name)``."""
        look, approve = self.check(self.order, f"Look {department}"), self.check(self.order, f"Approve {department}")
        yield "pass", lambda name: self.as_user(name, look).action_pass("Seen")
        yield "reset", lambda name: self.as_user(name, look).action_reset()
        yield "reject", lambda name: self.as_user(name, approve).action_reject(REASON)
        yield "approve", lambda name: self.as_user(name, approve).action_approve()

    def test_each_department_says_its_own_and_nobody_elses(self):
        for department in DEPARTMENTS:
            for what, say in self.words(department):
                for name in set(self.users) - {department}:
                    with self.subTest(what=what, department=department, name=name), self.assertRaises(AccessError):
                        say(name)
                say(department)
        states = self.order.sop_check_ids.mapped(lambda check: (check.kind, check.state))
        self.assertEqual(set(states), {("manual", "pending"), ("approval", "passed")})

    def test_a_check_names_who_said_it(self):
        check = self.check(self.order, "Look finance")
        self.as_user("finance", check).action_pass("Seen")
        self.assertEqual((check.user_id, check.note, check.state), (self.users["finance"], "Seen", "passed"))
        with self.assertRaisesRegex(AccessError, "is for Finance to do"):
            self.as_user("warehouse", self.check(self.order, "Approve finance")).action_approve()

    def test_each_word_fits_its_kind_and_state(self):
        look, approve = self.check(self.order, "Look legal"), self.check(self.order, "Approve legal")
        for action in (
            lambda: self.as_user("legal", approve).action_pass(),
            lambda: self.as_user("legal", look).action_approve(),
            lambda: self.as_user("legal", look).action_reset(),
            lambda: self.as_user("legal", approve).action_reject(" "),
        ):
            with self.assertRaises(UserError):
                action()
        self.as_user("legal", look).action_pass()
        with self.assertRaisesRegex(UserError, "not open"):
            self.as_user("legal", look).action_pass()
        self.assertEqual(approve.state, "pending")

    def test_four_eyes(self):
        """Whoever made the order, or sells it, approves nothing of it, whatever department he is in."""
        maker, seller = self.users["legal"], self.users["finance"]
        order = self.env["sale.order"].with_user(maker).create({"partner_id": self.customer.id, "user_id": seller.id})
        order.sudo().order_line = [Command.create({"product_id": self.product.id})]
        order = order.sudo(False).with_user(self.env.user)
        self.put_under(order, self.process)
        for user in (maker, seller):
            user.group_ids += self.env.ref("order_sop.group_purchasing") + self.env.ref("order_sop.group_manager")
            check = self.check(order, "Approve purchasing").with_user(user)
            for action in (check.action_approve, lambda c=check: c.action_reject(REASON)):
                with self.assertRaisesRegex(AccessError, "somebody else"):
                    action()
        self.as_user("purchasing", self.check(order, "Approve purchasing")).action_approve()
        self.assertEqual(self.check(order, "Approve purchasing").decision_ids.user_id, self.users["purchasing"])

    def test_only_managers_waive_and_release(self):
        hold = self.env["sop.engine.holds"]._set(self.order, "manual")
        check = self.check(self.order, "Look finance")
        for name in set(self.users) - {"manager"}:
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.as_user(name, check).action_waive(REASON)
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.as_user(name, hold).action_release("Clarified")
        with self.assertRaisesRegex(UserError, "Say why"):
            self.as_user("manager", check).action_waive(" ")
        self.as_user("manager", check).action_waive(REASON)
        self.as_user("manager", hold).action_release("Clarified")
        self.assertEqual((check.state, check.note, self.order.sop_status), ("waived", REASON, "running"))
        with self.assertRaisesRegex(UserError, "released already"):
            self.as_user("manager", hold).action_release("Clarified")

    def test_outsiders_do_nothing_with_an_order(self):
        later = self.make_process({}, {"checkpoints": [{}], "auto_advance": False}, code="LATER")
        order = self.make_order(process=later)
        for name in ("auditor", "officer", "portal", "public", "employee"):
            for action in (
                lambda o: o.action_sop_complete(),
                lambda o: o.action_sop_send_back(later.stage_ids[0].id, REASON),
                lambda o: o.action_sop_check_again(),
            ):
                with self.subTest(name=name), self.assertRaises(AccessError):
                    action(self.as_user(name, order))
        self.assertEqual(order.sop_stage_id, later.stage_ids[1])

    def test_other_companies_are_out_of_reach(self):
        """Ids of another company's checks lead nowhere, not for managers either, unless one works there."""
        other = self.env["res.company"].create({"name": "Other company"})
        self.env.user.company_ids += other
        order = self.env["sale.order"].create({"partner_id": self.customer.id, "company_id": other.id})
        self.put_under(order, self.process)
        hold = self.env["sop.engine.holds"]._set(order, "manual")
        check = self.check(order, "Look finance")
        for record in (check, order.sop_visit_ids, hold):
            for name in ("finance", "manager", "auditor"):
                with self.subTest(record=record, name=name), self.assertRaises(AccessError):
                    self.as_user(name, record).read(["order_id"])
                self.assertFalse(self.as_user(name, record).search([("id", "in", record.ids)]))
        self.assertFalse(self.env["sop.event"].with_user(self.users["auditor"]).search([("order_id", "=", order.id)]))
        forged = {"allowed_company_ids": [self.company.id, other.id]}
        for action in (
            lambda: self.as_user("finance", check).action_pass(),
            lambda: self.as_user("finance", check).with_context(**forged).action_pass(),
            lambda: self.as_user("manager", check).action_waive(REASON),
            lambda: self.as_user("manager", hold).action_release("Clarified"),
            lambda: self.as_user("manager", order).action_sop_complete(),
        ):
            with self.assertRaises(AccessError):
                action()
        self.users["finance"].company_ids += other
        self.as_user("finance", check).with_context(**forged).action_pass()
        self.assertEqual(check.state, "passed")
