from odoo.tests import TransactionCase, tagged

from .common import SopFixture


@tagged("-at_install", "post_install")
class TestCaseFlow(SopFixture, TransactionCase):
    """A case walks through the process of cases by the same engine as an order through its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_company()
        cls.process = cls.env.ref("order_sop.process_case")
        cls.order = cls.make_order(lines=[(cls.product, 3, 100.0)])
        cls.order.action_confirm()
        cls.company.sop_active = True
        cls.reason = cls.env.ref("order_sop.case_reason_defective")

    def make_case(self, user="customer_service", **vals):
        """Return a case entered by somebody of a department, evaluated."""
        case = (
            self.env["sop.case"]
            .with_user(self.users[user])
            .create({"order_id": self.order.id, "subject": "Two chairs wobble"} | vals)
        )
        self.commit()
        return case

    def answer(self, case):
        case.with_user(self.users["customer_service"]).message_post(
            body="We look at it today.",
            partner_ids=case.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
        )
        self.commit()

    def test_story(self):
        """A complaint: answered by Customer Service, assessed by After-Sales, closed with the customer's word."""
        case = self.make_case(kind="complaint")
        self.assertEqual(case.sop_process_id, self.process)
        self.assertEqual(case.sop_stage_id.name, "Received")
        self.assertIn("waits for a first answer", case.sop_missing)
        self.assertTrue(case.promised_at)
        self.answer(case)
        self.assertEqual(case.sop_stage_id.name, "Assessment")
        case.with_user(self.users["after_sales"]).action_sop_complete()
        self.commit()
        self.assertEqual(case.sop_stage_id.name, "Conclusion", "nothing comes back, nothing is given back")
        self.assertIn("without a word it is closed", case.sop_missing)
        case.with_user(self.users["customer_service"]).action_agree()
        self.commit()
        self.assertEqual((case.state, case.sop_status), ("closed", "done"))
        self.assertEqual(self.env["sop.engine.log"]._verify(case.ids, "sop.case"), [])
        self.assertFalse(self.order.sudo().sop_visit_ids.case_id, "the order's own flow knows nothing of it")
