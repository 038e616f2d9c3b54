"""The settlement lists: what the accountant reads is what the ledger says, line by line and in sums."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..engine.ledger import COLUMNS
from ..reports import sop_settlement_sums
from .common_ledger import LedgerCase

SUMS = ["ordered_total:sum", "outstanding:sum", "outstanding_company:sum", "net_delivered:sum", "__count"]


@tagged("post_install", "-at_install")
class TestSettlement(LedgerCase):
    """An accountant opens the lists."""

    def setUp(self):
        super().setUp()
        with self.on("2025-02-10"):
            self.first = self.make_order(lines=[(self.product, 5, 100.0), (self.service, 2, 50.0)])
            self.second = self.make_order(lines=[(self.prepaid, 1, 1000.0)], pricelist_id=self.pricelist.id)
            self.orders = self.first + self.second
            self.orders.action_confirm()
            self.ship(self.first.picking_ids, 3)
            self.invoice(self.orders)
        with self.on("2025-02-20"):
            self.pay(self.first.invoice_ids, amount=150.0)

    def settlement(self, model="sop.settlement.line", user="finance", day="2025-02-20"):
        self.env.flush_all()
        return self.env[model].with_user(self.users[user]).with_context(sop_day=day)

    def test_lines_are_the_rows_of_the_ledger(self):
        for user in ("finance", "auditor"):
            for day in ("2025-02-09", "2025-02-10", "2025-02-20", None):
                lines = self.settlement(user=user, day=day).search([("order_id", "in", self.orders.ids)])
                rows = dict(zip(self.orders.order_line.sorted("id").ids, self.rows(self.orders, day), strict=True))
                self.assertEqual(len(lines), 0 if day == "2025-02-09" else 3)
                for values in lines.read(list(COLUMNS)):
                    row = rows[values["id"]]
                    self.assertEqual({name: values[name] for name in COLUMNS}, {n: float(row[n]) for n in COLUMNS})

    def test_orders_are_the_sums_of_their_lines(self):
        order = self.settlement("sop.settlement.order").search([("order_id", "=", self.first.id)])
        self.assertEqual(order.ordered_total, 600)
        self.assertEqual(order.net_invoiced_total, 400)  # three chairs, and the assembly as ordered
        self.assertEqual((order.paid, order.outstanding, order.overdue), (150, 250, 250))
        self.assertEqual(order.partner_id, self.customer)
        order = self.settlement("sop.settlement.order", day="2025-02-19").browse(order.id)
        self.assertEqual((order.paid, order.outstanding), (0, 400))

    def test_sums_of_groups(self):
        lines = self.settlement()
        domain = [("order_id", "in", self.orders.ids)]
        [group] = lines.formatted_read_group(domain, ["partner_id"], SUMS)
        self.assertFalse(group["ordered_total:sum"])  # of two currencies
        self.assertEqual(group["outstanding_company:sum"], 250 + 500)
        self.assertEqual(group["__count"], 3)
        groups = {group["order_id"][0]: group for group in lines.formatted_read_group(domain, ["order_id"], SUMS)}
        for order, figures in ((self.first, (600, 250, 250, 3)), (self.second, (1000, 1000, 500, 0))):
            self.assertEqual(tuple(groups[order.id][spec] for spec in SUMS[:4]), figures)
        groups = lines.formatted_read_group(domain, ["date_order:month"], ["outstanding_company:sum"])
        self.assertEqual([group["outstanding_company:sum"] for group in groups], [750])
        orders = self.settlement("sop.settlement.order")
        groups = orders.web_read_group(domain, ["currency_id"], ["outstanding:sum", "outstanding_company:sum"])
        sums = {group["currency_id"][0]: group["outstanding:sum"] for group in groups["groups"]}
        self.assertEqual(sums, {self.own.id: 250, self.foreign.id: 1000})
        [total] = lines.formatted_read_group(domain, [], ["paid_company:sum"])
        self.assertEqual(total["paid_company:sum"], 150)
        self.assertEqual(lines.fields_get(["paid"])["paid"]["aggregator"], "sum")

    def test_too_many_to_sum_up(self):
        self.patch(sop_settlement_sums, "MOST_LINES", 2)
        domain = [("order_id", "in", self.orders.ids)]
        with self.assertRaisesRegex(UserError, "choose a customer"):
            self.settlement().formatted_read_group(domain, ["partner_id"], SUMS)
        self.settlement().formatted_read_group(domain, ["partner_id"], ["__count"])

    def test_invoices_not_paid(self):
        third = self.make_order()
        third.action_confirm()
        orders = self.settlement("sop.settlement.order", day=None)
        domain = [("order_id", "in", (self.orders + third).ids)]
        found = orders.search([*domain, ("has_open", "=", True)])
        self.assertEqual(found.order_id, self.orders)
        self.assertEqual(orders.search([*domain, ("has_open", "=", False)]).order_id, third)
        self.assertEqual(found.mapped("has_open"), [True, True])
        self.pay(self.first.invoice_ids)
        self.assertEqual(self.settlement(day=None).search([*domain, ("has_open", "=", True)]).order_id, self.second)
        found = self.settlement().search([*domain, ("has_open", "=", True)])
        self.assertEqual(found.order_id, self.orders)

    def test_as_of_a_day(self):
        wizard = self.env["sop.settlement.day"].with_user(self.users["finance"])
        form = Form(wizard.with_context(active_model="sop.settlement.order"))
        form.day = "2025-02-20"
        action = form.save().action_show()
        self.assertEqual((action["res_model"], action["context"]), ("sop.settlement.order", {"sop_day": "2025-02-20"}))
        self.assertIn("2025-02-20", action["name"])

    def test_what_is_behind(self):
        line = self.settlement().browse(self.first.order_line[0].id)
        self.assertEqual(line.action_open_order()["res_id"], self.first.id)
        for method, records in (
            ("action_open_deliveries", self.first.picking_ids.filtered(lambda picking: picking.state == "done")),
            ("action_open_invoices", self.first.invoice_ids),
        ):
            action = getattr(line, method)()
            self.assertLessEqual(records, self.env[action["res_model"]].search(action["domain"]))
        action = line.action_open_payments()
        paid = self.env[action["res_model"]].with_user(self.users["finance"]).search(action["domain"])
        self.assertEqual(sum(paid.mapped("balance")), -150)

    def test_others_see_nothing(self):
        for user in ("sales", "warehouse", "manager", "officer"):
            for model in ("sop.settlement.line", "sop.settlement.order", "sop.tie.out", "sop.settlement.day"):
                with self.subTest(user=user, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(self.users[user]).search([])

    def test_nothing_can_be_changed(self):
        for user in ("finance", "auditor"):
            line = self.settlement(user=user).browse(self.first.order_line[0].id)
            for change in (line.unlink, lambda line=line: line.write({"paid": 1}), lambda line=line: line.copy()):
                with self.assertRaises(AccessError):
                    change()

    def test_queries_do_not_grow(self):
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "order_line": [Command.create({"product_id": self.prepaid.id, "product_uom_qty": 1})],
                }
                for _number in range(55)
            ]
        )
        orders.action_confirm()
        orders._create_invoices().action_post()
        for model in ("sop.settlement.line", "sop.settlement.order"):
            specification = {name: {} for name in ("order_id", "paid", "outstanding_company", "overdue")}
            counts = []
            for some in (orders[:2], orders[:5], orders[5:]):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                found = self.settlement(model).web_search_read([("order_id", "in", some.ids)], specification)
                self.assertEqual(found["length"], 0)  # ordered later
                found = self.settlement(model, day=None).web_search_read([("order_id", "in", some.ids)], specification)
                self.assertEqual(found["length"], len(some))
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(*counts[1:])
