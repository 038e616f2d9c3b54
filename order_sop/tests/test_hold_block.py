"""A blocked customer: all that is open is on hold, and all that comes, in the companies of whoever blocks."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_holds import HoldCase

WHY = "三张发票逾期未付"


@tagged("post_install", "-at_install")
class TestHoldBlock(HoldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["finance"].group_ids += cls.env.ref("base.group_partner_manager")
        cls.contact = cls.env["res.partner"].create({"name": "Branch", "parent_id": cls.customer.id})

    def block(self, name="finance", partner=None, reason=WHY):
        (partner or self.customer).with_user(self.users[name]).action_sop_block(reason)
        self.commit()

    def unblock(self, name="finance", partner=None, reason="已全部付清"):
        (partner or self.customer).with_user(self.users[name]).action_sop_unblock(reason)
        self.commit()

    def test_all_that_is_open_and_all_that_comes(self):
        open_orders = self.make_gated() | self.make_reviewed(partner=self.contact) | self.make_confirmed()
        done, cancelled = self.make_settled(), self.make_gated()
        self.tick(done, "Nothing open")
        self.tick(done, "Asked the customer")
        cancelled._action_cancel()
        bystander, legacy = self.make_gated(partner=self.consumer), self.make_order()
        self.commit()
        self.block(partner=self.contact)
        for order in open_orders:
            self.assertEqual((order.sop_status, self.open_holds(order)), ("on_hold", ["blocked"]))
            self.assertEqual(order.sop_hold_ids.reason, f"Business Customer is blocked: {WHY}")
        self.assertEqual([self.open_holds(o) for o in (done, cancelled, bystander, legacy)], [[]] * 4)
        self.assert_closed(open_orders[1].action_confirm, "Customer blocked")
        self.assertEqual(self.open_holds(self.make_gated()), ["blocked"], "a new one starts on hold")
        cancelled.action_draft()
        self.commit()
        self.assertEqual(self.open_holds(cancelled), ["blocked"], "one that comes back too")
        sent = self.make_gated(partner=self.consumer, partner_shipping_id=self.contact.id)
        self.assertEqual(self.open_holds(sent), ["blocked"], "whoever pays: the goods are for him")
        self.assertIn(WHY, self.customer.message_ids[0].body)
        self.unblock()
        for order in open_orders | cancelled | sent:
            self.assertEqual((order.sop_status, self.open_holds(order)), ("running", []))
        self.assertEqual(open_orders[0].sop_hold_ids.release_reason, "已全部付清")
        self.assertEqual(self.open_holds(self.make_gated()), [])
        block = self.env["sop.block"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((block.reason, block.lift_reason), (WHY, "已全部付清"))

    def test_an_exception_for_one_order(self):
        order = self.make_gated()
        self.block()
        self.release("finance", order.sop_hold_ids, "This one is paid in advance")
        self.env["sop.engine.evaluation"]._run(order)
        self.assertEqual(self.open_holds(order), [])
        order.order_line.product_uom_qty = 99
        self.commit()
        self.assertEqual(self.open_holds(order), ["blocked"])

    def test_the_customer_is_changed(self):
        order = self.make_gated(partner=self.consumer)
        self.block()
        order.partner_id = self.customer
        self.commit()
        self.assertEqual(self.open_holds(order), ["blocked"])

    def test_only_who_may(self):
        for name in ("sales", "customer_service", "warehouse", "auditor", "officer"):
            with self.assertRaises(AccessError, msg=name):
                self.block(name)
        with self.assertRaisesRegex(UserError, "Say why"):
            self.block(reason=" ")
        self.block("manager")
        for name in ("sales", "customer_service", "auditor"):
            with self.assertRaises(AccessError, msg=name):
                self.unblock(name)
        with self.assertRaisesRegex(UserError, "blocked already"):
            self.block()
        self.unblock()
        with self.assertRaisesRegex(UserError, "not blocked"):
            self.unblock()

    def test_companies_are_apart(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.env.user.company_ids += other
        abroad = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        self.put_under(abroad, self.gated)
        here = self.make_gated()
        forged = self.customer.with_user(self.users["finance"]).with_context(allowed_company_ids=[other.id])
        with self.assertRaises(AccessError):
            forged.action_sop_block(WHY)
        self.block()
        self.assertEqual((self.open_holds(here), self.open_holds(abroad)), (["blocked"], []))
        partner = self.customer.with_user(self.users["finance"])
        self.assertTrue(partner.sop_blocked)
        self.assertFalse(self.customer.with_company(other).with_context(allowed_company_ids=[other.id]).sop_blocked)
        self.users["finance"].company_ids += other
        both = [self.company.id, other.id]
        partner.with_context(allowed_company_ids=both).action_sop_block("Abroad as well")
        self.assertEqual(self.open_holds(abroad), ["blocked"])
        partner.with_context(allowed_company_ids=self.company.ids).action_sop_unblock("Paid here")
        self.assertEqual((self.open_holds(here), self.open_holds(abroad)), ([], ["blocked"]))

    def test_merged_into_another_customer_he_stays_blocked(self):
        double = self.env["res.partner"].create({"name": "Double", "is_company": True})
        self.block(partner=double)
        self.env["base.partner.merge.automatic.wizard"]._merge((double | self.customer).ids, self.customer)
        self.commit()
        self.assertTrue(self.customer.sop_blocked)
        self.assertEqual(self.open_holds(self.make_gated()), ["blocked"])

    def test_only_a_blocked_contact_makes_everybody_look_anew(self):
        one, other, double = self.env["res.partner"].create([{"name": f"Contact {number}"} for number in range(3)])
        for partner in (other, double):
            self.block(partner=partner)
        self.commit()
        forgotten = []
        self.patch(type(self.env["sop.block"]), "_forget_blocks", lambda block: forgotten.append(True))
        one.unlink()
        self.assertFalse(forgotten)
        other.unlink()
        self.assertEqual(len(forgotten), 1)
        self.env["base.partner.merge.automatic.wizard"]._merge((double | self.customer).ids, self.customer)
        self.assertEqual(len(forgotten), 2)

    def test_nobody_leaves_a_blocked_family(self):
        self.users["sales"].group_ids += self.env.ref("base.group_partner_manager")
        order = self.make_gated()
        self.block()
        other = self.env["res.partner"].create({"name": "Another company", "is_company": True})
        for partner, vals in ((self.contact, {"parent_id": other.id}), (self.customer, {"parent_id": other.id})):
            with self.assertRaisesRegex(AccessError, "Business Customer is blocked"):
                partner.with_user(self.users["sales"]).write(vals)
        self.customer.with_user(self.users["finance"]).parent_id = other
        order.with_user(self.users["manager"]).action_sop_check_again()
        self.assertEqual(self.open_holds(order), ["blocked"], "he himself is blocked, whoever he belongs to")

    def test_the_form_and_the_search(self):
        form = Form(self.customer.with_user(self.users["finance"]))
        self.assertEqual((form.sop_blocked, form.sop_may_block), (False, True))
        action = self.customer.with_user(self.users["finance"]).action_sop_block()
        dialog = self.open_dialog("finance", action)
        dialog.reason = WHY
        dialog.action_confirm()
        form = Form(self.contact.with_user(self.users["sales"]))
        self.assertEqual((form.sop_blocked, form.sop_may_block), (True, False))
        self.assertIn(WHY, form.sop_block_reason)
        found = self.env["res.partner"].with_user(self.users["sales"]).search([("sop_blocked", "=", True)])
        self.assertIn(self.contact, found)
        self.assertNotIn(self.consumer, found)
