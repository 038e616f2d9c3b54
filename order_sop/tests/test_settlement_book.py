"""The settlement's workbook: opened again, it says what the ledger says, and nothing in it is alive."""

import tempfile
from collections import defaultdict
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..engine import export as engine_export
from ..reports import settlement_writer
from ..reports.settlement_writer import COMPANY_MONEY, MONEY
from .common_ledger import LedgerCase

EVIL = ("=1+1", "+1", "-1", "@SUM(1)", "\tx", '=HYPERLINK("http://x")')


class BookCase(LedgerCase):
    """Orders in two currencies, invoiced and paid in part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.name = EVIL[0]
        cls.service.name = EVIL[3]
        case = cls()
        with case.on("2025-02-10"):
            cls.first = cls.make_order(lines=[(cls.product, 5, 100.0), (cls.service, 2, 50.0)])
            cls.second = cls.make_order(lines=[(cls.prepaid, 1, 1000.0)], pricelist_id=cls.pricelist.id)
            cls.orders = cls.first + cls.second
            cls.orders.action_confirm()
            cls.ship(cls.first.picking_ids, 3)
            cls.invoice(cls.orders)
        with case.on("2025-02-20"):
            cls.pay(cls.first.invoice_ids, amount=150.0)
        cls.domain = [("order_id", "in", cls.orders.ids)]

    def book(self, user="finance", day="2025-02-20"):
        self.env.flush_all()
        return self.env["sop.settlement.book"].with_user(self.users[user]).with_context(sop_day=day)

    def open_book(self, domain=None, model="sop.settlement.line", **options):
        """Return the workbook of a list, opened again."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            self.book(**options)._write_book(str(path), model, self.domain if domain is None else domain)
            return openpyxl.load_workbook(path)

    def table(self, sheet):
        """Return the rows of ``sheet`` below its heading, as dicts."""
        _title, _blank, heading, *rows = sheet.iter_rows(values_only=True)
        return [dict(zip(heading, row, strict=True)) for row in rows]


