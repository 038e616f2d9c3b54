"""Long exports on servers that end background work after a while: nothing half done, nothing for ever being written."""

import os
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import config

from ..engine import export as engine_export
from ..engine import stint
from ..reports import sop_event_log
from ..wizards import sop_event_export
from .common_event_log import EventLogFixture
from .common_gates import GateCase

LOGGER = "odoo.addons.order_sop.engine.export"


@tagged("post_install", "-at_install")
class TestExportLimits(EventLogFixture, GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env["sale.order"].union(*(cls.make_reviewed() for _n in range(3)))

    def setUp(self):
        super().setUp()
        self.patch(sop_event_export, "MOST_AT_ONCE", 0)
        self.patch(sop_event_log, "AT_ONCE", 1)
        # all cursors of a test share one connection: none can go on reading while another commits
        self.patch(self.registry["sop.engine.export"], "_open_cursor", lambda engine: nullcontext(engine.env.cr))
        self.clock = 1000.0
        self.patch(stint.time, "monotonic", lambda: self.clock)
        self.limit(100)

    def limit(self, real, workers=0, cpu=0):
        """Let the server end background work after so many seconds."""
        limits = {"limit_time_real_cron": real, "limit_time_real": 120, "workers": workers, "limit_time_cpu": cpu}
        self.startPatcher(patch.dict(config.options, limits))

    def ask(self, form="xes"):
        self.commit()
        dialogs = self.env["sop.event.export"].with_user(self.users["officer"])
        action = dialogs.create({"process_id": self.gated.id, "form": form}).action_export()
        return self.env["sop.settlement.export"].browse(action["res_id"])

    def take(self, seconds):
        """Let each order that is written take so long."""
        read = sop_event_log.SopEventLog._read_visits

        def read_slowly(log, *args):
            self.clock += seconds
            return read(log, *args)

        self.patch(self.registry["sop.event.log"], "_read_visits", read_slowly)

    def left_over(self):
        return set(Path(tempfile.gettempdir()).glob(f"{engine_export.FOLDER}*"))

    def test_what_takes_too_long_is_given_up_in_words(self):
        for form in ("xes", "csv"):
            with self.subTest(form=form):
                export, before = self.ask(form), self.left_over()
                self.take(45)
                with self.assertLogs(LOGGER, "WARNING") as logs:
                    self.run_cron("export_cron")
                self.assertIn("longer than the server's limits", logs.output[0])
                self.assertEqual((export.state, export.failure, export.tries), ("failed", "time", 1))
                self.assertEqual((export.done_count, export.line_count), (2, 3))
                self.assertFalse(export.attachment_id)
                self.assertEqual(self.left_over(), before)
                message = self.env["mail.message"].search([("model", "=", export._name), ("res_id", "=", export.id)])
                self.assertEqual(message.partner_ids, self.users["officer"].partner_id)
                self.assertIn("2 of 3 lines were written", message.body)
                self.assertIn("shorter period", message.body)

    def test_what_fits_is_written(self):
        export = self.ask()
        self.take(20)
        self.run_cron("export_cron")
        self.assertEqual((export.state, export.failure), ("done", False))

    def test_each_has_the_whole_time(self):
        """What waits behind a long one is begun in a new run, not in what is left of this one."""
        exports = self.ask() | self.ask() | self.ask()
        self.take(20)
        for done in (1, 2, 3):
            self.run_cron("export_cron")
            self.assertEqual(exports.mapped("state"), ["done"] * done + ["waiting"] * (3 - done))

    def test_what_cannot_fit_is_not_begun(self):
        self.patch(engine_export, "QUICKEST", {"event_log": 0.03, "model": 0.03})
        with self.assertRaisesRegex(UserError, "3 lines are too many for this server.*2 can be written at most"):
            self.ask()
        self.assertFalse(self.env["sop.settlement.export"].search([("user_id", "=", self.users["officer"].id)]))
        self.limit(200)
        self.assertTrue(self.ask())
        self.limit(200, workers=2, cpu=50)
        with self.assertRaisesRegex(UserError, "1 can be written at most"):
            self.ask()

    def test_limits(self):
        """As Odoo's server reads them: -1 is the limit of requests; processor time counts where there are workers."""
        for real, workers, cpu, limits in (
            (100, 0, 60, (100, None)),
            (100, 2, 60, (100, 60)),
            (0, 2, 0, (None, None)),
            (-1, 2, 60, (120, 60)),
            (0, 0, 60, (120, None)),
        ):
            self.limit(real, workers, cpu)
            self.assertEqual(stint.get_limits(), limits)
        self.limit(0, 2, 0)
        self.assertIsNone(stint.get_seconds())
        free = stint.Stint(self.env)
        self.clock += 10**6
        free.check()
        self.assertTrue(free.is_fresh())

    def test_time_that_other_jobs_took(self):
        """Processor time is that of the whole round of jobs, at whose end the server stops it."""
        self.limit(100, workers=2, cpu=60)
        self.patch(stint.time, "process_time", lambda: self.clock)
        self.patch(stint.resource, "getrlimit", lambda _kind: (self.clock_end, -1))
        for end, fresh, over in ((1060, True, False), (1030, False, False), (1011, False, True)):
            self.clock_end = end
            mine = stint.Stint(self.env)
            self.assertEqual(mine.is_fresh(), fresh)
            with self.assertRaises(stint.TooLong) if over else nullcontext():
                mine.check()

    def test_what_a_killed_process_left_is_removed(self):
        old, new = (Path(tempfile.mkdtemp(prefix=engine_export.FOLDER)) for _n in range(2))
        (old / "file").write_bytes(b"half")
        yesterday = time.time() - 2 * engine_export.DAY
        os.utime(old, (yesterday, yesterday))
        self.addCleanup(new.rmdir)
        self.env["sop.engine.export"]._gc_files()
        self.assertEqual((old.exists(), new.exists()), (False, True))
