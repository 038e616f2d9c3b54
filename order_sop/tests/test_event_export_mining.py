"""A process-mining library reads the exported event logs and finds what a computation from the visits finds.

The library is no part of the addon: ``python3 -m devkit mining`` runs it in an environment of its own, which it makes
on first use. Where it cannot be had the test fails.
"""

import json
import subprocess
import tempfile
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import mean
from unittest import skipUnless

from odoo.tests import freeze_time, tagged

from ..reports import sop_process_map_variants
from .common_event_log import EventLogFixture
from .common_lives import LivesCase

CHECKOUT = Path(__file__).resolve().parents[2]
ORDERS, ACTS, SEED = 45, 900, 3


@skipUnless(
    (CHECKOUT / "devkit").is_dir(), "the addon stands alone, without the developer's tool that runs the library"
)
@tagged("post_install", "-at_install")
class TestEventExportMining(EventLogFixture, LivesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        large = {"name": "Large <only>", "order_domain": "[('amount_untaxed', '>', 300)]", "auto_advance": False}
        first = cls.make_plain(large, first="Take, =now")
        draft = first.browse(first.action_new_version()["res_id"])
        draft.stage_ids[2].name = "Think 再想"
        draft.action_publish()
        elsewhere = cls.make_process({"name": "Wait", "checkpoints": [{}]}, code="ELSE")
        cls.live(SEED, [cls.gated, first, draft, draft], ORDERS, ACTS)
        with freeze_time(cls.now):
            cls.move(cls.orders, elsewhere)

    @classmethod
    def move(cls, orders, process):
        """Move some open orders of the plain process to ``process``."""
        plain = orders.filtered(lambda order: order.sop_process_id.code == "PLAIN" and order.sop_visit_id)[:2]
        engine, journal = cls.env["sop.engine.flow"].sudo(), []
        engine._leave(plain, "moved", {}, journal)
        engine._put_under(plain, process, "moved", journal)
        cls.env["sop.engine.evaluation"].sudo()._close_journal(journal)
        cls.commit()

    def mine(self, **more):
        """Return what the library makes of the XES and the CSV file."""
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder, f"log.{form}") for form in ("xes", "csv")]
            for path in paths:
                path.write_bytes(self.export(form=path.suffix[1:], **more))
            done = subprocess.run(
                ["python3", "-m", "devkit", "mining", *paths], cwd=CHECKOUT, capture_output=True, text=True, check=False
            )
        self.assertEqual(done.returncode, 0, f"the mining library could not be run:\n{done.stderr[-2000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def reckon(self, orders, stages, called):
        """Return the same from the visits of ``orders`` by the ORM and in Python; ``called``: ``{stage: activity}``."""
        traces = []
        for order in orders:
            visits = order.sop_visit_ids.filtered(lambda visit: visit.left_at and visit.stage_id in stages).sorted("id")
            if visits:
                traces.append([(called(visit.stage_id), visit) for visit in visits])
        events = [event for trace in traces for event in trace]
        waits = defaultdict(list)
        for trace in traces:
            for (one, before), (other, after) in pairwise(trace):
                waits[one, other].append((after.left_at - before.left_at).total_seconds())
        variants = Counter(tuple(name for name, _visit in trace) for trace in traces)
        return {
            "traces": len(traces),
            "events": len(events),
            "activities": dict(Counter(name for name, _visit in events)),
            "starts": dict(Counter(trace[0][0] for trace in traces)),
            "ends": dict(Counter(trace[-1][0] for trace in traces)),
            "directly": sorted([*pair, len(times)] for pair, times in waits.items()),
            "seconds": sorted([*pair, mean(times)] for pair, times in waits.items()),
            "variants": sorted([list(variant), count] for variant, count in variants.items()),
            "late": sum(bool(visit.deadline and visit.deadline < visit.left_at) for _name, visit in events),
            "worked_minutes": sum(round(visit.worked_hours * 60) for _name, visit in events),
        }

    def assert_mined(self, wanted, **more):
        for form, mined in zip(("xes", "csv"), self.mine(**more), strict=True):
            with self.subTest(form=form, more=more):
                columns = mined.pop("columns")
                self.assertIn("entered_at", columns)
                self.assertIn("case:customer", columns)
                self.assertEqual(mined.keys(), wanted.keys())
                for name, value in wanted.items():
                    if name == "seconds":
                        self.assertEqual([row[:2] for row in mined[name]], [row[:2] for row in value])
                        for (*_pair, seconds), (*_same, mine) in zip(mined[name], value, strict=True):
                            self.assertAlmostEqual(seconds, mine, 3)
                    else:
                        self.assertEqual(mined[name], value, name)

    def test_lives_are_lively(self):
        """There is what the comparison is for: all outcomes, loops, skips, events of one moment, orders cancelled,
        reopened and moved."""
        visits = self.orders.sop_visit_ids.filtered("left_at")
        self.assertEqual(set(visits.mapped("outcome")), {"completed", "sent_back", "cancelled", "moved"})
        self.assertGreater(len({visit.stage_id.process_id for visit in visits}), 2)
        self.assertTrue(visits.filtered(lambda visit: visit.cycle > 1))
        self.assertTrue(self.lives.acts["reopen"])
        plain = (
            visits.filtered(lambda visit: visit.stage_id.process_id.code == "PLAIN").sorted("id").grouped("order_id")
        )
        self.assertEqual(len({"Large <only>" in batch.stage_id.mapped("name") for batch in plain.values()}), 2)

    def test_the_map_says_the_same(self):
        """Boxes, arrows, waiting time, beginnings, ends and variants of the process map."""
        self.patch(sop_process_map_variants, "SHOWN", 1000)
        chart = self.env["sop.process.map"].with_user(self.users["manager"])
        for filters in ({"process": "GATED"}, {"process": "PLAIN"}, {"process": "PLAIN", "version": 1}):
            shown = chart.get_map("2025-01-10", "2025-01-31", filters)
            variants = chart.get_variants("2025-01-10", "2025-01-31", filters)
            names = {box["key"]: box["name"] for box in shown["boxes"]}
            ways = Counter()
            for variant in variants["variants"]:
                ways[tuple(names[key] for key in variant["boxes"])] += variant["count"]
            pairs = {(names[arrow["from"]], names[arrow["to"]]): arrow for arrow in shown["arrows"]}
            boxes = [box for box in shown["boxes"] if box["count"]]
            for mined in self.mine(date_from="2025-01-10", date_to="2025-01-31", **filters):
                self.assertEqual(mined["traces"], variants["total"])
                self.assertEqual(mined["events"], shown["visits"])
                self.assertEqual(mined["activities"], {box["name"]: box["count"] for box in boxes})
                for name in ("starts", "ends"):
                    counts = {box["name"]: box[name] if name == "ends" else box[name]["count"] for box in boxes}
                    self.assertEqual(mined[name], {one: count for one, count in counts.items() if count})
                self.assertEqual(mined["directly"], sorted([*pair, one["count"]] for pair, one in pairs.items()))
                for *pair, seconds in mined["seconds"]:
                    self.assertAlmostEqual(seconds, pairs[tuple(pair)]["hours"] * 3600, 3)
                self.assertEqual(mined["variants"], sorted([list(way), count] for way, count in ways.items()))

    def test_figures(self):
        """Of a process with all its versions, one with gates, one version, one customer."""
        plain = self.env["sop.process"].search([("code", "=", "PLAIN")], order="version")
        newest = plain[-1].stage_ids.grouped("pace_key")

        def called(stage):
            return newest[stage.pace_key].name

        self.assert_mined(self.reckon(self.orders, self.gated.stage_ids, lambda stage: stage.name), process="GATED")
        self.assert_mined(self.reckon(self.orders, plain.stage_ids, called), process="PLAIN")
        first = plain[0]
        self.assert_mined(
            self.reckon(self.orders, first.stage_ids, lambda stage: stage.name), process="PLAIN", version=first.version
        )
        mine = self.orders.filtered(lambda order: order.partner_id == self.consumer)
        self.assert_mined(self.reckon(mine, plain.stage_ids, called), process="PLAIN", partner_id=self.consumer.id)
