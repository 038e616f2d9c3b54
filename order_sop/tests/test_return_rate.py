from odoo import fields
from odoo.exceptions import AccessError

from .common_case import CaseCase


class TestReturnRate(CaseCase):
    """What of a product came back and what that cost, compared with stock and accounting."""

    def rate(self, *products):
        """Return ``{product: (delivered, came back, cases, credited)}`` as After-Sales reads it, summed by product."""
        self.env.flush_all()
        rates = self.env["sop.return.rate"].with_user(self.users["after_sales"])
        ids = [product.id for product in products]
        fields_ = ("delivered_qty:sum", "returned_qty:sum", "case_count:sum", "credit_amount:sum")
        groups = rates._read_group([("product_id", "in", ids)], ["product_id"], fields_)
        return {product.with_env(self.env): tuple(values) for product, *values in groups}

    def count(self, product):
        """Return what of ``product`` left for customers and came back, counted by its done move lines."""
        lines = self.env["stock.move.line"].search([("product_id", "=", product.id), ("state", "=", "done")])
        lines = lines.filtered("move_id.sale_line_id")
        out = lines.filtered(
            lambda line: line.location_dest_id.usage == "customer" and not line.move_id.origin_returned_move_id
        )
        back = lines.filtered(lambda line: line.location_id.usage == "customer")
        return sum(out.mapped("quantity_product_uom")), sum(back.mapped("quantity_product_uom"))

    def test_story(self):
        """Six are sold, two come back as one case, one without any; a dozen is twelve."""
        self.product.taxes_id = self.tax
        order = self.sell(lines=[(self.product, 4, 100.0)])
        other = self.sell(lines=[(self.product, 2, 100.0)])
        case = self.open_case(order, qty=2)
        self.assess(case)
        self.take_back(case)
        self.inspect(case)
        note = self.solve(case).move_id
        self.assertEqual(self.rate(self.product)[self.product], (6, 2, 1, 0), "the credit note is a draft yet")
        note.action_post()
        self.send_back(other.picking_ids, 1)
        self.assertEqual(self.rate(self.product)[self.product], (6, 3, 1, 200))
        self.commit()
        self.assertEqual(case.sudo().credit_amount, 200)
        dozen = self.env.ref("uom.product_uom_dozen")
        packed = self.make_order(lines=[(self.product, 1, 900.0)])
        packed.order_line.product_uom_id = dozen
        packed.action_confirm()
        self.ship(packed.picking_ids)
        self.assertEqual(self.rate(self.product)[self.product], (18, 3, 1, 200))
        self.assertEqual(self.count(self.product), (18, 3))
        line = self.env["sop.return.rate"].search([("product_id", "=", self.product.id)])
        self.assertAlmostEqual(line.return_rate, 3 / 18)
        self.assertEqual(line.month, fields.Date.today().replace(day=1))

    def test_repaired_goods_are_delivered_once(self):
        order = self.sell()
        case = self.open_case(order, solution="repair", kind="repair")
        self.assess(case)
        self.take_back(case)
        self.inspect(case, repair_qty=1)
        repair = self.solve(case).repair_id
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        self.commit()
        self.ship(self.solve(case).picking_id)
        self.assertEqual(self.rate(self.product)[self.product], (3, 1, 1, 0))
        self.assertEqual(self.count(self.product), (3, 1))

    def test_rates_are_of_goods_and_by_month(self):
        """The rate of two products, or months, is that of their goods together; a month is the company's own."""
        self.add_stock(self.other_product, 5)
        order = self.sell(lines=[(self.product, 8, 10.0), (self.other_product, 2, 10.0)])
        self.send_back(order.picking_ids, 1)
        products = self.product | self.other_product
        domain = [("product_id", "in", products.ids)]
        [[rate]] = self.env["sop.return.rate"]._read_group(domain, [], ["return_rate:avg"])
        self.assertAlmostEqual(rate, 2 / 10)
        self.company.partner_id.tz = "Asia/Shanghai"
        self.env.registry.clear_cache()
        back = order.picking_ids.move_ids.filtered("origin_returned_move_id")
        back.date = "2026-01-31 20:00:00"  # in Shanghai it is February
        self.env.flush_all()
        lines = self.env["sop.return.rate"].search([("product_id", "=", self.product.id), ("returned_qty", ">", 0)])
        self.assertEqual((lines.month, lines.delivered_qty), (fields.Date.to_date("2026-02-01"), 0))
        self.assertEqual(lines.return_rate, 0, "nothing was delivered in it")
        self.assertEqual(len({line.id for line in self.env["sop.return.rate"].search(domain)}), 4)

    def test_cancelled_cases_do_not_count(self):
        order = self.sell()
        case = self.open_case(order)
        case.action_cancel("Entered twice")
        self.commit()
        self.assertEqual(self.rate(self.product)[self.product], (3, 0, 0, 0))

    def test_who_reads_it(self):
        order = self.sell()
        rates = self.env["sop.return.rate"].search([("product_id", "=", self.product.id)])
        self.assertTrue(order and rates)
        for name in ("after_sales", "auditor", "officer", "manager"):
            self.assertEqual(self.env["sop.return.rate"].with_user(self.users[name]).browse(rates.ids).delivered_qty, 3)
        with self.assertRaises(AccessError):
            self.env["sop.return.rate"].with_user(self.users["legal"]).search([])
        with self.assertRaises(AccessError):
            rates.with_user(self.users["legal"]).action_view_cases()
        foreign = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.users["auditor"].copy(
            {"login": "stranger", "company_id": foreign.id, "company_ids": foreign.ids}
        )
        found = self.env["sop.return.rate"].with_user(stranger).with_company(foreign).search([])
        self.assertFalse(found & rates)
        action = rates.with_user(self.users["after_sales"]).action_view_cases()
        case = self.open_case(order)
        self.assertEqual(self.env["sop.case"].search(action["domain"]), case.with_env(self.env))
