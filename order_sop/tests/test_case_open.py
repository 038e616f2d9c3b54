from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common_case import CaseCase


class TestCaseOpen(CaseCase):
    """A case begins on the order or its delivery, and stands on both; whose activities it has are its own."""

    def open_form(self, action, user):
        """Return the case that ``user`` enters in the form that ``action`` opens."""
        self.assertEqual((action["res_model"], action["res_id"]), ("sop.case", False))
        cases = self.env["sop.case"].with_user(user).with_context(**action["context"])
        with Form(cases) as form:
            form.subject = "It squeaks"
            form.kind = "complaint"
        return form.record

    def test_from_the_order_and_the_delivery(self):
        order = self.sell()
        self.put_under(order, self.make_process({"auto_advance": False}, code="ANY"))
        user = self.users["customer_service"]
        case = self.open_form(order.with_user(user).action_sop_open_case(), user)
        self.assertEqual((case.order_id, case.partner_id, case.company_id), (order, order.partner_id, self.company))
        self.assertEqual(order.with_user(user).sop_case_count, 1)
        found = self.env["sop.case"].search(order.with_user(user).action_view_sop_cases()["domain"])
        self.assertEqual(found, case.with_env(self.env))
        delivery = order.picking_ids.with_user(self.users["after_sales"])
        case = self.open_form(delivery.action_sop_open_case(), self.users["after_sales"])
        self.assertEqual((case.order_id, case.picking_id), (order, order.picking_ids))

    def test_not_from_everything_nor_by_everybody(self):
        draft = self.make_order()
        after_sales = self.users["after_sales"]
        with self.assertRaisesRegex(UserError, "not confirmed"):
            draft.with_user(after_sales).action_sop_open_case()
        order = self.sell()
        back = self.send_back(order.picking_ids, 1)
        with self.assertRaisesRegex(UserError, "nothing to a customer"):
            back.with_user(after_sales).action_sop_open_case()
        with self.assertRaises(AccessError):
            order.with_user(self.users["warehouse"]).action_sop_open_case()
        with self.assertRaises(AccessError):
            (order.picking_ids - back).with_user(self.users["legal"]).action_sop_open_case()

    def test_without_a_process_nothing_is_asked(self):
        order = self.sell()
        self.env.flush_all()
        self.env.invalidate_all()
        order.sop_process_id  # noqa: B018 -- read ahead
        with self.assertQueryCount(0):
            self.assertEqual(order.sop_case_count, 0)

    def test_activities_are_for_cases_too(self):
        """What is to be done about a case: Odoo takes types of activities without a model on any document."""
        case = self.open_case(self.sell())
        case.sudo().sop_department_id.lead_id = self.users["after_sales"]
        with self.assertNoLogs("odoo.addons.mail", "WARNING"):
            hold_type = self.env.ref("order_sop.hold_type_case_customer")
            case.action_sop_hold(hold_type.id, "He sends it next week")
            case.sudo()._sop_tell_hold(case.sudo().sop_hold_ids)  # as of a hold that was set by itself
            alert = {"kind": "breach", "visit_id": case.sudo().sop_visit_id.id, "level": 0}
            self.env["sop.engine.alert"]._raise([alert], journal := [])
            self.env["sop.engine.evaluation"]._close_journal(journal)
            self.env["sop.engine.alert.teller"]._tell(case.sudo().sop_alert_ids)
        kinds = case.sudo().activity_ids.activity_type_id
        self.assertIn(self.env.ref("order_sop.mail_activity_hold"), kinds)
        self.assertIn(self.env.ref("order_sop.mail_activity_alert"), kinds)
