"""What accountants choose and hand over, and what the tie-out says of drafts and of contacts that were merged."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common_settlement import ClosingCase
from .common_statements import FIRST


@tagged("post_install", "-at_install")
class TestSettlementDesk(ClosingCase):
    def test_kinds_are_ticked(self):
        form = Form(self.env["sop.difference.reason"].with_user(self.users["finance"]))
        form.name = "Freight"
        form.for_price = True
        form.for_overdue = True
        reason = form.save()
        self.assertEqual(reason.kinds, "price,overdue")
        self.assertEqual(reason.kind_names, "Invoiced at Another Price, Overdue")
        self.assertTrue(reason._fits("price"))
        self.assertFalse(reason._fits("paid_over"))
        with Form(reason) as form:
            form.for_price = form.for_overdue = False
        self.assertFalse(reason.kinds)
        self.assertTrue(reason._fits("paid_over"))
        with self.assertRaises(ValidationError):
            reason.kinds = "bribe"
        self.assertTrue(self.reason("instalments").for_paid_short)

    def test_handed_over(self):
        order = self.first
        difference = self.look(order)[:1]
        other = new_test_user(self.env, login="sop_finance_2", groups="order_sop.group_finance")
        finance = difference.with_user(self.users["finance"])
        wizard = self.env["sop.difference.handover"].with_user(self.users["finance"])
        form = Form(wizard.with_context(**finance.action_open_handover()["context"]))
        self.assertIn(other, form.possible_user_ids[:])
        self.assertNotIn(self.users["sales"], form.possible_user_ids[:])
        form.user_id = other
        form.save().action_confirm()
        self.assertEqual(difference.user_id, other)
        self.assertEqual(difference.event_ids[:1].code, "assigned")
        with self.assertRaises(UserError):
            wizard.create({"difference_ids": difference.ids, "user_id": self.users["sales"].id}).action_confirm()
        for user in ("sales", "auditor"):
            with self.assertRaises(AccessError):
                wizard.with_user(self.users[user]).create({"difference_ids": difference.ids, "user_id": other.id})

    def test_quantities_have_the_units_digits(self):
        self.env.ref("uom.decimal_product_uom").digits = 3
        self.assertEqual(self.env["sop.closing.line"].fields_get(["invoiced"])["invoiced"]["digits"], (16, 3))

    def test_a_third_is_signed_as_it_is(self):
        with self.on("2025-02-15"):
            orders = self.env["sale.order"].union(*(self.make_order(lines=[(self.service, 1, 30.0)]) for _ in "abc"))
            orders.action_confirm()
            invoice = self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": "2025-02-15",
                    "invoice_line_ids": [
                        (
                            0,
                            0,
                            {
                                "name": "x",
                                "quantity": 1,
                                "price_unit": 90,
                                "tax_ids": [],
                                "sale_line_ids": [(6, 0, orders.order_line.ids)],
                            },
                        )
                    ],
                }
            )
            invoice.action_post()
        closing = self.sign()
        lines = self.lines(closing, orders)
        self.assertEqual([round(quantity, 6) for quantity in lines.mapped("invoiced")], [0.333333] * 3)
        self.assertFalse(self.late(closing, orders))
        self.assertEqual(closing.action_verify()["params"]["type"], "success")

    # -- drafts in the tie-out -----------------------------------------------------------------------------------------

    def tie(self, partner, day=None):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["sop.tie.out"].with_context(sop_day=day)
        return rows.search([("partner_id", "=", partner.id), ("company_id", "=", self.company.id)])

    def test_a_draft_makes_nobody_red(self):
        term = self.invoice_1.line_ids.filtered(lambda line: line.display_type == "payment_term")
        term.matched_credit_ids.credit_move_id.move_id.origin_payment_id.action_draft()
        self.assertTrue(term.matched_credit_ids, "Odoo keeps what was reconciled")
        row = self.tie(self.customer)
        self.assertEqual((row.crossed, row.wrong, row.difference), (False, False, 0))
        self.assertEqual((row.balance, row.orders), (1000, 1000))

    # -- merged contacts -----------------------------------------------------------------------------------------------

    def test_merged_into_a_contact(self):
        """Who is merged into a contact of a company is that company from then on, in all that is per customer."""
        double = self.env["res.partner"].create({"name": "Double", "email": "double@example.com"})
        clerk = self.env["res.partner"].create({"name": "Clerk", "parent_id": double.id})
        house = self.env["res.partner"].create({"name": "House", "email": "house@example.com"})
        contact = self.env["res.partner"].create({"name": "Contact", "parent_id": house.id})
        with self.on("2025-02-10"):
            orders = self.make_order(partner=double, lines=[(self.service, 1, 10.0)])
            orders += self.make_order(partner=clerk, lines=[(self.service, 2, 10.0)])
            orders += self.make_order(partner=contact, lines=[(self.service, 3, 10.0)])
            orders.action_confirm()
        for order in orders:
            self.bill(order, "2025-02-12")
        closing = self.sign(partner_id=double.id)
        self.assertEqual(closing.line_count, 2)
        self.look(orders)
        engine = self.env["sop.engine.statement"].with_user(self.users["finance"])
        days = [self.env["sop.statement"]._fields["date_to"].to_date(day) for day in FIRST]
        statement, _others = engine._make(double.with_env(engine.env), self.company, *days)
        engine._send_now(statement)
        closings, statement = closing.sudo(), statement.with_env(self.env)

        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge((double | contact).ids, contact)
        self.env.flush_all()
        self.env.invalidate_all()

        self.assertEqual((orders.partner_id | clerk).commercial_partner_id, house)
        rows = self.env["sop.settlement.order"].search([("partner_id", "=", house.id)])
        self.assertEqual(rows.order_id, orders)
        row = self.tie(house)
        self.assertEqual((row.balance, row.orders, row.difference, row.crossed), (60, 60, 0, False))
        self.assertFalse(self.tie(contact))
        self.assertEqual(statement.partner_id, house)
        figures = self.env["sop.statement.figures"]._get_figures(house, self.company, *days)[house.id]
        self.assertEqual(figures["currencies"][0]["closing"], "60.00")
        self.assertIn("30", statement.closing, "what was sent stays")
        self.assertEqual(self.differences(orders).partner_id, house)
        self.assertEqual(closings.partner_id, house)
        self.assertEqual((closings.partner_name, closings.partner_ref), ("Double", double.id))
        self.assertEqual(closings.action_verify()["params"]["type"], "success")
        self.assertEqual(self.late(closings, orders).order_id, orders[2], "the house's own, which he did not have")
        statement.with_user(self.users["finance"]).action_compare()
        self.assertEqual(statement.late_count, 1)
        again = self.make_closing(day="2025-02-27", partner_id=house.id)
        again.action_sign()
        self.assertEqual(again.sudo().line_ids.order_id, orders)
