import hashlib
import json

from odoo import api, models
from odoo.tools import SQL

from .rows import insert_rows

HASH_VERSION = "1"
HASHES = "order_sop.hashes"


class SopEngineLog(models.AbstractModel):
    """Writes and verifies the append-only log ``sop.event``."""

    _name = "sop.engine.log"
    _description = "SOP engine: the log"

    @api.model
    def _append(self, entries):
        """Append lines to the log, in the order given.

        :param entries: list of ``(document, code, data)``: a flow document, a code of ``sop.event`` and JSON data
        """
        if not entries:
            return
        now = self.env["sop.engine.clock"]._now()
        started = {document._sop_log_values()["order_id"] for document, code, _data in entries if code == "started"}
        known = {document._sop_log_values()["order_id"] for document, _code, _data in entries} - started
        written = self.env.cr.precommit.data.setdefault(HASHES, {})  # forgotten with the transaction or its savepoint
        previous = written | self._get_last_hashes(known - written.keys())
        vals_list = []
        for document, code, data in entries:
            vals = document._sop_log_values() | {
                "date": now,
                "code": code,
                "user_id": self.env.uid,
                "data": data or False,  # as the field reads it back
            }
            vals["hash"] = previous[vals["order_id"]] = _hash(previous.get(vals["order_id"], ""), vals)
            vals_list.append(vals)
        insert_rows(self.env["sop.event"], vals_list)
        written.update(previous)

    @api.model
    def _get_last_hashes(self, order_ids):
        """Return ``{order id: hash of its last line}``."""
        if not order_ids:
            return {}
        self.env["sop.event"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT DISTINCT ON (order_id) order_id, hash FROM sop_event WHERE order_id IN %s "
                    "ORDER BY order_id, id DESC",
                    tuple(order_ids),
                )
            )
        )

    @api.model
    def _verify(self, order_ids):
        """Return the ids of the lines of these orders whose hash does not follow from the line and its predecessor."""
        broken, previous = [], {}
        events = self.env["sop.event"].sudo().search([("order_id", "in", list(order_ids))], order="id")  # whole chain
        for event in events:
            vals = {
                name: event[name]
                for name in ("order_id", "order_name", "company_id", "date", "code", "user_id", "data")
            }
            if event.hash != _hash(previous.get(event.order_id, ""), vals):
                broken.append(event.id)
            previous[event.order_id] = event.hash
        return broken


def _hash(previous, vals):
    """Return the hash of a line: ``$version$sha256`` over the previous hash and the line as canonical JSON."""
    payload = json.dumps(
        {key: value for key, value in vals.items() if key != "hash"},
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
        default=str,
    )
    return f"${HASH_VERSION}${hashlib.sha256((previous + payload).encode()).hexdigest()}"
