"""Recorded orders are loaded into Odoo once, and stopped at receipt by the rules that they break."""

from datetime import datetime

import pytest

pytest.importorskip("odoo")

from odoo.tests import TransactionCase, tagged

from devkit.replay_files import Line, Order
from devkit.replay_loader import Loader

LAMP, VASE, POSTAGE = Line("10001A", "LAMP", 6, 2.5), Line("10002", "", 2, 4.0), Line("POST", "POSTAGE", 1, 18.0)


def order(reference, *lines, customer="17", country="United Kingdom"):
    """Return an order of the first of December 2010."""
    return Order(reference, datetime(2010, 12, 1, 8, int(reference) % 60), customer, country, ("a.csv", 2), list(lines))


@tagged("post_install", "-at_install")
class TestLoader(TransactionCase):
    def setUp(self):
        super().setUp()
        self.commits = 0
        self.loader = Loader(self.env, self.commit, tell=lambda text: None)
        self.orders = [
            order("900001", LAMP, VASE, POSTAGE),
            order("900002", LAMP, customer="", country="EIRE"),
            order("900003", Line("10001A", "LAMP", -6, 0.0)),
            order("900004", LAMP, VASE, POSTAGE),
        ]

    def commit(self):
        """Do what a commit does, in a test's transaction."""
        self.commits += 1
        self.env.cr.flush()

    def load(self):
        """Load the orders; return them as Odoo has them, by reference."""
        self.assertEqual(self.loader.load(self.orders), [])
        found = self.loader._find(self.orders)
        return {order.client_order_ref: order for order in found}

    def test_orders_come_in_as_they_are_and_the_receipt_stage_stops_the_bad_ones(self):
        found = self.load()
        good = found["900001"]
        self.assertEqual(good.sop_process_id, self.env.ref("order_sop.process_b2c"))
        self.assertEqual(good.sop_stage_id.phase, "review", good.sop_missing)
        self.assertEqual((good.currency_id.name, good.amount_total), ("GBP", 41.0))
        self.assertEqual(good.date_order, datetime(2010, 12, 1, 8, 1))
        self.assertEqual(good.order_line.product_id.mapped("type"), ["consu", "consu", "service"])
        self.assertEqual(found["900002"].partner_id.country_id.code, "IE")
        for reference, rules in {
            "900002": ["customer_data"],
            "900003": ["quantity", "price"],
            "900004": ["duplicate"],
        }.items():
            unmet = self.env["sop.engine.evaluation"]._get_unmet(found[reference])
            self.assertEqual(unmet.checkpoint_id.mapped("rule"), rules)
        report = self.loader.report(self.orders)
        self.assertIn("| **passed to review** | 1 |", report)
        self.assertIn("| **stopped at receipt** | 3 |", report)
        self.assertIn("(`price`) | 1 | 0 | no_price 1 |", report)

    def test_a_second_run_loads_what_is_missing_and_nothing_twice(self):
        everything = self.orders
        self.orders = everything[:2]
        self.load()
        counts = {model: self.env[model].search_count([]) for model in ("res.partner", "product.product")}
        self.orders = everything
        found = self.load()
        self.assertEqual(len(found), 4)
        self.assertEqual(len(self.loader._find(everything)), 4)
        self.assertEqual({model: self.env[model].search_count([]) for model in counts}, counts)

    def test_an_order_that_odoo_refuses_is_told_and_its_neighbours_go_in(self):
        self.loader._set_up_company()
        self.loader._load_customers(self.orders)
        self.loader._load_products(self.orders)
        gone = self.env["product.product"].create({"name": "Gone"})
        self.loader.products["GONE"] = gone.id
        gone.unlink()
        bad = order("900005", Line("GONE", "", 1, 1.0))
        problems = self.loader._load_orders([self.orders[0], bad])
        self.assertEqual([(problem.file, problem.line) for problem in problems], [("a.csv", 2)])
        self.assertEqual(self.loader._find([self.orders[0], bad]).mapped("client_order_ref"), ["900001"])
