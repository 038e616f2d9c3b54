import json
import time

from odoo.http import Controller, request, route

MAX_BODY = 256 * 1024  # bytes
MAX_EVENTS = 500
WINDOW = 300
"""Seconds by which the carrier's clock and ours may differ, and for which a signature is good."""


class TrackingController(Controller):
    """Where the systems of carriers post tracking events; what they send and what they get is in docs/tracking.md."""

    @route(
        "/order_sop/tracking/v1",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,  # a signature says who calls; there is no session
        save_session=False,
    )
    def post_events(self, **_parameters):
        """Take tracking events of one carrier and tell what became of each."""
        length = request.httprequest.content_length
        if length is None:
            return _refuse(411, "no_length", "Say how long the body is.")
        if length > MAX_BODY:  # and is not read
            return _refuse(413, "too_large", f"A request has at most {MAX_BODY} bytes.")
        body = request.httprequest.get_data()
        carrier = self._get_sender(body)
        if not carrier:
            return _refuse(401, "unauthorized", "Carrier, timestamp or signature is wrong.")
        if request.httprequest.mimetype != "application/json":
            return _refuse(415, "no_json", "Send application/json.")
        try:
            items = json.loads(body)["events"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return _refuse(400, "malformed", "The body is a JSON object with a list “events”.")
        if not isinstance(items, list) or not items:
            return _refuse(400, "malformed", "“events” is a list of at least one.")
        if len(items) > MAX_EVENTS:
            return _refuse(413, "too_many", f"A request has at most {MAX_EVENTS} events.")
        engine = request.env["sop.engine.tracking"].sudo()  # it is the carrier: he signed, see above
        results = engine._take(items, carrier, "carrier")
        return request.make_json_response({"results": _with_ids(results, items)}, status=_get_status(results))

    def _get_sender(self, body):
        """Return the carrier that has just signed ``body``, in superuser mode; None when nobody has."""
        headers = request.httprequest.headers
        number, timestamp = headers.get("X-Sop-Carrier", ""), headers.get("X-Sop-Timestamp", "")
        carriers = request.env["delivery.carrier"].sudo()  # nobody is logged in: the signature decides
        carrier = carriers.browse(int(number) if _is_number(number, 9) else ()).exists()
        signed = carrier._sop_has_signed(headers.get("X-Sop-Signature", ""), timestamp, body)
        fresh = _is_number(timestamp, 11) and abs(time.time() - int(timestamp)) <= WINDOW
        return carrier if signed and fresh else None


def _is_number(value, digits):
    return value.isascii() and value.isdigit() and len(value) <= digits


def _refuse(status, code, message):
    """Return the answer to a request as a whole of which nothing was taken."""
    return request.make_json_response({"error": code, "message": message}, status=status)


def _with_ids(results, items):
    """Return ``results`` with the id that was sent with each of ``items``."""
    ids = (item.get("id") if isinstance(item, dict) else None for item in items)
    return [{"id": id_ if isinstance(id_, str) else None} | result for id_, result in zip(ids, results, strict=True)]


def _get_status(results):
    """Return 200 when anything was taken or known, 404 when no number was, 422 when nothing could be read."""
    statuses = {result["status"] for result in results}
    if statuses & {"created", "duplicate"}:
        return 200
    return 404 if "unknown" in statuses else 422
