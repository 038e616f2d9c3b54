from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import DEPARTMENTS, SopCase

EVERYBODY = (*DEPARTMENTS, "auditor", "officer", "manager")
READERS_OF_BOOKS = ("finance", "auditor")
READERS_OF_LOG = ("auditor", "manager")
ACTIONS = (
    "sale_order_action",
    "sale_order_action_tower",
    "sale_order_action_board",
    "sop_work_action",
    "sop_process_action",
    "sop_department_action",
    "sop_visit_action",
    "sop_check_action",
    "sop_decision_action",
    "sop_approval_action",
    "sop_delegation_action",
    "sop_hold_action",
    "sop_alert_action",
    "sop_rating_action",
)


class TestViews(SopCase):
    """Every department opens the lists of the SOP and the forms that it works on without an access error."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        process = cls.make_process(
            {
                "name": "Receipt",
                "instruction": "<p>Compare it with what the customer sent.</p>",
                "checkpoints": [
                    {"name": "Looked at", "kind": "manual", "evidence_required": True},
                    {"name": "Finance agrees", "kind": "approval", "department_id": cls.departments["finance"].id},
                    # something for everybody: who has no work on an order does not see it
                    *(
                        {"name": f"Noted by {name}", "blocking": False, "department_id": department.id}
                        for name, department in cls.departments.items()
                    ),
                ],
                "time_limit_hours": 8,
            },
            {
                "name": "Ship",
                "gate": "ship",
                "checkpoints": [{"name": "Packed", "kind": "manual", "scope": "delivery"}],
            },
        )
        carrier = cls.env["delivery.carrier"].create(
            {"name": "Courier", "product_id": cls.service.id, "zip_prefix_ids": [Command.create({"name": "1"})]}
        )
        cls.env["sop.delegation"].create({"user_id": cls.users["finance"].id, "delegate_id": cls.users["legal"].id})
        cls.order = cls.make_order(user_id=cls.users["sales"].id)
        cls.order.rating_apply(5, token=cls.order._sop_get_rating_token())
        cls.order.action_confirm()
        cls.order.picking_ids.carrier_id = carrier
        cls.invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "quantity": 1,
                            "sale_line_ids": [Command.link(cls.order.order_line.id)],
                        }
                    )
                ],
            }
        )
        cls.put_under(cls.order, process)
        cls.env["sop.engine.holds"]._set(cls.order, "manual", note="Wait for Monday")
        cls.env["sop.engine.alert"]._raise([{"kind": "warning", "visit_id": cls.order.sop_visit_id.id}])
        attachment = cls.env["ir.attachment"].with_user(cls.users["sales"]).create({"name": "photo.png", "raw": b"x"})
        cls.check(cls.order, "Looked at").with_user(cls.users["sales"]).action_pass("Seen", attachment.ids)
        cls.check(cls.order, "Finance agrees").with_user(cls.users["finance"]).action_reject("Too much")
        cls.commit()

    def open_form(self, record, name):
        """Read ``record`` with all that its form shows, as the user called ``name``."""
        self.env.invalidate_all()
        with self.subTest(model=record._name, user=name):
            return Form(record.with_user(self.users[name]))

    def open_action(self, xml_id, name):
        """Read the first page of every view of an action, as the user called ``name``."""
        self.env.invalidate_all()
        with self.subTest(action=xml_id, user=name):
            action = self.env["ir.actions.act_window"].with_user(self.users[name])._for_xml_id(f"order_sop.{xml_id}")
            model = self.env[action["res_model"]].with_user(self.users[name])
            search = action["search_view_id"]
            views = [view for view in action["views"] if view[1] != "form"] + [(search and search[0], "search")]
            for view_type, view in model.get_views(views)["views"].items():
                if view_type != "search":
                    fields = {node.get("name"): {} for node in etree.fromstring(view["arch"]).iter("field")}
                    self.assertTrue(model.web_search_read([], fields, limit=80)["records"])

    # -- forms ---------------------------------------------------------------------------------------------------------

    def test_order_form_for_everybody(self):
        for name in EVERYBODY:
            form = self.open_form(self.order, name)
            self.assertEqual(form.sop_panel["stage"]["name"], "Receipt", name)

    def test_delivery_form_for_everybody(self):
        for name in EVERYBODY:
            form = self.open_form(self.order.picking_ids, name)
            self.assertEqual(form.sop_panel["order"]["id"], self.order.id, name)

    def test_invoice_form_for_who_works_on_it(self):
        for name in READERS_OF_BOOKS:
            form = self.open_form(self.invoice, name)
            self.assertEqual(form.sop_panel["order"]["id"], self.order.id, name)

    def test_documents_without_a_process_show_no_panel(self):
        order = self.make_order()
        order.action_confirm()
        for record in (order, order.picking_ids):
            self.assertFalse(self.open_form(record, "manager").sop_panel)

    def test_definition_and_runtime_forms_for_everybody(self):
        records = [
            self.order.sop_process_id,
            self.order.sop_stage_id,
            self.order.sop_stage_id.checkpoint_ids[0],
            self.departments["legal"],
            self.order.sop_visit_id,
            self.check(self.order, "Looked at"),
            self.order.sop_hold_ids,
            self.order.sop_alert_ids[0],
            self.env["sop.decision"].search([("order_id", "=", self.order.id)]),
        ]
        for name in EVERYBODY:
            for record in records:
                self.assertTrue(record, "nothing to open")
                self.open_form(record, name)

    def test_log_form_for_auditor_and_manager(self):
        event = self.env["sop.event"].search([("order_id", "=", self.order.id)], limit=1)
        for name in READERS_OF_LOG:
            self.assertEqual(self.open_form(event, name).order_name, self.order.name)
            self.open_action("sop_event_action", name)

    # -- lists, kanban, search -----------------------------------------------------------------------------------------

    def test_actions_for_everybody(self):
        for name in EVERYBODY:
            for xml_id in ACTIONS:
                self.open_action(xml_id, name)

    def test_readers_see_of_the_books_what_bills_an_order(self):
        other = self.env["account.move"].create({"move_type": "entry"})
        moves = (self.invoice | other).with_user(self.users["legal"])
        self.assertEqual(moves._filtered_access("read"), self.invoice)

    # -- dialogs -------------------------------------------------------------------------------------------------------

    def test_dialog_of_a_check(self):
        check = self.check(self.order, "Finance agrees").with_user(self.users["manager"])
        action = check.with_context(sop_operation="waive").action_open_dialog()
        dialog = check.env[action["res_model"]].with_context(**action["context"])
        with Form(dialog) as form:
            form.note = "Agreed by phone"
        form.record.action_confirm()
        self.assertEqual((check.state, check.note), ("waived", "Agreed by phone"))

    def test_dialog_of_an_approval(self):
        approval = self.check(self.order, "Finance agrees").approval_ids.with_user(self.users["finance"])
        action = approval.with_context(sop_operation="approve").action_open_dialog()
        dialog = approval.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((dialog.line_ids.order_id, dialog.line_ids.amount_total), (self.order, 200.0))
        with Form(dialog) as form:
            form.comment = "Within the limit after all"
        dialog.action_confirm()
        self.assertEqual(self.check(self.order, "Finance agrees").state, "passed")

    def test_dialog_that_sends_back(self):
        self.check(self.order, "Finance agrees").with_user(self.users["manager"]).action_waive("Agreed by phone")
        self.commit()
        self.assertEqual(self.order.sop_stage_id.name, "Ship")
        action = self.order.with_user(self.users["manager"]).action_sop_send_back()
        dialog = self.env[action["res_model"]].with_user(self.users["manager"]).with_context(**action["context"])
        with Form(dialog) as form:
            form.stage_id = self.order.sop_process_id.stage_ids[0]
            form.reason = "The address is wrong"
        form.record.action_confirm()
        self.assertEqual(self.order.sop_stage_id.name, "Receipt")
        self.assertIn("The address is wrong", self.order.sop_panel["sent_back"])


@tagged("post_install", "-at_install")
class TestReading(SopCase):
    def test_an_employee_outside_the_sop_reads_nothing_of_it(self):
        """Whoever may not see an order sees none of its checks, visits, holds and decisions either."""
        process = self.make_process(
            {"checkpoints": [{"kind": "approval", "department_id": self.departments["legal"].id}]}
        )
        order = self.make_order(process=process)
        outsider = new_test_user(self.env, login="sop_outsider", groups="base.group_user")
        member = new_test_user(self.env, login="sop_member", groups="order_sop.group_user")
        for model in ("sop.visit", "sop.check", "sop.hold", "sop.decision", "sop.event"):
            with self.subTest(model):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(outsider).search_count([])
                if model != "sop.event":
                    self.assertFalse(self.env[model].with_user(member).search_count([("order_id", "=", order.id)]))
        for name, sees in (("legal", True), ("auditor", True), ("purchasing", False)):
            checks = self.env["sop.check"].with_user(self.users[name])
            self.assertEqual(bool(checks.search_count([("order_id", "=", order.id)])), sees, name)

    def test_a_salesperson_outside_the_sop_reads_his_order_as_ever(self):
        order = self.make_order(process=self.make_process({"checkpoints": [{"kind": "manual"}]}))
        outsider = new_test_user(self.env, login="sop_seller", groups="sales_team.group_sale_salesman")
        order.user_id = outsider
        [values] = order.with_user(outsider).read()
        self.assertNotIn("sop_check_ids", values)
        self.assertEqual(values["name"], order.name)
