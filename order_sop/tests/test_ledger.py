"""The ledger: each column of real documents, checked by hand."""

from datetime import date, timedelta
from decimal import Decimal

from odoo import Command
from odoo.fields import Date
from odoo.tests import tagged

from .common_fulfilment import SettlementCase


@tagged("post_install", "-at_install")
class TestLedger(SettlementCase):
    """Rows of orders as they go through deliveries, invoices and money."""

    def rows(self, orders, day=None):
        return self.env["sop.ledger"]._get_rows(orders.order_line, day)

    def assertRow(self, row, **figures):
        """Assert the figures that are named, and that outstanding is what the page says."""
        found = {name: float(row[name]) for name in figures}
        self.assertEqual(found, {name: float(figure) for name, figure in figures.items()})
        for suffix in ("", "_company"):
            kinds = ("paid", "offset", "written_off", "exchange")
            settled = sum(row[f"{kind}{suffix}"] for kind in kinds)
            self.assertEqual(row[f"outstanding{suffix}"], row[f"net_invoiced_total{suffix}"] - settled)

    def test_partly_delivered_invoiced_paid(self):
        order = self.make_delivered(delivered=4)
        invoice = self.invoice(order)
        self.pay(invoice, amount=150.0)
        [row] = self.rows(order).values()
        self.assertRow(
            row,
            ordered=10,
            delivered=4,
            net_delivered=4,
            invoiced=4,
            net_invoiced=4,
            ordered_total=1000,
            delivered_total=400,
            invoiced_total=400,
            paid=150,
            outstanding=250,
            outstanding_company=250,
        )
        self.assertIsInstance(row["paid"], Decimal)
