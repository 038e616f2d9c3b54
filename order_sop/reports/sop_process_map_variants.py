from collections import Counter, defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.sop_flow_mixin import OPEN_STATUSES
from .kpi_scope import percentile

SHOWN = 25


class SopProcessMapVariants(models.AbstractModel):
    """The variants on the process map: which sequences of stages documents went through, and how often.

    Of a document that was under another process too, only its stages of this one count.
    """

    _inherit = "sop.process.map"

    @api.model
    def _get_variants(self, scope):
        """Return the variants; what it reads was checked."""
        ways = defaultdict(list)
        for row in self._read(self._paths(scope)):
            boxes = tuple(
                box for box in (scope.boxes.get(int(stage)) for stage in row["path"].split(",")) if box is not None
            )
            if boxes:
                ways[boxes, row["open"]].append((row["path"], row["documents"]))
        counts = {key: sum(documents for _path, documents in rows) for key, rows in ways.items()}
        total = sum(counts.values())
        most = sorted(counts, key=lambda key: (-counts[key], key))[:SHOWN]
        spreads = self._read_durations(scope, [path for key in most for path, _documents in ways[key]])
        names = {key: stages[0].name for key, stages in self._get_boxes(scope).items()}
        rows = []
        for boxes, is_open in most:
            paths = [path for path, _documents in ways[boxes, is_open]]
            spread = sum((spreads[path, is_open] for path in paths), Counter())
            domain = scope.document_domain() & Domain("sop_path", "in", paths)
            status = Domain("sop_status", "in", OPEN_STATUSES) & Domain("sop_process_id", "in", scope.process_ids)
            domain &= status if is_open else ~status
            minutes = percentile(spread, 50)
            rows.append(
                self._number(
                    counts[boxes, is_open],
                    " → ".join([*(names[box] for box in boxes), *(["…"] if is_open else [])]),
                    domain,
                    scope.model,
                )
                | {
                    "key": ",".join(boxes) + ("…" if is_open else ""),
                    "boxes": boxes,
                    "open": is_open,
                    "share": counts[boxes, is_open] / total,
                    "hours": None if minutes is None else minutes / 60,
                }
            )
        return {"total": total, "kinds": len(ways), "variants": rows}

    @api.model
    def _documents(self, scope):
        """Return the query of the ways of all documents in the period that the filters take."""
        return SQL(
            "SELECT p.path, COALESCE(p.status IN %s AND p.process_id = ANY(%s), FALSE) AS open, p.elapsed FROM (%s) p"
            " WHERE %s AND p.company_id = ANY(%s) AND %s",
            OPEN_STATUSES,
            list(scope.process_ids),
            self.env[scope.model]._sop_paths(),
            scope.days(SQL("p.begun_on")),
            list(scope.company_ids),
            scope.of_documents(SQL("p.id")),
        )

    @api.model
    def _paths(self, scope):
        return SQL(
            "SELECT q.path, q.open, COUNT(*)::int AS documents FROM (%s) q GROUP BY 1, 2", self._documents(scope)
        )

    @api.model
    def _read_durations(self, scope, paths):
        """Return ``{(path, open): {minutes from the beginning to the last stage's end: how many documents}}``."""
        spreads = defaultdict(Counter)
        if paths:
            for row in self._read(
                SQL(
                    "SELECT q.path, q.open, ROUND(q.elapsed / 60)::int AS minutes, COUNT(*)::int AS documents"
                    " FROM (%s) q WHERE q.path = ANY(%s) GROUP BY 1, 2, 3",
                    self._documents(scope),
                    paths,
                )
            ):
                spreads[row["path"], row["open"]][row["minutes"]] += row["documents"]
        return spreads
