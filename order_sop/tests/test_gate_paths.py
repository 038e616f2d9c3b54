"""The gates on paths inside the server: server actions, crons, superuser code, x2many commands of other records."""

from odoo import Command
from odoo.tests import tagged

from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestGatePaths(GateCase):
    def run_action(self, records, **vals):
        """Run a server action on ``records`` as an administrator's automation does."""
        action = self.env["ir.actions.server"].create(
            {"name": "Automation", "model_id": self.env["ir.model"]._get(records._name).id, **vals}
        )
        context = {"active_model": records._name, "active_ids": records.ids, "active_id": records[:1].id}
        return action.with_context(**context).run()

    def test_server_actions_of_code(self):
        order = self.make_gated()
        for code in (
            "records.action_confirm()",
            "records.sudo().write({'state': 'sale'})",
            "records.with_user(1).action_confirm()",
            "records._action_confirm() or records.update({'state': 'sale'})",
        ):
            self.assert_closed(lambda code=code: self.run_action(order, state="code", code=code), "Reviewed")
            self.assertEqual(order.state, "draft")
        delivery = self.make_confirmed().picking_ids
        delivery.action_assign()
        delivery.move_ids.picked = True
        self.assert_closed(lambda: self.run_action(delivery, state="code", code="records._action_done()"), "Packed")
        invoice = self.make_delivered()._create_invoices()
        self.assert_closed(lambda: self.run_action(invoice, state="code", code="records._post()"), "Receipt proven")

    def test_server_actions_that_update_a_field(self):
        order = self.make_gated()
        state = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "sale.order"), ("field_id.name", "=", "state"), ("value", "=", "sale")]
        )
        self.assert_closed(
            lambda: self.run_action(order, state="object_write", update_path="state", selection_value=state.id),
            "Reviewed",
        )
        self.assertEqual(order.state, "draft")

    def test_a_cron_that_confirms(self):
        order = self.make_gated()
        cron = self.env["ir.cron"].create(
            {
                "name": "Confirms all there is",
                "model_id": self.env["ir.model"]._get("sale.order").id,
                "state": "code",
                "code": f"model.browse({order.ids}).action_confirm()",
            }
        )
        self.assert_closed(lambda: cron.ir_actions_server_id.run(), "Reviewed")
        self.assertEqual(order.state, "draft")

    def test_superuser_and_administrator(self):
        order = self.make_gated()
        admin = self.env.ref("base.user_admin")
        for user_order in (order.sudo(), order.with_user(admin), order.with_user(1), order.with_user(1).sudo()):
            self.assert_closed(user_order.action_confirm, "Reviewed")
            self.assert_closed(lambda o=user_order: o.write({"state": "sale"}), "Reviewed")

    def test_by_commands_of_another_record(self):
        order = self.make_gated()
        customer = order.partner_id
        self.assert_closed(
            lambda: customer.write({"sale_order_ids": [Command.update(order.id, {"state": "sale"})]}), "Reviewed"
        )
        self.assert_closed(
            lambda: order.order_line.write({"order_id": order.id}) and order.update({"state": "sale"}), "Reviewed"
        )
        delivered = self.make_delivered()
        invoice = delivered._create_invoices()
        self.assert_closed(
            lambda: customer.write({"invoice_ids": [Command.update(invoice.id, {"state": "posted"})]}),
            "Receipt proven",
        )
        delivery = self.make_confirmed().picking_ids
        batch = self.env["stock.picking.batch"].create({"picking_ids": [Command.set(delivery.ids)]})
        update = Command.update(delivery.id, {"move_ids": [Command.update(delivery.move_ids.id, {"state": "done"})]})
        self.assert_closed(lambda: batch.write({"picking_ids": [update]}), "Packed")

    def test_a_copy_starts_from_the_beginning(self):
        self.company.sop_active = True
        original = self.make_settled()
        copies = original.copy() | original.copy({"state": "draft"})
        self.commit()
        for copy in copies:
            self.assertEqual((copy.sop_stage_id.name, copy.sop_status), ("Review", "running"))
            self.assertFalse(copy.sop_check_ids & original.sop_check_ids)
            self.assert_closed(copy.action_confirm, copy.name, "Reviewed")

    def test_lines_moved_into_a_confirmed_order(self):
        """What is added to a confirmed order is content that was not looked at."""
        process = self.make_process(
            self.stage("Review", "confirm", {"name": "Terms", "kind": "approval"}, department="legal"),
            self.stage("Pack", "ship", {"name": "Packed", "scope": "delivery"}, department="warehouse"),
            code="TERMS",
        )
        order = self.make_gated(process)
        self.check(order, "Terms").with_user(self.users["legal"]).action_approve()
        order.action_confirm()
        self.tick(order, "Packed")
        other = self.make_order(lines=[(self.other_product, 5, 300.0)])
        other.order_line.order_id = order
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Review")
        self.assert_closed(lambda: self.ship(order.picking_ids[:1]), "Terms")

    def test_two_companies_each_by_its_own_process(self):
        """The order's company decides, whatever company the user works in."""
        other = self.env["res.company"].create({"name": "Other company", "sop_active": True})
        self.env.user.company_ids += other
        self.gated.action_new_version()
        order = (
            self.env["sale.order"].with_company(other).create({"partner_id": self.customer.id, "company_id": other.id})
        )
        order.order_line = [Command.create({"product_id": self.product.id, "price_unit": 100})]
        self.commit()
        self.assertEqual(order.sop_process_id, self.gated)
        for company in (other, self.company):
            self.assert_closed(order.with_company(company).action_confirm, "Reviewed")
            self.assert_closed(order.with_context(allowed_company_ids=company.ids).action_confirm, "Reviewed")
