import hashlib
import json

from odoo import api, models

from .rows import insert_rows

HASH_VERSION = "1"


class SopEngineLog(models.AbstractModel):
    """Writes and verifies the append-only log ``sop.event``."""

    _name = "sop.engine.log"
    _description = "SOP engine: the log"

    @api.model
    def _append(self, entries):
        """Append lines to the log, in the order given, and remember that the facts of their orders have changed.

        :param entries: list of ``(document, code, data)``: a flow document, a code of ``sop.event`` and JSON data
        :return: ``{document: hash of its last line}``, which the caller keeps on the document
        """
        if not entries:
            return {}
        now = self.env["sop.engine.clock"]._now()
        last = {document: document.sop_log_hash or "" for document, _code, _data in entries}
        vals_list = []
        for document, code, data in entries:
            vals = document._sop_log_values() | {
                "date": now,
                "code": code,
                "user_id": self.env.uid,
                "data": data or False,  # as the field reads it back
            }
            vals["hash"] = last[document] = _hash(last[document], vals)
            vals_list.append(vals)
        insert_rows(self.env["sop.event"], vals_list, along=self.env["sop.engine.fact"]._get_note(last))
        return last

    @api.model
    def _verify(self, ids, model="sale.order"):
        """Return the ids of the lines of these orders (or cases) whose hash does not follow from the line and its
        predecessor, and of the last ones behind which lines are missing.

        :param ids: ids of flow documents of ``model``
        """
        broken, previous, last = [], {}, {}
        documents = self.env[model].sudo()  # what they say of their own end
        of_cases = documents._sop_link == "case_id"
        chain = [(documents._sop_link, "in", list(ids))]
        for event in self.env["sop.event"].sudo().search(chain, order="id"):  # whoever may see it
            names = ("order_id", "order_name", "company_id", "date", "code", "user_id", "data")
            vals = {name: event[name] for name in (*names, "case_id") if of_cases or name != "case_id"}
            document_id = event[documents._sop_link]
            if event.hash != _hash(previous.get(document_id, ""), vals):
                broken.append(event.id)
            previous[document_id], last[document_id] = event.hash, event.id
        kept = documents.browse(previous).exists()
        cut = {document.id for document in kept if document.sop_log_hash != previous[document.id]}
        return broken + [last[id_] for id_ in last if id_ in cut and last[id_] not in broken]


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
