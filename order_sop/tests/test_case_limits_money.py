"""What cases give back is limited by what was billed for the goods, all ways together; and by what was cleared."""

from odoo import Command
from odoo.exceptions import AccessError, UserError

from .common_case import CaseCase


class TestCaseMoneyLimits(CaseCase):
    def refunded(self, order, **vals):
        """Return the solved case of a refund on ``order``, its credit note a draft."""
        case = self.open_case(order, **vals)
        self.assess(case)
        if case.goods_back:
            self.take_back(case)
            self.inspect(case)
        self.solve(case)
        return case

    def post(self, case):
        case.sudo().document_ids.move_id.filtered(lambda move: move.state == "draft").action_post()
        self.commit()

    def test_a_grant_and_a_return_later(self):
        """A third of the price was granted for scratches; then the goods come back: the rest is given, no more."""
        self.product.taxes_id = self.tax
        order = self.sell(lines=[(self.product, 1, 100.0)], pay=False)
        first = self.refunded(
            order, kind="complaint", solution="goodwill", line_vals={"agreed_amount": 40.0}, goods_back=False
        )
        self.post(first)
        self.agree(first)
        second = self.refunded(order)
        note = second.sudo().document_ids.move_id
        self.assertEqual((note.amount_total, len(note.invoice_line_ids)), (80.0, 2))
        self.post(second)
        self.agree(second)
        self.assert_settled(order)
        notes = (first | second).sudo().document_ids.move_id
        self.assertEqual(sum((order.invoice_ids | notes).mapped("amount_total_signed")), 0.0)

    def test_a_refund_without_goods_is_given_once(self):
        order = self.sell(lines=[(self.product, 1, 100.0)])
        first = self.refunded(order, kind="complaint", goods_back=False)
        self.assertEqual(first.sudo().document_ids.move_id.amount_total, 100.0)
        self.post(first)
        self.agree(first)
        again = self.open_case(order, kind="complaint", goods_back=False)
        self.assess(again)
        with self.assertRaisesRegex(UserError, "can be given back"):
            self.solve(again)
        again.line_ids.solution = "voucher"
        with self.assertRaisesRegex(UserError, "can be given back"):
            self.solve(again)

    def test_a_grant_on_an_order_with_a_deposit(self):
        """The last invoice is small, since a deposit was taken off: the goods cost what they cost."""
        order, transfers = self.confirm(lines=[(self.product, 1, 100.0)])
        self.pay(self.deposit(order, 90))
        self.ship(transfers)
        self.pay(self.invoice(order))
        case = self.refunded(
            order, kind="complaint", solution="goodwill", line_vals={"agreed_amount": 60.0}, goods_back=False
        )
        self.post(case)
        self.assertEqual(case.sudo().document_ids.move_id.amount_total, 60.0)

    def test_a_draft_is_posted_for_no_more_than_was_cleared(self):
        order = self.sell(lines=[(self.product, 1, 100.0)])
        case = self.refunded(order)
        note = case.sudo().document_ids.move_id
        note.invoice_line_ids.price_unit = 100.5
        with self.assertRaisesRegex(UserError, "comes to more than"):
            note.action_post()
        note.invoice_line_ids.price_unit = 90
        note.action_post()
        self.assertEqual(note.state, "posted")

    def test_what_is_approved_is_what_was_billed(self):
        """The invoice was made out for less than the order says: that is what is given back, and approved."""
        order, transfers = self.confirm(lines=[(self.product, 2, 400.0)])
        self.ship(transfers)
        invoice = self.invoice(order, post=False)
        invoice.invoice_line_ids.price_unit = 200.0
        invoice.action_post()
        case = self.open_case(order, qty=2)
        self.assertEqual(case.refund_amount, 400.0)
        case.action_sop_complete()
        self.commit()
        self.assertNotEqual(case.sop_stage_id.name, "Approval", "400 needs no approval")

    def test_small_refunds_add_up(self):
        """Three times 300 of one order: the second asks for approval."""
        order = self.sell(lines=[(self.product, 3, 300.0)])
        first = self.refunded(order)
        approvals = first.sudo().sop_check_ids.filtered(lambda check: check.kind == "approval")
        self.assertFalse(approvals.filtered(lambda check: check.state != "not_applicable"))
        second = self.open_case(order)
        self.assertEqual(second.refund_total, 600.0)
        second.action_sop_complete()
        self.commit()
        self.assertEqual(second.sop_stage_id.name, "Approval")
        self.assertIn(second, second.search([("refund_total", ">", 500)]))
        self.assertNotIn(second, second.search([("refund_total", ">", 600)]))

    def test_the_limit_is_in_the_companys_currency(self):
        """300 pounds are more than 500 where a pound is two."""
        pounds = self.env.ref("base.GBP")
        pounds.active = True
        self.env["res.currency.rate"].create({"currency_id": pounds.id, "rate": 0.5, "name": "2000-01-01"})
        pricelist = self.env["product.pricelist"].create({"name": "Pounds", "currency_id": pounds.id})
        order = self.sell(lines=[(self.product, 1, 300.0)], pricelist_id=pricelist.id)
        case = self.open_case(order)
        self.assertEqual((case.refund_amount, case.refund_total), (300.0, 600.0))
        case.action_sop_complete()
        self.commit()
        self.assertEqual(case.sop_stage_id.name, "Approval")

    def test_cancelling_takes_its_drafts_along(self):
        """The exchange order nobody confirmed, the repair nobody began, the transfer nobody did: all end with it."""
        order = self.sell(lines=[(self.product, 3, 100.0)])
        for vals in (
            {"line_vals": {"exchange_product_id": self.other_product.id}, "solution": "replace", "kind": "exchange"},
            {"solution": "refund"},
        ):
            case = self.open_case(order, **vals)
            self.assess(case)
            transfers = self.take_back(case, receive=False)
            case.sudo().action_cancel("Entered twice")
            self.commit()
            self.assertEqual((case.state, *transfers.mapped("state")), ("cancelled", "cancel"))
        case = self.refunded(order, kind="complaint", goods_back=False)
        note = case.sudo().document_ids.move_id
        case.action_cancel("He keeps it")
        self.assertEqual(note.state, "cancel")
        case = self.open_case(order)
        self.assess(case)
        self.take_back(case)
        with self.assertRaisesRegex(UserError, "have moved"):
            case.action_cancel("Too late")

    def test_a_word_from_before_the_solution_closes_nothing(self):
        order = self.sell()
        case = self.open_case(order)
        case.action_agree()
        self.assess(case)
        self.take_back(case)
        self.inspect(case)
        self.solve(case)
        self.post(case)
        self.assertEqual((case.state, case.agreed_at), ("open", False), case.sop_missing)
        self.agree(case)


