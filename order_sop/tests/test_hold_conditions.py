"""Holds that come and go by themselves: credit that is used up and paid, orders that meet a condition."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_holds import HoldCase

FEW, MANY = 5, 50


@tagged("post_install", "-at_install")
class TestHoldConditions(HoldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_use_credit_limit = True
        cls.customer.credit_limit = 1000
        cls.types["credit"].automatic = True

    def bill(self, amount):
        """Return a posted invoice over ``amount`` of an order without a process."""
        order = self.make_order(lines=[(self.service, 1, amount)])
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.commit()
        return invoice

    def make_big(self):
        """Make the type "customer" hold orders from 500 on by themselves."""
        vals = {"automatic": True, "order_domain": "[('amount_total', '>=', 500)]"}
        self.types["customer"].write(vals)

    def test_credit_is_used_up_and_paid(self):
        """Held as it is entered, said why, released by itself as the customer pays: not this order, the old invoice."""
        invoice = self.bill(900)
        order = self.make_gated()
        self.assertEqual((order.sop_status, self.open_holds(order)), ("on_hold", ["credit"]))
        hold = order.sop_hold_ids
        self.assertTrue(hold.automatic)
        self.assertIn("more than the credit limit", hold.reason)
        self.tick(order, "Reviewed")
        self.assert_closed(order.action_confirm, "On hold: Credit", "Finance or an SOP manager")
        self.pay(invoice)
        self.assertEqual((order.sop_status, hold.outcome), ("running", "condition"))
        order.action_confirm()
        told = self.events(order).filtered(lambda event: event.code in ("held", "released"))
        self.assertEqual([event.data["type"] for event in told], ["credit", "credit"])
        self.assertEqual(told[1].data["outcome"], "condition")

    def test_a_raised_limit_frees_a_confirmed_order_too(self):
        order = self.make_confirmed()
        invoice = self.bill(900)
        self.env["sop.engine.evaluation"]._run(order)
        self.assertEqual(self.open_holds(order), ["credit"])
        self.assertIn("1100", order.sop_hold_ids.reason.replace(",", ""))
        self.customer.credit_limit = 5000
        self.commit()
        self.assertEqual(self.open_holds(order), [])
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_the_gate_itself_asks(self):
        """Nothing of the order has changed since, nobody has looked at it: at the gate it is found all the same."""
        order = self.make_confirmed()
        self.tick(order, "Packed")
        self.bill(900)
        self.assertEqual(self.open_holds(order), [])
        self.assert_closed(lambda: self.ship(order.picking_ids), "On hold: Credit")

    def test_released_by_hand_it_is_not_set_for_the_same_again(self):
        invoice = self.bill(900)
        order = self.make_gated()
        self.release("finance", order.sop_hold_ids, "The money is on its way")
        self.env["sop.engine.evaluation"]._run(order)
        self.run_cron("condition_cron")
        self.assertEqual(self.open_holds(order), [])
        order.order_line.product_uom_qty = 3
        self.commit()
        self.assertEqual(self.open_holds(order), ["credit"], "that is not what was released")
        self.release("finance", order.sop_hold_ids.filtered(lambda hold: not hold.released_at))
        self.pay(invoice)
        self.env["sop.engine.evaluation"]._run(order)
        self.bill(900)
        self.env["sop.engine.evaluation"]._run(order)
        self.assertEqual(self.open_holds(order), ["credit"], "it was fine in between")

    def test_only_so_many_at_once(self):
        """A payment frees a few in the transaction of whoever enters it, the rest by the cron."""
        invoice = self.bill(900)
        orders = self.env["sale.order"].union(*(self.make_gated() for _number in range(5)))
        self.assertEqual(set(orders.mapped("sop_status")), {"on_hold"})
        cron = self.env.ref("order_sop.condition_cron")
        asked = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        with patch("odoo.addons.order_sop.engine.conditions.AT_ONCE", 2):
            self.pay(invoice)
        self.assertTrue(orders.filtered(self.open_holds))
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), asked)
        self.run_cron("condition_cron")
        self.assertFalse(orders.filtered(self.open_holds))

    def test_by_a_condition_on_the_order(self):
        self.make_big()
        order = self.make_gated()
        self.assertEqual(self.open_holds(order), [])
        order.order_line.price_unit = 400
        self.commit()
        self.assertEqual(self.open_holds(order), ["customer"])
        self.assertIn("Customer asked to wait", order.sop_hold_ids.reason)
        order.order_line.price_unit = 100
        self.commit()
        self.assertEqual((self.open_holds(order), order.sop_hold_ids.outcome), ([], "condition"))

    def test_one_that_does_not_end_by_itself(self):
        self.make_big()
        self.types["customer"].auto_release = False
        order = self.make_gated(lines=[(self.product, 5, 100.0)])
        order.order_line.price_unit = 1
        self.commit()
        self.assertEqual(self.open_holds(order), ["customer"])

    def test_the_cron_ends_what_nobody_told_of(self):
        self.make_big()
        order = self.make_gated(lines=[(self.product, 5, 100.0)])
        self.types["customer"].order_domain = "[('amount_total', '>=', 900)]"
        self.assertEqual(self.open_holds(order), ["customer"])
        self.run_cron("condition_cron")
        self.assertEqual(self.open_holds(order), [])

    def test_no_more_set_by_itself(self):
        """Switched off, a type sets no new hold; what is on hold is still released when its condition is over."""
        self.make_big()
        order = self.make_gated(lines=[(self.product, 5, 100.0)])
        self.types["customer"].automatic = False
        self.assertEqual(self.open_holds(self.make_gated(lines=[(self.product, 5, 100.0)])), [])
        self.assertEqual(self.open_holds(order), ["customer"])
        order.order_line.price_unit = 1
        self.commit()
        self.assertEqual(self.open_holds(order), [])

    def test_what_is_over_is_asked_no_more(self):
        self.make_big()
        order = self.make_gated(lines=[(self.product, 5, 100.0)])
        self.hold("manager", order, "manual")
        order._action_cancel()
        self.commit()
        self.assertEqual(
            (self.open_holds(order), order.sop_hold_ids.filtered("automatic").outcome), (["manual"], "over")
        )
        order.action_draft()
        self.commit()
        self.assertEqual(self.open_holds(order), ["customer", "manual"])

    def test_a_rule_that_breaks_holds_and_says_so(self):
        rule = type(self.env["sop.rule.credit"])
        self.patch(rule, "_evaluate", lambda rule, checks: 1 / 0)
        with mute_logger("odoo.addons.order_sop.engine.checks"):
            order = self.make_gated()
        self.assertIn("could not be checked", order.sop_hold_ids.reason)

    def test_what_a_condition_must_be(self):
        for code, vals in (
            ("fraud", {"automatic": True}),
            ("quality", {"automatic": True, "rule": "credit"}),
            ("blocked", {"automatic": True, "rule": "credit"}),
            ("fraud", {"order_domain": "[('nonsense', '=', 1)]"}),
        ):
            with self.assertRaises(ValidationError):
                self.types[code].write(vals)
        rules = dict(self.env["sop.hold.type"]._selection_rule())
        self.assertIn("credit", rules)
        self.assertNotIn("tracking", rules)

    def test_it_costs_the_same_for_fifty_as_for_five(self):
        self.bill(900)
        costs = {}
        for size in (FEW, FEW, MANY):
            self.env["sop.hold.type"]._get_automatic_ids()
            orders = self.env["sale.order"].union(*(self.make_order() for _number in range(size)))
            self.commit()
            self.env["sop.engine.flow"]._start(orders, self.gated)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["sop.engine.evaluation"]._run(orders)
            self.env.flush_all()
            costs[size] = self.env.cr.sql_log_count - before
            self.assertEqual(set(orders.mapped("sop_status")), {"on_hold"})
        self.assertLessEqual(costs[MANY], costs[FEW], costs)
