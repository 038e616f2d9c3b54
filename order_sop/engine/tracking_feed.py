import unicodedata
from datetime import UTC, datetime, timedelta

from odoo import api, models

from ..models.sop_tracking_event import RANKS

MAX_ID = 100
MAX_TEXT = 250
FIRST = datetime(2000, 1, 1)
AHEAD = timedelta(minutes=5)
"""How far a carrier's clock may be ahead of ours."""

FORMULA_SIGNS = ("=", "+", "-", "@")


class _Invalid(Exception):
    """What was sent cannot be an event; the message says why."""


class SopEngineTrackingFeed(models.AbstractModel):
    """Takes tracking events that come from outside: posted by a carrier's system, or out of a file.

    Nothing of what they say is believed before it is looked at here.
    """

    _inherit = "sop.engine.tracking"

    @api.model
    def _take(self, items, carrier, source):
        """Keep what ``carrier`` tells of its deliveries; each item by itself, in a fixed number of queries.

        Deliveries are searched as the current user.

        :param items: list of what should be dicts: ``number``, ``event``, ``time``, and where there are such ``id``
            (the carrier's own, once for each event), ``place`` and ``note``
        :param source: ``carrier``, whose items must have an ``id``, or ``import``
        :return: for each item ``{"status", "message"}``; the status is ``created``, ``duplicate``, ``unknown`` (no
            delivery of the carrier has that number) or ``invalid``; the message says why, else it is None
        """
        results, read, told = [None] * len(items), {}, set()
        for place, item in enumerate(items):
            try:
                read[place] = self._read_item(item, source)
            except _Invalid as problem:
                results[place] = {"status": "invalid", "message": str(problem)}
        known = self._get_known(carrier, {item["id"] for item in read.values() if item["id"]})
        numbers = {item["number"] for item in read.values()}
        deliveries = self._find_deliveries(numbers, carrier)
        entries, parts = [], {}
        for place, item in read.items():
            identity = item["id"] or (item["number"], item["event"], item["time"])
            pickings = deliveries.get(item["number"])
            if identity in told or item["id"] in known:
                results[place] = {"status": "duplicate", "message": None}
            elif not pickings:
                text = self.env._("No delivery by %(carrier)s has this number.", carrier=carrier.name)
                results[place] = {"status": "unknown", "message": text}
            else:
                told.add(identity)
                parts[place] = pickings
                entries += [self._get_entry(item, picking, carrier, source) for picking in pickings.sudo()]  # as found
        events = self._record(entries).sudo()  # what was recorded just now
        created = {(event.picking_id.id, event.code, event.event_at, event.external_id) for event in events}
        for place, pickings in parts.items():
            item = read[place]
            new = any((id_, item["event"], item["time"], item["id"]) in created for id_ in pickings.ids)
            results[place] = {"status": "created" if new else "duplicate", "message": None}
        return results

    @api.model
    def _get_known(self, carrier, ids):
        """Return those of the ``carrier``'s own ``ids`` of events that were told before."""
        if not ids:
            return set()
        events = self.env["sop.tracking.event"].sudo()  # whether there are such, whoever may see them
        domain = [("carrier_id", "=", carrier.id), ("external_id", "in", list(ids))]
        return set(events.search_fetch(domain, ["external_id"]).mapped("external_id"))

    @api.model
    def _get_entry(self, item, picking, carrier, source):
        """Return the entry for :meth:`_record` of one ``item`` that was read, on one ``picking``."""
        return {
            "picking": picking,
            "carrier": carrier,
            "code": item["event"],
            "event_at": item["time"],
            "place": item["place"],
            "note": item["note"],
            "external_id": item["id"],
            "source": source,
        }

    @api.model
    def _read_item(self, item, source):
        """Return ``item`` with all its values as they are kept; raise :class:`_Invalid` for what cannot be one."""
        if not isinstance(item, dict):
            raise _Invalid(self.env._("An event is an object with “number”, “event” and “time”."))
        id_ = self._read_name(item.get("id"), "id") if item.get("id") not in (None, "") else False
        if source == "carrier" and not id_:
            raise _Invalid(self.env._("“%s” is missing.", "id"))
        code = item.get("event")
        if not isinstance(code, str) or code not in RANKS:
            raise _Invalid(self.env._("“event” is one of: %s.", ", ".join(RANKS)))
        return {
            "id": id_,
            "number": self._read_name(item.get("number"), "number"),
            "event": code,
            "time": self._read_time(item.get("time")),
            "place": self._read_text(item.get("place"), "place"),
            "note": self._read_text(item.get("note"), "note"),
        }

    @api.model
    def _read_name(self, value, what):
        """Return a number or id that was sent as ``what``."""
        name = clean(value).strip() if isinstance(value, str) else ""
        if not name or len(name) > MAX_ID or name != value.strip() or "," in name:
            raise _Invalid(self.env._("“%(what)s” is text of 1 to %(length)s characters.", what=what, length=MAX_ID))
        return name

    @api.model
    def _read_text(self, value, what):
        """Return free text that was sent as ``what``, on one line, cut to what is kept; False for none.

        It never begins as a formula would: it ends in somebody's spreadsheet.
        """
        if value in (None, "", False):
            return False
        if not isinstance(value, str):
            raise _Invalid(self.env._("“%s” is no text.", what))
        text = " ".join(clean(value).split())
        return (f"'{text}" if text.startswith(FORMULA_SIGNS) else text)[:MAX_TEXT] or False

    @api.model
    def _read_time(self, value):
        """Return a point in time (naive UTC, whole seconds) out of ISO 8601, which without an offset is UTC."""
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo:
                moment = moment.astimezone(UTC).replace(tzinfo=None)
        except (TypeError, ValueError, OverflowError):
            raise _Invalid(self.env._("“time” is a date and time such as 2026-01-31T16:00:00+08:00.")) from None
        moment = moment.replace(microsecond=0)
        if not FIRST <= moment <= self.env["sop.engine.clock"]._now() + AHEAD:
            raise _Invalid(self.env._("“time” is in the future, or long ago."))
        return moment


def clean(text):
    """Return ``text`` without characters that no database or screen has a use for; line breaks become blanks."""
    text = "".join(" " if char in "\t\r\n" else char for char in text)
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs"))
