"""The SOP's owner exports the event log of what the map shows, waits for it and gets it; a short one at once."""

import csv
import gzip
import io
from contextlib import nullcontext

from lxml import etree

from odoo.tests import tagged

from ..wizards import sop_event_export
from .test_tour_map import MapTourCase


@tagged("post_install", "-at_install")
class TestTourEventLog(MapTourCase):
    browser_size = "1920x1080"  # all menus side by side

    def shown(self):
        """Return how many visits the manager's map shows of the process."""
        chart = self.env["sop.process.map"].with_user(self.users["manager"])
        return chart.get_map("2000-01-01", "2100-12-31", {"process": "GATED"})["visits"]

    def test_a_long_one_from_the_map(self):
        self.patch(sop_event_export, "MOST_AT_ONCE", 0)
        # all cursors of a test share one connection: none can go on reading while another commits
        self.patch(self.registry["sop.engine.export"], "_open_cursor", lambda engine: nullcontext(engine.env.cr))
        self.start_tour("/odoo/sop-map", "order_sop_event_log_ask", login="sop_manager", timeout=120)
        self.run_cron("export_cron")
        self.start_tour("/odoo/sop-exports", "order_sop_event_log_get", login="sop_manager", timeout=120)
        export = self.env["sop.settlement.export"].search([("user_id", "=", self.users["manager"].id)])
        self.assertEqual((export.state, export.line_count), ("done", self.shown()))
        self.authenticate("sop_manager", "sop_manager")
        answer = self.url_open(export.with_user(self.users["manager"]).action_download()["url"])
        events = etree.fromstring(gzip.decompress(answer.content)).iter("{*}event")
        self.assertEqual(len(list(events)), self.shown())

    def test_a_short_one_by_the_menu(self):
        got, write = [], self.registry["sop.event.log"]._write_file

        def keep(log, path, *args, **more):
            name = write(log, path, *args, **more)
            with open(path, "rb") as file:
                got.append((name, file.read()))
            return name

        self.patch(self.registry["sop.event.log"], "_write_file", keep)
        self.start_tour("/odoo/sop-orders", "order_sop_event_log_csv", login="sop_manager", timeout=120)
        [(name, content)] = got
        self.assertTrue(name.startswith("GATED") and name.endswith(".csv"), name)
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        self.assertEqual(len(rows), self.shown())
