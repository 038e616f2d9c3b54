"""What cases cost, and what of it deviations cost: small cases in two currencies, and the rows behind the figures."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..reports.kpi_scope import Scope
from .common_case import CaseCase

CODES = ("case_cost", "deviation_cost", "case_cost_share")


@tagged("post_install", "-at_install")
class TestKpiCosts(CaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ordering = cls.make_process(
            {"name": "Look", "auto_advance": False, "checkpoints": [{"name": "Seen", "kind": "manual"}]}, code="LOOK"
        )
        cls.today = fields.Date.today()
        cls.days = (cls.today - timedelta(2), cls.today + timedelta(2))
        cls.users["after_sales"].group_ids += cls.env.ref("account.group_account_invoice")
        cls.before = cls.figures(cls)

    def figures(self, *days, **scope):
        """Return ``{code: figure}``; what there was before the test counts too."""
        self.commit()
        scope = Scope(self.company.id, *(days or self.days), **scope)
        return self.env["sop.kpi.costs"]._compute_figures(scope)

    def costs(self, **scope):
        """Return the cost of cases and of deviations that came with this test."""
        figures = self.figures(**scope)
        return tuple(round(figures[code].value - self.before[code].value, 2) for code in CODES[:2])

    def sell_under(self, waive=False, **vals):
        """Return an order under a process that was delivered and paid; a check of it was passed over, or not."""
        order = self.sell(**vals)
        self.put_under(order, self.ordering)
        if waive:
            self.check(order, "Seen").with_user(self.users["manager"]).action_waive("The customer could not wait")
        self.commit()
        return order

    def give_back(self, order, amount=30.0, post=True):
        """Return a complaint that came in a moment ago and for which so much is given back."""
        case = self.open_case(
            order,
            kind="complaint",
            solution="goodwill",
            goods_back=False,
            line_vals={"agreed_amount": amount},
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE sop_case SET create_date = %s WHERE id = %s", [fields.Datetime.now(), case.id])
        self.env.invalidate_all()
        self.assess(case)
        note = self.solve(case).move_id
        if post:
            note.action_post()
            self.commit()
        return case

    def rows(self, code, user="manager", **filters):
        kpi = self.env["sop.kpi"].with_user(self.users[user]).search([("code", "=", code)])
        action = kpi.action_view_rows(*map(str, self.days), filters)
        return self.env[action["res_model"]].with_user(self.users[user]).search(action["domain"])

    def test_story(self):
        """A check of one order is passed over, and its customer complains; so does one whose order passed all checks.
        What is given back is what cases cost; of the first only it is what deviations cost."""
        self.give_back(self.sell_under(waive=True), 30.0)
        self.assertEqual(self.costs(), (30.0, 30.0))
        self.give_back(self.sell_under(), 12.0)
        self.assertEqual(self.costs(), (42.0, 30.0))
        self.give_back(self.sell(), 8.0)
        self.assertEqual(self.costs(), (50.0, 30.0), "an order without a process has no deviations")
        page = self.env["sop.kpi"].with_user(self.users["manager"]).get_page(*map(str, self.days))
        tiles = {tile["code"]: tile for tile in page["kpis"]}
        invoices = self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("date", ">=", self.days[0]),
                ("date", "<=", self.days[1]),
            ]
        )
        cost = tiles["case_cost"]["value"]
        self.assertAlmostEqual(
            tiles["case_cost_share"]["value"], 100 * cost / sum(invoices.mapped("amount_untaxed_signed"))
        )
        self.assertEqual(tiles["deviation_cost"]["unit_label"], self.company.currency_id.name)
        for code in CODES:
            rows = self.rows(code)
            self.assertEqual(len(rows), tiles[code]["count"])
            value = cost if code == "case_cost_share" else tiles[code]["value"]
            self.assertAlmostEqual(sum(rows.mapped("total_cost")), value, 2)

    def test_currencies_and_refunds(self):
        """Half a dollar is a euro; a draft costs nothing, and neither does one that was taken back."""
        foreign = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else self.env.ref("base.USD")
        foreign.active = True
        foreign.rate_ids = [Command.clear(), Command.create({"name": "2020-01-01", "rate": 0.5})]
        abroad = self.env["product.pricelist"].create({"name": "Abroad", "currency_id": foreign.id})
        order = self.sell_under(waive=True, pricelist_id=abroad.id)
        case = self.give_back(order, 30.0, post=False)
        self.assertEqual(self.costs(), (0.0, 0.0))
        note = case.sudo().document_ids.move_id
        note.action_post()
        self.assertEqual(self.costs(), (60.0, 60.0))
        home = self.give_back(self.sell_under(waive=True), 10.0)
        self.assertEqual(self.costs(), (70.0, 70.0))
        note.button_draft()
        self.assertEqual(self.costs(), (10.0, 10.0))
        home.sudo().document_ids.move_id.button_draft()
        self.assertEqual(self.costs(), (0.0, 0.0))

    def test_freight_is_in_the_currency_of_the_order(self):
        """The carrier asks for 7.50 in the order's currency, worth 15 at home."""
        foreign = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else self.env.ref("base.USD")
        foreign.active = True
        foreign.rate_ids = [Command.clear(), Command.create({"name": "2020-01-01", "rate": 0.5})]
        abroad = self.env["product.pricelist"].create({"name": "Abroad", "currency_id": foreign.id})
        order = self.sell_under(waive=True, pricelist_id=abroad.id)
        case = self.open_case(order)
        self.assess(case)
        transfer = self.take_back(case, receive=False)
        self.assertEqual(transfer.sale_id, order)
        transfer.carrier_price = 7.5
        self.ship(transfer)
        self.assertEqual(self.costs()[0], 15.0)

    def test_what_was_passed_over_later(self):
        """A waiver after the case is not why the customer complained."""
        order = self.sell_under()
        self.give_back(order, 30.0)
        self.check(order, "Seen").with_user(self.users["manager"]).action_waive("Nobody looked")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sop_waiver SET given_at = given_at + interval '1 minute' WHERE order_id = %s", [order.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.costs(), (30.0, 0.0))
        self.assertEqual(self.give_back(order, 5.0).sudo().line_ids.mapped("credit_cost"), [5.0])

    def test_cancelled_cases_and_other_days(self):
        order = self.sell_under(waive=True)
        case = self.give_back(order, 30.0, post=False)
        case.action_cancel("Entered twice")
        self.assertEqual(self.costs(), (0.0, 0.0))
        case = self.give_back(order, 20.0)
        self.env.flush_all()
        self.env.cr.execute("UPDATE sop_case SET create_date = create_date - interval '40 days'")
        self.env.invalidate_all()
        self.assertEqual(self.figures()["case_cost"].count, 0, "it counts where it was opened")
        first, last = (day - timedelta(40) for day in self.days)
        self.assertEqual(self.figures(first, last)["case_cost"].count, self.before["case_cost"].count + 1)

    def test_of_one_process(self):
        """By the process of the order, or that of the case; the share of all invoices is one of the company."""
        self.give_back(self.sell_under(waive=True), 30.0)
        self.give_back(self.sell(), 8.0)
        figures = self.figures(process_code="LOOK")
        self.assertEqual((figures["case_cost"].value, figures["deviation_cost"].value), (30.0, 30.0))
        self.assertEqual(self.rows("case_cost", process="LOOK").order_process_id, self.ordering)
        self.assertEqual(self.costs(process_code="CASE"), (38.0, 30.0))
        page = self.env["sop.kpi"].with_user(self.users["manager"]).get_page(*map(str, self.days), {"process": "LOOK"})
        codes = {tile["code"] for tile in page["kpis"]}
        self.assertTrue({"case_cost", "deviation_cost"} <= codes)
        self.assertNotIn("case_cost_share", codes)

    def test_two_companies(self):
        self.give_back(self.sell_under(waive=True), 30.0)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        scope = Scope(other.id, *self.days)
        figures = self.env["sop.kpi.costs"]._compute_figures(scope)
        self.assertEqual([figures[code].value for code in CODES], [0.0, 0.0, None])

    def test_who_may(self):
        """The whole company's money: for those who see all of its figures, no lead's."""
        self.departments["after_sales"].lead_id = self.users["after_sales"]
        self.give_back(self.sell_under(waive=True), 30.0)
        for user in ("manager", "auditor", "officer"):
            self.assertEqual(sum(self.rows("deviation_cost", user).mapped("total_cost")), 30.0)
        kpi = self.env["sop.kpi"].with_user(self.users["after_sales"])
        filters = {"department": self.departments["after_sales"].id}
        codes = {tile["code"] for tile in kpi.get_page(*map(str, self.days), filters)["kpis"]}
        self.assertFalse(codes & set(CODES))
        with self.assertRaises(AccessError):
            self.rows("deviation_cost", "after_sales", **filters)
        with self.assertRaises(AccessError):
            self.rows("deviation_cost", "sales")

    def test_target(self):
        self.give_back(self.sell_under(waive=True), 30.0)
        kpi = self.env["sop.kpi"].search([("code", "=", "deviation_cost")])
        value = self.figures()["deviation_cost"].value
        self.env["sop.kpi.target"].create({"kpi_id": kpi.id, "green": value - 1, "amber": value})
        page = self.env["sop.kpi"].with_user(self.users["manager"]).get_page(*map(str, self.days))
        [tile] = [tile for tile in page["kpis"] if tile["code"] == "deviation_cost"]
        self.assertEqual(tile["light"], "amber")
