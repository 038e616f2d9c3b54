from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from . import closing_signing
from .closing import AT_ONCE
from .difference_scan import MARGIN
from .guard import as_engine
from .isolation import isolated
from .ledger import COLUMNS
from .rows import insert_rows

SIGNED = ("half", "signed")


class SopEngineLate(models.AbstractModel):
    """Finds late entries: orders of which the ledger says something else today, as of a day that was signed."""

    _name = "sop.engine.late"
    _description = "SOP engine: late entries"

    @api.model
    def _compare_now(self, closings):
        """Compare all orders of ``closings``; see ``sop.closing.action_compare``.

        :return: those of which there are so many that the cron does it
        """
        room, later = closing_signing.MOST_AT_ONCE, closings.browse()
        for closing in self.env["sop.engine.difference"]._check_finance(closings):
            if closing.state not in SIGNED:
                continue
            if closing.line_count > room:
                self.env["sop.engine.closing"]._compare_soon(closing, everything=True)
                later |= closing
                continue
            room -= closing.line_count
            for ids in self._iter_ids(closing):
                self._compare(closing, ids)
            as_engine(closing).write({"compared_at": fields.Datetime.now()})
        return later

    @api.model
    def _cron_compare(self):
        """Compare, of all closings that are signed, the orders with activity since it was done last, for a cron: of
        those that the round that was stopped has left, else of all."""
        cron, scan = self.env["ir.cron"], self.env["sop.engine.difference.scan"]
        closings = self._get_round()
        cron._commit_progress(remaining=len(closings))
        for number, closing in enumerate(closings):
            left = len(closings) - number
            while ids := scan._get_active(
                closing.company_id, self._get_since(closing), closing.last_order, AT_ONCE, closing
            ):
                isolated(
                    self.env["sale.order"].browse(ids),
                    lambda orders, closing=closing: self._compare(closing, orders.ids),
                )
                as_engine(closing).write({"last_order": ids[-1]})
                self.env.flush_all()
                if not cron._commit_progress(1, remaining=left):
                    return
                self.env.invalidate_all()
            as_engine(closing).write(
                {"compared_at": closing.began_at, "began_at": False, "last_order": 0, "compare_all": False}
            )
            if not cron._commit_progress(1, remaining=left - 1):
                return

    @api.model
    def _get_since(self, closing):
        """Return since when activity counts for the one ``closing``, as naive UTC; False: all its orders are meant."""
        return not closing.compare_all and (closing.compared_at or closing.signed_at) - MARGIN

    @api.model
    def _get_round(self):
        """Return the closings that are still to be compared; where none is, a new round begins with all."""
        signed = [("state", "in", SIGNED)]
        closings = self.env["sop.closing"].search([*signed, ("began_at", "!=", False)], order="last_order desc, id")
        if not closings:
            closings = self.env["sop.closing"].search(signed, order="compared_at NULLS FIRST, id")
            as_engine(closings).write({"began_at": fields.Datetime.now(), "last_order": 0})
        return closings

    @api.model
    def _iter_ids(self, closing):
        """Yield lists of ids of the orders that were signed in the one ``closing``, or would be today."""
        scope, domain = self.env["sop.engine.closing"]._get_scope(closing)
        last = 0
        while True:
            today = scope.search(domain & Domain("id", ">", last), order="id", limit=AT_ONCE)._ids
            end = today[-1] if len(today) == AT_ONCE else None
            signed = self.env.execute_query(
                SQL(
                    "SELECT order_id FROM sop_closing_line WHERE closing_id = %s AND order_id > %s AND %s",
                    closing.id,
                    last,
                    SQL("order_id <= %s", end) if end else SQL("TRUE"),
                )
            )
            yield sorted({*today, *(id_ for [id_] in signed)})
            if not end:
                return
            last = end

    @api.model
    def _compare(self, closing, ids):
        """Compare the orders ``ids`` of the one ``closing`` and keep what differs.

        Nothing that was signed is touched.
        """
        closing = closing.sudo()  # called by the engine, or for somebody who was checked
        engine = self.env["sop.engine.closing"]
        scope, domain = engine._get_scope(closing)
        today = engine._get_figures(scope.search(domain & Domain("id", "in", ids)))
        signed = self._read_signed(closing, ids)
        found = {}
        for order_id in today.keys() | signed.keys():
            figures = today.get(order_id) or signed[order_id]
            before, now = signed.get(order_id, {}), today.get(order_id, {})
            changes = {
                name: [str(before.get(name, 0)), str(now.get(name, 0))]
                for name in COLUMNS
                if before.get(name, 0) != now.get(name, 0)
            }
            if changes:
                vals = self._get_vals(closing, figures, changes)
                found[vals["key"]] = vals
        self._keep(closing, ids, found)
        self.env.flush_all()
        self.env["sop.late.entry"].invalidate_model()

    @api.model
    def _read_signed(self, closing, ids):
        """Return ``{order id: figures}`` as they were signed; exactly, as the database has them."""
        names = ("order_id", "partner_id", "company_id", "currency_id", "company_currency_id")
        rows = self.env.execute_query(
            SQL(
                "SELECT %s, %s FROM sop_closing_line WHERE closing_id = %s AND order_id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(SQL("%s::text", SQL.identifier(name)) for name in COLUMNS),
                closing.id,
                list(ids),
            )
        )
        size = len(names)
        return {
            row[0]: dict(zip(names, row[:size], strict=True))
            | {name: Decimal(value) for name, value in zip(COLUMNS, row[size:], strict=True)}
            for row in rows
        }

    @api.model
    def _get_vals(self, closing, figures, changes):
        def change(name):
            before, now = changes.get(f"{name}_company", ("0", "0"))
            return float(Decimal(now) - Decimal(before))

        return {
            "closing_id": closing.id,
            "key": f"{closing.id}:{figures['order_id']}",
            **{name: figures[name] for name in ("order_id", "partner_id", "company_id", "currency_id")},
            "company_currency_id": figures["company_currency_id"],
            "changes": changes,
            "net_invoiced_change": change("net_invoiced_total"),
            "paid_change": change("paid"),
            "outstanding_change": change("outstanding"),
        }

    @api.model
    def _keep(self, closing, ids, found):
        # called by a cron
        known = self.env["sop.late.entry"].sudo().search([("closing_id", "=", closing.id), ("order_id", "in", ids)])
        for entry in known:
            vals = found.pop(entry.key, None)
            if vals is None:
                if entry.state == "open":
                    as_engine(entry).write({"state": "gone"})
            elif entry.state != "open" or entry.changes != vals["changes"]:
                as_engine(entry).write(vals | {"state": "open"})
        if found:
            now = fields.Datetime.now()
            new = [vals | {"state": "open", "found_at": now} for vals in found.values()]
            added = insert_rows(self.env["sop.late.entry"], new, unique="key")
            names = ", ".join(added.sudo().order_id.sorted("id").mapped("name")[:20])  # who asked reads the closing
            self.env["sop.engine.closing"]._log(closing, "late", f"{len(added)}: {names}")
