"""What the registry keeps for approvals from one request to the next follows what it was read from."""

from odoo import Command
from odoo.tests import tagged

from ..engine.reading import linked_ids, read_links
from .common_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalKept(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = [cls.users["clerk"].id, cls.users["second"].id]
        cls.process = cls.make_approvals({"approver_kind": "users", "user_ids": users})
        cls.order = cls.make_waiting(cls.process)

    def forget(self):
        """End the request: its cache is gone."""
        self.commit()
        self.env.invalidate_all()

    def test_who_leaves_the_company_approves_no_more(self):
        clerk, company = self.users["clerk"], self.order.company_id
        approver = self.env["sop.engine.approver"]
        self.assertTrue(approver._may_approve(clerk, company))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        clerk.write({"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]})
        self.assertFalse(approver._may_approve(clerk, company))
        company.user_ids = [Command.link(clerk.id)]
        self.forget()
        self.assertTrue(approver._may_approve(clerk, company))
        company.user_ids = [Command.unlink(clerk.id)]
        self.forget()
        self.assertFalse(approver._may_approve(clerk, company))
        self.assertIn("not for you", self.decide(self.order, "clerk"))
        self.assertFalse(self.decide(self.order, "second"))

    def test_amounts_are_rounded_as_the_currency_rounds_now(self):
        self.order.order_line.price_unit = 100.37
        self.forget()
        approver, currency = self.env["sop.engine.approver"], self.order.company_id.currency_id
        before = approver._get_basis(self.order)[self.order]["margin"]
        self.assertTrue(before % 1)
        currency.rounding = 1.0
        self.forget()
        self.assertEqual(approver._get_basis(self.order)[self.order]["margin"], round(before))

    def test_names_are_in_the_language_of_who_reads(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        stage = {"name": "Look", "department_id": self.departments["sales"].id}
        process = self.env["sop.process"].create(
            {"name": "Names", "code": "NAMES", "stage_ids": [Command.create(stage)]}
        )
        process.stage_ids.with_context(lang="zh_CN").name = "看"
        process.action_publish()
        for language, name in (("en_US", "Look"), ("zh_CN", "看"), ("en_US", "Look")):
            self.forget()
            stage = process.with_context(lang=language)._warm_up().stage_ids
            with self.assertQueryCount(0):
                self.assertEqual(stage.name, name)
            self.assertEqual(stage.with_context(lang="en_US").name, "Look")

    def test_links_read_together_are_what_the_orm_reads(self):
        approvals = self.approvals(self.order)
        tax = self.env["account.tax"].create({"name": "Once", "amount": 5.0, "active": False})
        self.order.order_line.tax_ids = [Command.link(tax.id)]
        self.users["second"].active = False
        wanted = [(approvals, "user_ids"), (approvals, "guest_ids"), (self.order.order_line, "tax_ids")]
        self.forget()
        expected = [set(linked_ids(records, name)) for records, name in wanted]
        self.assertIn(tax.id, expected[2])
        self.forget()
        read_links(*wanted)
        with self.assertQueryCount(0):
            self.assertEqual([set(linked_ids(records, name)) for records, name in wanted], expected)
            read_links(*wanted)
