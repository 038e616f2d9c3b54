"""The analysis of orders says what the KPIs say: an order that is still on its way is neither late nor incomplete."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestOrderReport(GateCase):
    def test_open_orders_are_not_late(self):
        """One order is finished on time, another was confirmed a minute ago: all that is finished was on time."""
        promised = {"commitment_date": fields.Datetime.now() + timedelta(2)}
        done, fresh = self.make_settled(**promised), self.make_reviewed(**promised)
        self.tick(done, "Nothing open")
        done.action_lock()
        self.tick(done, "Asked the customer")
        fresh.action_confirm()
        self.commit()
        rows = self.env["sop.order.report"].search([("order_id", "in", (done | fresh).ids)])
        self.assertEqual(dict.fromkeys(rows.mapped("promised")), {True: None}, "a day was promised for both")
        rates = ("on_time_rate", "in_full_rate", "return_rate", "line_on_time_rate", "returned_value_rate")
        [shares] = self.env["sop.order.report"]._read_group(
            [("id", "in", rows.ids)], [], [f"{name}:avg" for name in rates]
        )
        today = fields.Date.to_string(fields.Date.today())
        page = self.env["sop.kpi"].with_user(self.users["manager"]).get_page(today, today)
        kpis = {kpi["code"]: kpi["value"] for kpi in page["kpis"]}
        codes = ("on_time_orders", "in_full", "returned_orders", "on_time_lines", "returned_value")
        wanted = [kpis[code] / 100 for code in codes]
        self.assertEqual(wanted, [1, 1, 0, 1, 0])
        self.assertEqual(list(shares), wanted)