@tagged("post_install", "-at_install")
class TestSettlementBook(BookCase):
    def label(self, name):
        return self.env["sop.settlement.line"]._fields[name]._description_string(self.env)

    def test_sheets(self):
        book = self.open_book()
        self.assertEqual(book.sheetnames, ["Summary", "Orders", "Lines", "Ageing", "Differences", "Parameters"])
        for sheet in book:
            self.assertEqual(sheet.freeze_panes, "B4")
            self.assertEqual(sheet.page_setup.orientation, "landscape")
            self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
            pages = {"Summary": 2, "Orders": 2, "Lines": 3}.get(
                sheet.title, 1
            )  # side by side: else nobody could read it
            self.assertEqual((sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight), (pages, 0))
            self.assertEqual((sheet.print_title_rows, sheet.print_title_cols), ("$3:$3", "$A:$A"))
        self.assertGreater(book["Lines"].row_dimensions[3].height, 15)  # its headings take several lines
        self.assertEqual(book["Lines"].auto_filter.ref.split(":")[0], "A3")
        self.assertEqual(book["Lines"].auto_filter.ref.split(":")[1][-1], "6")  # three lines, and no totals
        parameters = {row["Parameter"]: row["Value"] for row in self.table(book["Parameters"])}
        self.assertEqual(parameters["As Of"], "2025-02-20")
        self.assertEqual(parameters["Lines"], "3")
        self.assertIn(str(self.orders.ids[0]), parameters["Filters"])
        self.assertIn(self.users["finance"].name, parameters["Made By"])

    def test_lines_are_the_rows_of_the_ledger(self):
        for day in ("2025-02-10", "2025-02-20", None):
            lines = self.table(self.open_book(day=day)["Lines"])[:3]
            found = self.env["sop.settlement.line"].with_context(sop_day=day).search(self.domain)
            rows = self.env["sop.ledger"]._get_rows(self.orders.order_line, found[0].day)
            for id_, line in zip(found.ids, lines, strict=True):
                for name in (*MONEY, *COMPANY_MONEY, "ordered", "net_delivered", "net_invoiced"):
                    self.assertEqual(line[self.label(name)], float(rows[id_][name]), (day, name))

    def test_totals_are_values_and_those_of_the_screen(self):
        book = self.open_book()
        lines = self.env["sop.settlement.line"].with_context(sop_day="2025-02-20")
        names = (*MONEY, *COMPANY_MONEY)
        groups = lines.formatted_read_group(self.domain, ["currency_id"], [f"{name}:sum" for name in names])
        screen = {group["currency_id"][1]: group for group in groups}
        for sheet in ("Lines", "Orders", "Summary"):
            rows = self.table(book[sheet])
            totals = {name: row for row in rows if (name := str(next(iter(row.values())))).startswith("Total")}
            self.assertEqual(len(totals), 3)
            for currency, group in screen.items():
                for name in names:
                    self.assertEqual(
                        totals[f"Total {currency}"][self.label(name)], group[f"{name}:sum"], (sheet, currency, name)
                    )
            [whole] = lines.formatted_read_group(self.domain, [], [f"{name}:sum" for name in names])
            for name in names:
                last = totals[f"Total of All in {self.own.name}"]
                self.assertEqual(last[self.label(name)] or False, whole[f"{name}:sum"], (sheet, name))
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    self.assertNotEqual(cell.data_type, "f", (sheet.title, cell.coordinate))

    def test_orders_and_ageing(self):
        book = self.open_book(model="sop.settlement.order")
        orders = {row["Order"]: row for row in self.table(book["Orders"])}
        settlement = self.env["sop.settlement.order"].with_context(sop_day="2025-02-20").browse(self.orders.ids)
        for order in settlement:
            row = orders[order.order_id.name]
            for name in (*MONEY, *COMPANY_MONEY):
                self.assertEqual(row[self.label(name)], order[name], name)
        ages = [row for row in self.table(book["Ageing"]) if not row["Customer"].startswith("Total")]
        sums = defaultdict(Decimal)
        for row in ages:
            sums[row["Currency"]] += Decimal(str(row[self.label("outstanding")]))
        self.assertEqual(sums, {order.currency_id.name: Decimal(str(order.outstanding)) for order in settlement})

    def test_text_stays_text(self):
        self.first.name, self.second.name = EVIL[5], EVIL[4]
        book = self.open_book()
        cells = {cell.value: cell for row in book["Lines"].iter_rows(min_row=4) for cell in row if cell.value}
        for evil in (EVIL[0], EVIL[3], EVIL[5]):
            self.assertEqual(cells[evil].data_type, "s")
            self.assertTrue(cells[evil].quotePrefix)
        self.customer.name = "bad \x0b\x1f & <b>"
        self.assertIn("bad  & <b>", [row["Customer"] for row in self.table(self.open_book()["Lines"])])

    def test_number_formats(self):
        yen = self.env["res.currency"].create({"name": "XTY", "symbol": "y", "rounding": 1.0, "position": "before"})
        self.pricelist.currency_id = yen
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.prepaid, 1, 1000.0)], pricelist_id=self.pricelist.id)
            order.action_confirm()
        book = self.open_book([("order_id", "in", (self.first + order).ids)])
        heading = [cell.value for cell in book["Lines"][3]]
        at = heading.index(self.label("ordered_total"))
        formats = {
            row[heading.index("Currency")].value: row[at].number_format for row in book["Lines"].iter_rows(min_row=4)
        }
        self.assertEqual(formats["XTY"], '"y "#,##0')
        self.assertIn("#,##0.00", formats[self.own.name])

    def test_a_book_in_parts_is_the_same(self):
        whole = self.table(self.open_book()["Orders"])
        self.patch(settlement_writer, "AT_ONCE", 1)
        self.assertEqual(self.table(self.open_book()["Orders"]), whole)

    def test_only_finance_and_auditors(self):
        self.open_book(user="auditor")
        for user in ("sales", "warehouse", "manager", "officer"):
            with self.assertRaises(AccessError):
                self.open_book(user=user)
            line = self.env["sop.settlement.line"].with_user(self.users[user]).browse(self.first.order_line[0].id)
            with self.assertRaises(AccessError):
                line.with_context(active_domain=self.domain).action_export_xlsx()

    def test_garbage(self):
        for domain in ("x", [1], [("nothing", "=", 1)], {"a": 1}, [["order_id", "in"]], 5):
            with self.assertRaises(UserError):
                self.open_book(domain)
        for model in ("res.users", None, [], "sop.tie.out"):
            with self.assertRaises(ValidationError):
                self.open_book(model=model)
        with self.assertRaises(ValidationError):
            self.open_book(day="tomorrow")

    def test_button(self):
        lines = self.env["sop.settlement.line"].with_user(self.users["finance"])
        lines = lines.with_context(sop_day="2025-02-20", active_domain=self.domain, active_ids=[])
        action = lines.action_export_xlsx()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertIn("day=2025-02-20", action["url"])
        action = lines.with_context(active_ids=self.first.order_line[:1].ids).action_export_xlsx()
        self.assertIn(f"%5B%22id%22%2C+%22in%22%2C+%5B{self.first.order_line[0].id}%5D%5D", action["url"])

    def test_a_long_one_is_written_by_the_cron(self):
        self.patch(engine_export, "MOST_AT_ONCE", 1)
        lines = self.env["sop.settlement.line"].with_user(self.users["finance"])
        action = lines.with_context(sop_day="2025-02-20", active_domain=self.domain).action_export_xlsx()
        export = self.env["sop.settlement.export"].browse(action["res_id"])
        self.assertEqual((export.state, export.line_count, export.progress), ("waiting", 3, 0))
        for user in ("auditor", "sales"):
            with self.assertRaises(AccessError):
                export.with_user(self.users[user]).read(["name"])
        # all cursors of a test share one connection: none can go on reading while another commits
        self.patch(self.registry["sop.engine.export"], "_open_cursor", lambda engine: nullcontext(engine.env.cr))
        self.run_cron("export_cron")
        self.assertEqual((export.state, export.done_count, export.progress), ("done", 3, 100))
        mail = self.env["mail.mail"].search([("model", "=", export._name), ("res_id", "=", export.id)])
        self.assertEqual(mail.recipient_ids, self.users["finance"].partner_id)
        self.assertIn(f"/web/content/{export.attachment_id.id}", mail.body_html)
        self.assertTrue(export.with_user(self.users["finance"]).attachment_id.raw.startswith(b"PK"))
        with self.assertRaises(AccessError):
            export.attachment_id.with_user(self.users["auditor"]).read(["raw"])
        with self.assertRaises(AccessError):
            export.with_user(self.users["finance"]).write({"state": "waiting"})

    def test_an_export_is_by_the_rights_of_then(self):
        self.patch(engine_export, "MOST_AT_ONCE", 1)
        lines = self.env["sop.settlement.line"].with_user(self.users["finance"])
        action = lines.with_context(sop_day="2025-02-20", active_domain=self.domain).action_export_xlsx()
        export = self.env["sop.settlement.export"].browse(action["res_id"])
        self.users["finance"].group_ids = self.env.ref("base.group_user")
        with self.assertLogs("odoo.addons.order_sop.engine.export", "ERROR"):
            self.run_cron("export_cron")
        self.assertEqual(export.state, "failed")
        self.assertFalse(export.attachment_id)