class TestCaseCost(CaseCase):
    """What cases cost, by product and cause: as stock and accounting say."""

    def costs(self):
        """Return ``{(product, cause): (credit, repair, freight)}`` as After-Sales reads it."""
        self.commit()
        report = self.env["sop.case.cost"].with_user(self.users["after_sales"])
        sums = ("credit_cost:sum", "repair_cost:sum", "freight_cost:sum")
        groups = report._read_group([("order_id", "in", self.orders.ids)], ["product_id", "cause"], sums)
        return {(product.with_env(self.env), cause): tuple(costs) for product, cause, *costs in groups}

    def test_story(self):
        """A refund with freight back, a repair with a part: each by its product and whose doing it was."""
        self.product.taxes_id = self.tax
        self.other_product.standard_price = 30.0
        self.add_stock(self.other_product, 5)
        first, second = self.sell(lines=[(self.product, 2, 100.0)]), self.sell(lines=[(self.product, 1, 100.0)])
        self.orders = first | second
        case = self.open_case(first, cause="carrier")
        self.assess(case)
        transfer = self.take_back(case, receive=False)
        transfer.carrier_price = 7.5
        self.ship(transfer)
        self.inspect(case)
        note = self.solve(case).move_id
        self.assertEqual(self.costs(), {(self.product, "carrier"): (0.0, 0.0, 7.5)}, "the credit note is a draft")
        note.action_post()
        self.assertEqual(self.costs(), {(self.product, "carrier"): (100.0, 0.0, 7.5)})
        repaired = self.open_case(second, solution="repair", kind="repair", cause="product")
        self.assess(repaired)
        self.take_back(repaired)
        self.inspect(repaired, repair_qty=1)
        repair = self.solve(repaired).repair_id
        part = {"repair_line_type": "add", "product_id": self.other_product.id, "product_uom_qty": 2}
        repair.move_ids = [Command.create(part)]
        repair.action_validate()
        repair.action_repair_start()
        repair.move_ids.quantity = 2
        repair.move_ids.picked = True
        repair.action_repair_end()
        self.assertEqual(repair.state, "done")
        wanted = {(self.product, "carrier"): (100.0, 0.0, 7.5), (self.product, "product"): (0.0, 60.0, 0.0)}
        self.assertEqual(self.costs(), wanted)
        self.assertEqual((case.cost_total, repaired.cost_total), (107.5, 60.0))
        note.button_draft()
        self.assertEqual(self.costs()[self.product, "carrier"], (0.0, 0.0, 7.5))

    def test_who_may_read_it(self):
        for name in ("sales", "warehouse", "finance"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.env["sop.case.cost"].with_user(self.users[name]).search([])


class TestCorrectiveActionOwner(CaseCase):
    def test_its_owner_says_what_he_has_done(self):
        """The warehouse has to pack better: it says when that was done; who, what and by when is not its to change."""
        action = self.env["sop.corrective.action"].create(
            {"name": "Better boxes", "user_id": self.users["warehouse"].id, "due_on": "2030-01-01"}
        )
        mine = action.with_user(self.users["warehouse"])
        mine.write({"done_on": "2029-12-01", "note": "Boxes of two layers"})
        self.assertEqual(str(action.done_on), "2029-12-01")
        for vals in ({"due_on": "2031-01-01"}, {"helped": "yes"}, {"user_id": self.users["sales"].id}):
            with self.assertRaises(AccessError):
                mine.write(vals)
        with self.assertRaises(AccessError):
            action.with_user(self.users["logistics"]).done_on = False
        action.with_user(self.users["after_sales"]).helped = "yes"
