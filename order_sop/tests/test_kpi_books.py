"""KPIs of money, stock, approvals and cases, against Odoo's own figures and small cases worked out by hand."""

from datetime import date, timedelta

from odoo import fields
from odoo.tests import freeze_time

from ..reports.kpi_scope import Scope
from .common_case import CaseCase


class TestKpiBooks(CaseCase):
    def figures(self, family, first, last):
        self.commit()
        return self.env[f"sop.kpi.{family}"]._compute_figures(Scope(self.company.id, first, last))

    def test_what_customers_owe(self):
        """As the books say on each day, whatever was paid since; by what was invoiced in the period."""
        today = fields.Date.today()
        self.product.taxes_id = self.tax
        first, second = self.sell(pay=False), self.sell(lines=[(self.product, 1, 50.0)], pay=False)
        first.invoice_ids.line_ids.move_id.button_draft()
        first.invoice_ids.write({"invoice_date": today - timedelta(20), "date": today - timedelta(20)})
        first.invoice_ids.action_post()
        context = {"active_model": "account.move", "active_ids": first.invoice_ids.ids}
        self.env["account.payment.register"].with_context(**context).create({"amount": 100.0})._create_payments()
        lines = self.env["account.move.line"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.company.id),
            ]
        )
        moves = (
            self.env["account.move"]
            .search([("move_type", "in", ("out_invoice", "out_refund")), ("state", "=", "posted")])
            .filtered(lambda move: move.company_id == self.company)
        )
        for begin, end in ((today - timedelta(29), today), (today - timedelta(29), today - timedelta(10))):
            owed = sum(lines.filtered(lambda line, end=end: line.date <= end).mapped("balance"))
            sales = sum(moves.filtered(lambda move, b=begin, e=end: b <= move.date <= e).mapped("amount_total_signed"))
            figure = self.figures("money", begin, end)["dso"]
            self.assertAlmostEqual(figure.value, owed / sales * ((end - begin).days + 1), 6)
        self.assertEqual(second.invoice_ids.amount_residual, 60.0)
        quiet = self.figures("money", date(1999, 1, 1), date(1999, 1, 31))
        self.assertIsNone(quiet["dso"].value)

    def test_what_is_behind_as_far_as_one_may_read_it(self):
        """SOP managers do not see the entries of payments: what they open says that it is not all."""
        self.sell()
        self.commit()
        today = fields.Date.to_string(fields.Date.today())
        kpi = self.env["sop.kpi"].search([("code", "=", "dso")])
        everything = self.env["account.move.line"].sudo()
        for user, all_of_it in ((self.users["manager"], False), (self.env.ref("base.user_admin"), True)):
            action = kpi.with_user(user).with_company(self.company).action_view_rows(today, today)
            seen = self.env["account.move.line"].with_user(user).search_count(action["domain"])
            self.assertTrue(seen)
            self.assertEqual(seen == everything.search_count(action["domain"]), all_of_it)
            self.assertEqual(action["name"] == kpi.name, all_of_it, action["name"])

    def test_how_often_the_stock_turns(self):
        """What was delivered at cost, less what came back, by the mean of what stock was worth."""
        self.product.categ_id = self.env["product.category"].create(
            {"name": "Chairs", "property_cost_method": "average"}
        )
        self.product.standard_price = 40.0
        place = self.warehouse.lot_stock_id
        self.env["stock.quant"].with_context(inventory_mode=True).create(
            {"product_id": self.product.id, "location_id": place.id, "inventory_quantity": 5000}
        ).action_apply_inventory()
        order = self.sell(lines=[(self.product, 5, 100.0)])
        self.send_back(order.picking_ids, 1)
        self.commit()
        today = fields.Date.today()
        cost, before, after = self.env["sop.kpi.money"]._get_stock(Scope(self.company.id, today, today))
        moves = self.env["stock.move"].search([("state", "=", "done"), ("company_id", "=", self.company.id)])
        valued = moves.filtered(lambda move: move.is_in or move.is_out)
        sign = {move: 1 if move.is_in else -1 for move in valued}
        self.assertAlmostEqual(cost, 4 * 40.0, 2)
        self.assertAlmostEqual(
            after - before, sum(sign[move] * abs(move.value) for move in valued if move.date.date() == today), 2
        )
        turned = self.figures("money", today, today)["stock_turnover"]
        stock = (before + after) / 2
        self.assertEqual(turned.value, cost / stock)

    def test_more_has_left_than_came_in(self):
        """Goods that were shipped and never received: stock that is worth less than nothing turns never."""
        self.product.standard_price = 40.0
        order = self.sell(lines=[(self.product, 5, 100.0)])
        self.commit()
        order.order_line.move_ids.date = "2001-01-05 10:00:00"
        self.commit()
        for day in (date(2001, 1, 5), date(2001, 1, 6)):
            cost, before, after = self.env["sop.kpi.money"]._get_stock(Scope(self.company.id, day, day))
            self.assertEqual((cost, before, after), (200.0, 0.0, -200.0) if day.day == 5 else (0.0, -200.0, -200.0))
            self.assertIsNone(self.figures("money", day, day)["stock_turnover"].value)

    def test_stock_on_a_short_day(self):
        """The day on which clocks go forward in London begins and ends on the same day of the world."""
        self.company.partner_id.tz = "Europe/London"
        self.product.standard_price = 40.0
        order = self.sell(lines=[(self.product, 5, 100.0)])
        self.commit()
        move = order.order_line.move_ids
        for moment, cost in (
            ("2025-03-30 10:00:00", 200.0),
            ("2025-03-30 23:30:00", 0.0),
            ("2025-03-29 23:30:00", 0.0),
        ):
            move.date = moment
            scope = Scope(self.company.id, date(2025, 3, 30), date(2025, 3, 30))
            self.commit()
            self.assertAlmostEqual(self.env["sop.kpi.money"]._get_stock(scope)[0], cost, 2)

    def test_how_fast_cases_are_answered(self):
        """Opened at nine, answered at eleven, solved three days later; the other one is still open."""
        order = self.sell()
        with freeze_time("2025-03-03 08:00:00") as clock:
            vals = {"order_id": order.id, "kind": "question", "partner_id": order.partner_id.id}
            case, other = self.env["sop.case"].create([vals, vals])
            self.env.cr.execute(
                "UPDATE sop_case SET create_date = '2025-03-03 08:00:00' WHERE id IN %s", [(case | other)._ids]
            )
            self.env.invalidate_all()
            clock.tick(timedelta(hours=2))
            case.with_user(self.users["customer_service"]).message_post(
                body="We look.",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=case.partner_id.ids,
            )
            clock.tick(timedelta(hours=70))
            self.env["sop.engine.case"]._finish(case)
            self.commit()
        figures = self.figures("cases", date(2025, 3, 1), date(2025, 3, 31))
        self.assertEqual(figures["cases_opened"].value, 2)
        self.assertEqual((figures["first_answer_hours"].value, figures["first_answer_hours"].count), (2.0, 1))
        self.assertEqual((figures["solution_elapsed"].value, figures["solution_elapsed"].count), (72.0, 1))
        self.assertEqual((figures["solution_hours"].value, figures["solution_hours"].count), (24.0, 1), "of work")
        nothing = self.figures("cases", date(2025, 2, 1), date(2025, 2, 28))
        self.assertEqual(nothing["cases_opened"].value, 0)
        self.assertIsNone(nothing["solution_hours"].value)

    def test_how_fast_approvals_are_decided(self):
        """Three are asked for at eight and decided after one, four and thirty hours."""
        approval = {"name": "Agreed", "kind": "approval"}
        process = self.make_process({"name": "Review", "checkpoints": [approval]}, code="QUICK")
        with freeze_time("2025-03-03 08:00:00") as clock:
            orders = [self.make_order(process=process, user_id=self.users["legal"].id) for _number in range(3)]
            self.commit()
            for order, hours in zip(orders, (1, 3, 26), strict=True):
                clock.tick(timedelta(hours=hours))
                check = order.sop_check_ids
                self.users["sales"].group_ids += self.env.ref("sales_team.group_sale_manager")
                check.with_user(self.users["sales"]).action_approve("Fine")
                self.commit()
        figures = self.figures("approvals", date(2025, 3, 1), date(2025, 3, 31))
        self.assertEqual((figures["approval_hours"].value, figures["approval_hours"].count), (4.0, 3))
        self.assertEqual((figures["approval_elapsed"].value, figures["approval_elapsed"].count), (4.0, 3))
        self.assertEqual(figures["approval_elapsed"].spread, {60: 1, 240: 1, 1800: 1})
        self.assertLess(figures["approval_hours_p80"].value, 30.0, "nobody works at night")
