"""What the tests of differences and closings share: orders whose documents are of given days."""

from odoo.fields import Date

from .common_ledger import LedgerCase


class DifferenceCase(LedgerCase):
    """Orders that are looked at."""

    def look(self, orders, day=None):
        """Look for differences of ``orders`` as of ``day`` and return those that are not gone."""
        self.env.flush_all()
        self.env["sop.engine.difference"]._look(orders, day and Date.to_date(day))
        return self.differences(orders).filtered(lambda difference: difference.state != "gone")

    def differences(self, orders):
        """Return all differences there are of ``orders``, by id."""
        return self.env["sop.difference"].search([("order_id", "in", orders.ids)], order="id")

    def kinds(self, orders, day=None):
        """Look at ``orders`` and return the kinds of differences with their amounts, ``{kind: amount}``."""
        return {difference.kind: difference.amount for difference in self.look(orders, day)}

    def bill(self, orders, day, **vals):
        """Return the invoice of ``orders``, of ``day`` and due on it unless ``vals`` says otherwise."""
        with self.on(day):
            return self.invoice(orders, **{"invoice_date": day, "invoice_date_due": day, **vals})

    def reason(self, name="agreed"):
        """Return a reason that is shipped."""
        return self.env.ref(f"order_sop.difference_reason_{name}")

    def explain(self, differences, name="agreed", note="They called", user="finance"):
        """Have somebody explain ``differences``."""
        differences.with_user(self.users[user]).action_explain(self.reason(name).id, note)

    def make_short(self, name="2025-02-10"):
        """Return an order that is delivered and not invoiced, and its difference."""
        with self.on(name):
            order = self.make_order(lines=[(self.product, 10, 100.0)])
            order.action_confirm()
            self.ship(order.picking_ids, 6)
        return order, self.look(order, name)


class ClosingCase(DifferenceCase):
    """Two orders of February, invoiced, one of them paid in part, that are signed by its end."""

    def setUp(self):
        super().setUp()
        with self.on("2025-02-10"):
            self.first = self.make_delivered(quantity=10)
            self.second = self.make_order(
                partner=self.consumer,
                lines=[(self.product, 4, 50.0), (self.service, 1, 80.0)],
                pricelist_id=self.pricelist.id,
            )
            self.second.action_confirm()
            self.ship(self.second.picking_ids, 2)
        self.orders = self.first | self.second
        self.invoice_1, self.invoice_2 = (self.bill(order, "2025-02-12") for order in self.orders)
        with self.on("2025-02-20"):
            self.pay(self.invoice_1, amount=400.0)
        self.env.flush_all()

    def make_closing(self, day="2025-02-28", user="finance", **vals):
        return self.env["sop.closing"].with_user(self.users[user]).create({"day": day, **vals})

    def sign(self, **vals):
        closing = self.make_closing(**vals)
        closing.action_sign()
        return closing.sudo()

    def lines(self, closing, orders=None):
        orders = self.orders if orders is None else orders
        return closing.line_ids.filtered(lambda line: line.order_id in orders).sorted(lambda line: line.order_id.id)

    def late(self, closing, orders=None):
        """Compare, and return the open late entries of ``orders``."""
        self.env.flush_all()
        closing.with_user(self.users["finance"]).action_compare()
        orders = self.orders if orders is None else orders
        return closing.late_ids.filtered(lambda entry: entry.state == "open" and entry.order_id in orders)
