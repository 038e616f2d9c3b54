"""Whatever a carrier sends, in whatever order: nothing breaks, and the latest state is the one that is last by time."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.sop_tracking_event import RANKS
from .common_delivery import DeliveryFixture

EXAMPLES = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
START = datetime(2026, 1, 1, tzinfo=UTC)
EVENT = st.tuples(
    st.sampled_from(sorted(RANKS)),
    st.integers(0, 12),  # hours: few, so that several happen at once
    st.integers(-12, 14),  # the carrier's time zone
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
TEXT = st.text(st.characters(), max_size=300)


@tagged("post_install", "-at_install")
class TestTrackingProperties(DeliveryFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_deliveries()
        cls.order = cls.make_shipped()
        cls.delivery = cls.order.picking_ids

    def sent(self, number, event):
        """Return ``event`` as the carrier sends it."""
        code, hours, zone = event
        moment = (START + timedelta(hours=hours)).astimezone(timezone(timedelta(hours=zone)))
        return {"id": f"e{number}", "number": "TRACK-1", "event": code, "time": moment.isoformat()}

    def undone(self, check):
        """Run ``check`` and undo what it did."""
        savepoint = self.cr.savepoint()
        try:
            check()
        finally:
            self.env.cr.clear()
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all()

    def test_the_latest_state(self):
        @EXAMPLES
        @given(st.lists(EVENT, min_size=1, max_size=6), st.randoms(use_true_random=False), st.booleans())
        def holds(events, random, at_once):
            def check():
                items = [self.sent(number, event) for number, event in enumerate(events)]
                random.shuffle(items)
                sendings = [items] if at_once else [[item] for item in items]
                for sending in sendings:
                    self.tell(*sending)
                    self.assertEqual(set(self.tell(*sending)), {"duplicate"}, "sent again")
                last = max(events, key=lambda event: (event[1], RANKS[event[0]]))
                self.assertEqual(self.delivery.sop_tracking_state, last[0])
                self.assertEqual(self.delivery.sop_tracked_at, (START + timedelta(hours=last[1])).replace(tzinfo=None))
                self.assertEqual(len(self.delivery.sop_tracking_ids), len(events))
                found = self.delivery.search([("sop_tracking_state", "=", last[0]), ("id", "=", self.delivery.id)])
                self.assertEqual(found, self.delivery)
                open_ones = self.env["sop.alert"].search(
                    [("picking_id", "=", self.delivery.id), ("state", "!=", "closed")]
                )
                self.assertLessEqual(len(open_ones), 1)
                self.assertFalse(last[0] == "failed" and not open_ones, "somebody has to act")
                self.assertFalse(last[0] == "delivered" and open_ones, "nobody has to act any more")

            self.undone(check)

        holds()

    @mute_logger("odoo.sql_db")
    def test_whatever_is_sent(self):
        @EXAMPLES
        @given(
            st.lists(
                JSON
                | st.fixed_dictionaries(
                    {},
                    optional={
                        "id": TEXT | JSON,
                        "number": st.just("TRACK-1") | TEXT | JSON,
                        "event": st.sampled_from(sorted(RANKS)) | JSON,
                        "time": st.datetimes().map(datetime.isoformat) | TEXT | JSON,
                        "place": TEXT | JSON,
                        "note": TEXT | JSON,
                    },
                ),
                min_size=1,
                max_size=4,
            )
        )
        def holds(items):
            def check():
                statuses = self.tell(*items)
                self.assertEqual(len(statuses), len(items))
                self.assertLessEqual(set(statuses), {"created", "duplicate", "unknown", "invalid"})
                self.assertEqual(len(self.delivery.sop_tracking_ids), statuses.count("created"))
                for event in self.delivery.sop_tracking_ids:
                    for text in (event.place or "", event.note or ""):
                        self.assertLessEqual(len(text), 250)
                        self.assertFalse(text.startswith(("=", "+", "-", "@")))

            self.undone(check)

        holds()
