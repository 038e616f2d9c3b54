"""The process map compared with what the visits say, figure by figure, and each figure with the rows that it opens."""

from datetime import date

from odoo.tests import TransactionCase

from .common_map import MapFixture, brute_force, middle

PERIODS = (
    (date(2026, 2, 1), date(2026, 2, 28)),  # a whole month
    (date(2026, 1, 1), date(2026, 12, 31)),
    (date(2026, 1, 17), date(2026, 4, 11)),  # whole months, and days before and after them
    (date(2026, 1, 20), date(2026, 2, 28)),
    (date(2026, 3, 1), date(2026, 4, 5)),
    (date(2026, 2, 10), date(2026, 2, 20)),
    (date(2026, 2, 10), date(2026, 3, 20)),  # no whole month
    (date(2026, 3, 9), date(2026, 3, 9)),
    (date(2025, 1, 1), date(2025, 12, 31)),  # nothing
)


class MapExactCase(MapFixture, TransactionCase):
    """220 orders with a random life each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_map()
        cls.orders = cls.live(7, 220)

    def assert_map(self, first, last, processes, companies=None, partner=None, department=None, **filters):
        """Compare the map with the brute force, and each figure with the rows that it opens."""
        companies = companies or self.company | self.company_2
        told = (str(first), str(last), {"process": processes[0].code, **filters})
        chart, want = (
            self.chart.get_map(*told),
            brute_force(self.env, processes, first, last, companies, partner, department),
        )
        boxes = {box["key"]: box for box in chart["boxes"]}
        self.assertLessEqual(set(want["boxes"]) | set(want["now"]), set(boxes))
        elapsed = sum(sums["elapsed"] for sums in want["boxes"].values())
        for key, box in boxes.items():
            sums, minutes = want["boxes"][key], middle(want["minutes"][key])
            self.assertEqual(
                (box["count"], box["limited"], box["late"], box["now"]["count"]),
                (sums["visits"], sums["limited"], sums["late"], want["now"][key]),
            )
            self.assertEqual(box["hours"], minutes and minutes / 60 if minutes is not None else None)
            self.assertEqual(
                (box["starts"]["count"], box["ends"], box["ended"]["count"]),
                (want["starts"][key], want["ends"][key], want["ended"][key]),
            )
            self.assertAlmostEqual(box["share"], sums["elapsed"] / elapsed if elapsed else 0)
            for number in (box, box["now"], box["starts"], box["ended"]):
                self.assert_rows(number)
        arrows = {(arrow["from"], arrow["to"]): arrow for arrow in chart["arrows"]}
        self.assertEqual(set(arrows), set(want["arrows"]))
        for way, arrow in arrows.items():
            sums = want["arrows"][way]
            self.assertEqual(arrow["count"], sums["visits"])
            self.assertAlmostEqual(arrow["hours"], sums["elapsed"] / sums["visits"] / 3600)
            self.assert_rows(arrow)
        self.assert_variants(told, want["ways"])
        return chart

    def assert_variants(self, told, want):
        answer = self.chart.get_variants(*told)
        total = sum(map(len, want.values()))
        self.assertEqual((answer["total"], answer["kinds"]), (total, len(want)))
        counts = [variant["count"] for variant in answer["variants"]]
        self.assertEqual(counts, sorted(map(len, want.values()), reverse=True)[:25])
        for place, variant in enumerate(answer["variants"]):
            minutes = want[tuple(variant["boxes"]), variant["open"]]
            self.assertEqual((variant["count"], variant["share"]), (len(minutes), len(minutes) / total))
            self.assertEqual(variant["hours"], middle(minutes) / 60)
            if place in (0, 3, 9):
                self.assert_rows(variant)

    def assert_rows(self, number):
        """What a figure opens has as many rows as it says, for whoever looks at it."""
        model = self.env[number["model"]].with_user(self.users["auditor"])
        found = model.with_context(**self.chart.env.context).search_count(number["domain"])
        self.assertEqual(found, number["count"], number["name"])

    def keep_all(self):
        self.keep_facts()
        self.count_all()
