"""What the KPIs know of an order follows whatever else is changed: master data, links, rows that go with others."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..engine.fact_query import COLUMNS, fact_query
from .common_fulfilment import FulfilmentCase
from .common_gates import GateFixture


@tagged("post_install", "-at_install")
class TestFactsFollow(GateFixture, FulfilmentCase):
    """One delivered order, whose facts are kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.make_process({"name": "Take", "checkpoints": [{"name": "Taken"}]}, code="FACTS")
        cls.company.partner_id.tz = False
        cls.company.resource_calendar_id.tz = "UTC"
        cls.parent = cls.env["res.partner"].create({"name": "Parent", "is_company": True})
        cls.buyer = cls.env["res.partner"].create({"name": "Buyer", "parent_id": cls.parent.id})
        cls.order, delivery = cls.confirm(process=cls.process, partner=cls.buyer, lines=[(cls.product, 3, 100.0)])
        cls.commit()
        cls.ship(delivery)
        cls.bill = cls.invoice(cls.order)
        cls.keep_facts()

    def facts(self, query):
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        [row] = self.env.execute_query(SQL("SELECT %s FROM (%s) f WHERE order_id = %s", names, query, self.order.id))
        return dict(zip(COLUMNS, row, strict=True))

    def assert_follows(self, name, before, after):
        """The documents say ``after`` of the fact ``name``, as the reports do, and it was ``before``."""
        self.assertEqual(self.kept[name], before)
        self.commit()
        told = self.facts(fact_query(self.env, SQL("SELECT id FROM sale_order")))
        self.assertEqual(told[name], after)
        self.assertEqual(self.facts(self.env["sop.engine.fact"]._get_rows()), told)

    def setUp(self):
        super().setUp()
        self.kept = self.facts(self.env["sop.engine.fact"]._get_rows())

    def renew(self, order):
        """Keep all facts, and look at those of ``order`` from now on."""
        self.keep_facts()
        self.order = order
        self.kept = self.facts(self.env["sop.engine.fact"]._get_rows())

    def test_a_place_that_is_no_customer(self):
        """Goods that were sent to a kiosk, and came back: it is our own by now."""
        kiosk = self.env.ref("stock.stock_location_customers").copy({"name": "Kiosk"})
        order, delivery = self.confirm(process=self.process, lines=[(self.product, 3, 100.0)])
        delivery.location_dest_id = delivery.move_ids.location_dest_id = kiosk
        self.commit()
        self.ship(delivery)
        self.send_back(delivery, 3)
        self.renew(order)
        kiosk.usage = "internal"
        self.assert_follows("returned_lines", 1, 0)

    def test_a_unit_that_holds_more(self):
        unit = self.product.uom_id
        pack = unit.create({"name": "Pack", "relative_factor": 1.0, "relative_uom_id": unit.id})
        crate = unit.create({"name": "Crate", "relative_factor": 1.0, "relative_uom_id": pack.id})
        order = self.make_order(process=self.process, lines=[(self.product, 3, 100.0)])
        order.order_line.product_uom_id = crate
        order.action_confirm()
        self.commit()
        self.ship(order.picking_ids)
        self.renew(order)
        pack.relative_factor = 2.0
        self.assert_follows("in_full", True, False)

    def test_a_company_contact_that_is_deleted(self):
        """What was billed to it cannot be without it; what was only ordered can."""
        parent = self.parent.copy()
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": parent.id})
        self.renew(self.make_order(process=self.process, partner=buyer))
        parent_id = parent.id
        parent.unlink()
        self.assert_follows("partner_id", parent_id, buyer.id)

    def test_two_customers_who_are_one(self):
        group = self.env["res.partner"].create({"name": "Group", "is_company": True})
        other = self.env["res.partner"].create({"name": "Buyer", "parent_id": group.id})
        self.env["base.partner.merge.automatic.wizard"]._merge((self.buyer | other).ids, other)
        self.assert_follows("partner_id", self.parent.id, group.id)

    def test_a_clock_elsewhere(self):
        self.order.sop_visit_ids.flush_recordset()
        self.env.cr.execute("UPDATE stock_move SET date = '2025-03-01 22:00' WHERE sale_line_id IS NOT NULL")
        self.env["sop.engine.fact"]._add_stale(SQL("SELECT %s", self.order.id))
        self.renew(self.order)
        before = self.kept["delivered_on"]
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.assert_follows("delivered_on", before, before.replace(day=2))

    def test_the_language_of_a_company_moves_no_day(self):
        self.company.partner_id.lang = False
        self.company.partner_id.tz = "UTC"
        self.commit()
        self.assertFalse(self.env["sop.stale.order"].search_count([]))
        self.company.partner_id.tz = "Asia/Shanghai"
        self.commit()
        self.assertTrue(self.env["sop.stale.order"].search_count([]))

    def test_services_promise_nothing(self):
        """The installation a month later does not make a late delivery one in time."""
        service = self.env["product.product"].create({"name": "Installation", "type": "service"})
        order = self.make_order(process=self.process, lines=[(self.product, 3, 100.0), (service, 1, 50.0)])
        order.order_line[1].customer_lead = 30
        self.renew(order)
        self.assertIsNone(self.kept["promised_on"])
        order.order_line[0].customer_lead = 2
        self.assert_follows("promised_on", None, order.date_order.date() + timedelta(days=2))

    def test_a_lead_time_of_a_million_years(self):
        """What somebody can write on a line of his own must not stop the figures of all others."""
        order = self.make_order(process=self.process, lines=[(self.product, 3, 100.0)])
        self.renew(order)
        latest = order.date_order.date() + timedelta(days=36_500)
        for lead in (3e6, 1e9, 1e300, float("inf")):
            with self.subTest(lead=lead):
                order.order_line.customer_lead = lead
                self.commit()
                self.assertEqual(self.facts(self.env["sop.engine.fact"]._get_rows())["promised_on"], latest)

    def test_an_order_of_which_nothing_can_be_computed(self):
        """It waits, and everything behind it does not."""
        others = self.make_order(process=self.process), self.make_order(process=self.process)
        self.keep_facts()
        facts, wrong = self.env["sop.engine.fact"], others[0].id
        facts._add_stale(SQL("SELECT UNNEST(%s)", [wrong, self.order.id, others[1].id]))
        keep = type(facts)._keep

        def refuse(engine, orders):
            engine.env.cr.execute(SQL("SELECT 1 / (u - %s) FROM (%s) o(u)", wrong, orders))
            return keep(engine, orders)

        quiet = mute_logger("odoo.sql_db", "odoo.addons.order_sop.engine.isolation")
        with patch.object(type(facts), "_keep", refuse), quiet:
            self.assertEqual(facts._renew(10), 2)
            self.assertEqual(facts._renew(10), 0)
        self.assertEqual(self.env["sop.stale.order"].search([]).mapped("stale_order_id"), [wrong])

    def test_a_move_that_is_deleted(self):
        """A part of a kit that will not come after all, say."""
        order = self.make_order(process=self.process)
        order.action_confirm()
        self.keep_facts()
        gone = order.picking_ids.move_ids
        gone._action_cancel()
        self.keep_facts()
        gone.unlink()
        self.commit()
        self.assertIn(order.id, self.env["sop.stale.order"].search([]).mapped("stale_order_id"))

    def credit_apart(self):
        """Return a posted credit note that bills no order, and its line."""
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.buyer.id,
                "invoice_line_ids": [Command.create({"product_id": self.product.id, "price_unit": 10.0})],
            }
        )
        note.action_post()
        self.commit()
        self.assertFalse(self.env["sop.stale.order"].search_count([]))
        return note.invoice_line_ids

    def test_a_credit_note_that_is_linked_later(self):
        self.credit_apart().sale_line_ids = self.order.order_line
        self.assert_follows("credited", False, True)

    def test_a_credit_note_that_is_linked_by_the_order(self):
        self.order.order_line.invoice_lines = [Command.link(self.credit_apart().id)]
        self.assert_follows("credited", False, True)

    def test_a_rating_that_goes_with_its_message(self):
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("sale.order"),
                "res_id": self.order.id,
                "rating": 5,
                "consumed": True,
                "message_id": self.order.message_post(body="Five stars").id,
            }
        )
        self.renew(self.order)
        rating.message_id.unlink()
        self.assertFalse(rating.exists())
        self.assert_follows("rating", 5.0, None)
