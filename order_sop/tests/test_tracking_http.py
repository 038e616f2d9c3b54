"""The endpoint over real HTTP: what a carrier's system gets back, and what nobody can do with it."""

import json
import time
from datetime import UTC, datetime, timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers.tracking import MAX_BODY, MAX_EVENTS, WINDOW
from .common_delivery import SECRET, DeliveryFixture, TrackingClient


@tagged("post_install", "-at_install")
class TestTrackingHttp(TrackingClient, DeliveryFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_deliveries()
        cls.order = cls.make_shipped()
        cls.delivery = cls.order.picking_ids

    def events(self, *items):  # pylint: disable=arguments-differ
        return {"events": list(items) or [self.item()]}

    def assert_refused(self, response, status, code):
        self.assertEqual((response.status_code, response.json().get("error")), (status, code), response.text)
        self.assertEqual(self.count(), 0, "nothing was changed")

    # -- what is taken -------------------------------------------------------------------------------------------------

    def test_the_documented_example(self):
        moment = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
        item = {"id": "e-1", "number": "TRACK-1", "event": "delivered", "time": moment, "place": "上海", "note": "签收"}
        response = self.post({"events": [item]})
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.json(), {"results": [{"id": "e-1", "status": "created", "message": None}]})
        event = self.delivery.sop_tracking_ids
        self.assertEqual((event.code, event.place, event.note), ("delivered", "上海", "签收"))
        self.assertEqual((event.source, event.external_id, event.carrier_id), ("carrier", "e-1", self.carrier))
        self.assertFalse(event.user_id)
        self.assertNotIn("session_id", response.headers.get("Set-Cookie", ""))

    def test_each_event_gets_its_answer(self):
        good, unknown, wrong = self.item(), self.item(number="OTHER"), self.item(event="lost")
        response = self.post(self.events(good, unknown, wrong, good, "x", None, 5, []))
        self.assertEqual(response.status_code, 200)
        statuses = [result["status"] for result in response.json()["results"]]
        self.assertEqual(statuses, ["created", "unknown", "invalid", "duplicate", *["invalid"] * 4])
        self.assertEqual(self.count(), 1)

    def test_nothing_but_unknown_numbers(self):
        response = self.post(self.events(self.item(number="OTHER"), self.item(number="OTHER-2")))
        self.assertEqual((response.status_code, self.count()), (404, 0))
        self.assertEqual(self.post(self.events({"id": "1"})).status_code, 422)
        self.assertEqual(self.count(), 0)

    # -- replay --------------------------------------------------------------------------------------------------------

    def test_the_same_request_again(self):
        now = int(time.time())
        for status in ("created", "duplicate", "duplicate"):
            response = self.post(self.events(), timestamp=now)
            self.assertEqual((response.status_code, response.json()["results"][0]["status"]), (200, status))
        self.assertEqual(self.count(), 1)

    def test_too_old_or_too_new(self):
        for seconds in (-WINDOW - 5, WINDOW + 5, -86400, 10**9):
            response = self.post(self.events(), timestamp=int(time.time()) + seconds)
            self.assert_refused(response, 401, "unauthorized")
        self.assertEqual(self.post(self.events(), timestamp=int(time.time()) - WINDOW + 30).status_code, 200)

    def test_a_timestamp_that_was_not_signed(self):
        response = self.post(self.events(), timestamp=1000, headers={"X-Sop-Timestamp": str(int(time.time()))})
        self.assert_refused(response, 401, "unauthorized")

    # -- signatures ----------------------------------------------------------------------------------------------------

    def test_wrong_signatures(self):
        body = json.dumps(self.events()).encode()
        for headers in (
            {"X-Sop-Signature": ""},
            {"X-Sop-Signature": "0" * 64},
            {"X-Sop-Signature": "é" * 64},
            {"X-Sop-Carrier": ""},
            {"X-Sop-Carrier": "0"},
            {"X-Sop-Carrier": "-1"},
            {"X-Sop-Carrier": "999999999"},
            {"X-Sop-Carrier": "99999999999999999999"},
            {"X-Sop-Carrier": "²"},
            {"X-Sop-Timestamp": ""},
            {"X-Sop-Timestamp": "9" * 400},
            {"X-Sop-Timestamp": "now"},
        ):
            headers = {name: value.encode("utf-8") for name, value in headers.items()}
            self.assert_refused(self.post(body, headers=headers), 401, "unauthorized")
        self.assert_refused(self.post(body, secret="another" * 7), 401, "unauthorized")
        self.assert_refused(self.post(body, secret=""), 401, "unauthorized")
        signed = self.post(b"{}")  # the signature of one body is none of another's
        signature = signed.request.headers["X-Sop-Signature"]
        self.assert_refused(self.post(body, headers={"X-Sop-Signature": signature}), 401, "unauthorized")

    def test_a_carrier_without_a_secret(self):
        for secret in (False, "", "short"):
            self.carrier.sop_tracking_secret = secret
            for guess in ("", "False", "short", "-" * 32):
                self.assert_refused(self.post(self.events(), secret=guess), 401, "unauthorized")

    def test_another_carrier_cannot_tell_of_mine(self):
        other = self.carrier.copy()
        other.sop_tracking_secret = SECRET[::-1] + "x"
        response = self.post(self.events(), carrier=other.id, secret=SECRET[::-1] + "x")
        self.assertEqual((response.status_code, self.count()), (404, 0))
        self.assert_refused(self.post(self.events(), carrier=other.id), 401, "unauthorized")

    def test_rotation(self):
        manager = self.carrier.with_user(self.users["manager"])
        manager.action_sop_new_secret()
        new = self.carrier.sop_tracking_secret
        self.assertNotEqual(new, SECRET)
        self.assertEqual(self.post(self.events(self.item("picked_up"))).status_code, 200, "the old one still counts")
        self.assertEqual(self.post(self.events(self.item("failed")), secret=new).status_code, 200)
        manager.action_sop_drop_secret()
        self.assertEqual(self.post(self.events(self.item("delivered"))).status_code, 401)
        self.assertEqual(self.post(self.events(self.item("delivered")), secret=new).status_code, 200)
        manager.action_sop_drop_secret()
        self.assertEqual(self.post(self.events(), secret=new).status_code, 401)
        self.assertEqual(self.count(), 3)

    # -- size and form -------------------------------------------------------------------------------------------------

    def test_oversize(self):
        large = json.dumps(self.events(self.item(note="x" * MAX_BODY))).encode()
        self.assert_refused(self.post(large), 413, "too_large")
        pieces = (large[place : place + 10000] for place in range(0, len(large), 10000))
        response = self.url_open(self.URL, data=pieces, headers={"Content-Type": "application/json"})
        self.assert_refused(response, 411, "no_length")
        many = [self.item(moment=f"2026-01-05T10:00:00.{number:06}") for number in range(MAX_EVENTS + 1)]
        self.assert_refused(self.post(self.events(*many)), 413, "too_many")

    def test_malformed(self):
        for body in (
            b"",
            b"{",
            b"\xff\xfe",
            b"[]",
            b"5",
            b"null",
            b'{"events": {}}',
            b'{"events": []}',
            b'{"events": "x"}',
            b"[" * 100000,
            b'{"events": ' + b"9" * 5000 + b"}",
        ):
            self.assert_refused(self.post(body), 400, "malformed")
        for type_ in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
            response = self.post(self.events(), headers={"Content-Type": type_})
            self.assertIn(response.status_code, (400, 401, 415), type_)
        self.assertEqual(self.count(), 0)

    @mute_logger("odoo.http")
    def test_other_methods_and_sessions(self):
        self.authenticate("sop_manager", "sop_manager")
        self.assertEqual(self.url_open(self.URL).status_code, 405)
        response = self.url_open(self.URL, json=self.events())
        self.assertEqual((response.status_code, self.count()), (401, 0), "a login is no signature")

    def test_hostile_text(self):
        item = self.item(
            place="<script>alert(1)</script>\x00\x07",
            note='=HYPERLINK("http://evil.example")',
            ids=[1],
            picking_id=1,
            company_id=1,
            source="hand",
        )
        self.assertEqual(self.post(self.events(item)).json()["results"][0]["status"], "created")
        event = self.delivery.sop_tracking_ids
        self.assertEqual(event.place, "<script>alert(1)</script>")
        self.assertEqual(event.note, '\'=HYPERLINK("http://evil.example")')
        self.assertEqual(event.source, "carrier")

    # -- the secrets ---------------------------------------------------------------------------------------------------

    def test_who_sees_the_secret(self):
        for name in ("logistics", "sales", "auditor", "officer"):
            self.users[name].group_ids += self.env.ref("stock.group_stock_manager")
            self.authenticate(f"sop_{name}", f"sop_{name}")
            for method, args in (
                ("read", [self.carrier.ids, ["sop_tracking_secret"]]),
                ("search_read", [[("sop_tracking_secret", "like", "s%")], ["name"]]),
                ("write", [self.carrier.ids, {"sop_tracking_secret": "x" * 40}]),
                ("action_sop_new_secret", [self.carrier.ids]),
                ("action_sop_drop_secret", [self.carrier.ids]),
            ):
                answer = self.url_open(
                    "/web/dataset/call_kw",
                    json={"params": {"model": "delivery.carrier", "method": method, "args": args, "kwargs": {}}},
                ).json()
                self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessError", (name, method))
        self.env.invalidate_all()
        self.assertEqual(self.carrier.sop_tracking_secret, SECRET)
        self.assertFalse(self.carrier.copy().sop_tracking_secret)
