"""The settlement's files: days of the company, differences of what is exported, exports that are killed."""

from contextlib import nullcontext, suppress

from odoo.fields import Date
from odoo.tests import tagged

from ..engine import export as engine_export
from .common_settlement import DifferenceCase
from .test_settlement_book import BookCase


@tagged("post_install", "-at_install")
class TestSettlementMended(BookCase, DifferenceCase):
    def make_late_order(self):
        """Return an order of 20:00 UTC on 10 February 2025: the 11th in Shanghai; delivered at the same time."""
        order = self.make_order(lines=[(self.product, 1, 100.0)])
        order.action_confirm()
        self.ship(order.picking_ids, 1)
        order.date_order = "2025-02-10 20:00:00"
        order.picking_ids.move_ids.date = "2025-02-10 20:00:00"
        return order

    def test_days_are_those_of_the_company(self):
        order = self.make_late_order()
        book = self.open_book([("order_id", "=", order.id)])
        for sheet in ("Orders", "Lines"):
            self.assertEqual(str(self.table(book[sheet])[0]["Order Date"])[:10], "2025-02-11")
        self.env.flush_all()
        settlement = self.env["sop.settlement.order"].with_context(sop_day="2025-02-20").browse(order.id)
        sheet = self.env["report.order_sop.sop_settlement_sheet"]._get_sheet(settlement, "en_US")
        self.assertEqual(sheet["date"], "02/11/2025")
        self.assertEqual([row[0] for row in sheet["documents"]], ["02/11/2025"])

    def test_differences_of_what_is_exported(self):
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.product, 1, 100.0), (self.product, 2, 50.0)])
            order.action_confirm()
            self.ship(order.picking_ids)
        differences = self.look(order, "2025-02-20")
        of_lines = differences.filtered("line_id")
        self.assertGreater(len(of_lines.line_id), 1)
        shown = [("id", "=", of_lines[0].line_id.id)]
        rows = self.table(self.open_book(shown)["Differences"])
        left = differences.filtered(lambda one: not one.line_id or one.line_id == of_lines[0].line_id)
        self.assertEqual(len(rows), len(left))
        self.env.cr.execute("UPDATE sop_difference SET state = 'gone' WHERE id = %s", [of_lines[0].id])
        self.env.invalidate_all()
        self.assertEqual(len(self.table(self.open_book(shown)["Differences"])), len(left) - 1)
        self.assertEqual(self.open_book()["Differences"]["A1"].value, "Differences, as they are today")
        today = Date.to_string(self.env["sop.ledger"]._get_day(self.company))
        for day in (today, None):
            self.assertEqual(self.open_book(day=day)["Differences"]["A1"].value, "Differences")

    def test_a_killed_export_is_given_up(self):
        self.patch(engine_export, "MOST_AT_ONCE", 1)
        lines = self.env["sop.settlement.line"].with_user(self.users["finance"])
        lines = lines.with_context(sop_day="2025-02-20", active_domain=self.domain)
        exports = self.env["sop.settlement.export"].browse([lines.action_export_xlsx()["res_id"] for _ in range(2)])
        killed, other = exports
        engine, read = self.env["sop.engine.export"], []

        def kill(_engine, export, *_args):
            read.append(export)
            raise KeyboardInterrupt if export == killed else ValueError  # the first as where the process ends

        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kwargs: float("inf"))
        self.patch(type(engine), "_open_cursor", lambda engine: nullcontext(engine.env.cr))
        self.patch(type(engine), "_read", kill)
        with suppress(KeyboardInterrupt):  # no assertRaises, which would take back what is committed
            engine._cron_write()
        with suppress(KeyboardInterrupt), self.assertLogs("odoo.addons.order_sop.engine.export", "ERROR"):
            engine._cron_write()
        self.assertEqual(read, [killed, other, killed])  # the other does not wait for ever
        self.assertEqual(exports.mapped("state"), ["running", "failed"])
        with self.assertLogs("odoo.addons.order_sop.engine.export", "ERROR"):
            engine._cron_write()
        self.assertEqual((killed.state, len(read)), ("failed", 3))
        for export in exports:
            message = self.env["mail.message"].search([("model", "=", export._name), ("res_id", "=", export.id)])
            self.assertEqual(message.partner_ids, self.users["finance"].partner_id)
            self.assertIn("could not be written", message.subject)
