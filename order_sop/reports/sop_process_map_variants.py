from collections import Counter, defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.fact import CHANGED
from ..engine.reading import query_rows
from ..engine.tally_sources import FACT_MINUTES, TALLIES, step_end
from ..models.sop_flow_mixin import OPEN_STATUSES
from .map_scope import stages_of

SHOWN = 25
TABLE = "sop_path_tally"


class SopProcessMapVariants(models.AbstractModel):
    """The variants on the process map: which sequences of stages documents went through, and how often.

    Of a document that was under another process too, only its stages of this one count.
    """

    _inherit = "sop.process.map"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_variants(self, scope):
        """Return the variants; what it reads was checked."""
        exact = scope.partner_id or scope.model != "sale.order" or not scope.months()
        ways = defaultdict(Counter)
        for row in query_rows(self.env, self._exact_ways(scope) if exact else self._added_ways(scope)):
            ways[row["path"], row["open"]][row["minutes"]] += row["documents"]
        paths, spreads = defaultdict(list), defaultdict(Counter)
        for (path, is_open), spread in ways.items():
            found = map(scope.boxes.get, stages_of(path))
            boxes = tuple(box for box in found if box is not None)
            if boxes:
                paths[boxes, is_open].append(path)
                spreads[boxes, is_open].update(spread)
        counts = {key: spread.total() for key, spread in spreads.items()}
        most = sorted(counts, key=lambda key: (-counts[key], key))[:SHOWN]
        steps = {key: _middle(spreads[key]) for key in most}
        if exact:
            medians = {key: minutes for key, (minutes, _before) in steps.items()}
        else:
            medians = self._read_medians(scope, {key: (*steps[key], counts[key], paths[key]) for key in most})
        names = {key: stages[0].name for key, stages in self._get_boxes(scope).items()}
        total = sum(counts.values())
        rows = []
        for boxes, is_open in most:
            domain = scope.document_domain() & Domain("sop_path", "in", paths[boxes, is_open])
            status = Domain("sop_status", "in", OPEN_STATUSES) & Domain("sop_process_id", "in", scope.process_ids)
            count, words = counts[boxes, is_open], [names[box] for box in boxes] + (["…"] if is_open else [])
            rows.append(
                self._number(count, " → ".join(words), domain & (status if is_open else ~status), scope.model)
                | {
                    "key": ",".join(boxes) + ("…" if is_open else ""),
                    "boxes": boxes,
                    "open": is_open,
                    "share": count / total,
                    "hours": medians[boxes, is_open] / 60,
                }
            )
        return {"total": total, "kinds": len(counts), "variants": rows}

    # -- how many took which way, in how many minutes ------------------------------------------------------------------

    @api.model
    def _exact_ways(self, scope):
        """Return the query of ``path``, ``open``, ``minutes`` and ``documents`` from the documents one by one."""
        of_filters = SQL("TRUE")
        if scope.facts:
            of_filters = scope.of_facts(SQL("p"))
        elif scope.is_filtered:
            of_filters = SQL("p.id IN (%s)", scope.documents())
        return SQL(
            "SELECT p.path, COALESCE(p.status IN %s AND p.process_id = ANY(%s), FALSE) AS open,"
            " ROUND(p.elapsed / 60)::int AS minutes, COUNT(*)::int AS documents FROM (%s) p"
            " WHERE p.path IS NOT NULL AND %s AND p.company_id = ANY(%s) AND %s GROUP BY 1, 2, 3",
            OPEN_STATUSES,
            list(scope.process_ids),
            scope.facts or self.env[scope.model]._sop_paths(),
            scope.days(SQL("p.begun_on")),
            list(scope.company_ids),
            of_filters,
        )

    @api.model
    def _added_ways(self, scope):
        """Return the same from what was added up of whole months, its ``minutes`` being the least of a step: with what
        has changed since, and with the days before and after these months from the orders' facts."""
        facts, (first, end) = self.env["sop.engine.fact"], scope.months()
        changed = facts._get_changed()
        # of a department: a way that leads to it is of its orders, of the other ways are those that are with it now
        added = SQL(
            "SELECT * FROM (%s) t WHERE t.month >= %s AND t.month < %s AND %s",
            facts._get_sums(TABLE, changed),
            first,
            end,
            scope.of_paths(SQL("t.path")),
        )
        one_by_one = SQL(
            "(SELECT * FROM (%s) f WHERE f.path IS NOT NULL AND %s AND %s"
            " AND (f.begun_on < %s OR f.begun_on >= %s OR NOT %s))",
            facts._get_rows(changed),
            scope.days(SQL("f.begun_on")),
            scope.of_facts(SQL("f")),
            first,
            end,
            scope.of_paths(SQL("f.path")),
        )
        whole = first <= scope.date_from and scope.date_to < end and not scope.is_filtered
        sums = added if whole else SQL("%s UNION ALL %s", added, TALLIES[TABLE][1].select(one_by_one))
        return SQL(
            "SELECT q.path, q.is_open AND q.process_id = ANY(%s) AS open, q.minutes, SUM(q.orders)::int AS documents"
            " FROM (%s) q WHERE q.company_id = ANY(%s) GROUP BY 1, 2, 3 HAVING SUM(q.orders) <> 0",
            list(scope.process_ids),
            sums,
            list(scope.company_ids),
        )

    @api.model
    def _read_medians(self, scope, wanted):
        """Return ``{key: minutes}``: the median of each variant.

        :param wanted: ``{key: (least minutes of the step that holds it, orders before that step, orders, paths)}``
        """
        if not wanted:
            return {}
        keys, ways = list(wanted), defaultdict(list)
        for place, (key, (low, _before, _orders, paths)) in enumerate(wanted.items()):
            for path in paths:
                way = SQL("(%s, %s, %s, %s, %s)", place, path, key[1], low, step_end(low))
                ways[not scope.department_id or path in scope.paths].append(way)

        def of(rows, walked):
            return SQL(
                "SELECT w.place, %(minutes)s AS minutes FROM (VALUES %(ways)s) w(place, path, open, low, high)"
                " JOIN %(rows)s v ON MD5(v.path) = MD5(w.path) AND v.path = w.path AND ROUND(v.elapsed / 60) >= w.low"
                " AND ROUND(v.elapsed / 60) < w.high"
                " WHERE v.path IS NOT NULL AND %(days)s AND v.company_id = ANY(%(companies)s) AND %(taken)s"
                " AND w.open = COALESCE(v.status IN %(open)s AND v.process_id = ANY(%(processes)s), FALSE)",
                minutes=SQL(FACT_MINUTES),
                ways=SQL(", ").join(ways[walked]),
                rows=rows,
                days=scope.days(SQL("v.begun_on")),
                companies=list(scope.company_ids),
                taken=SQL("TRUE") if walked else scope.of_present(SQL("v.order_id")),
                open=OPEN_STATUSES,
                processes=list(scope.process_ids),
            )

        ids, live = self.env["sop.engine.fact"]._get_changed()
        parts = []
        for walked in ways:
            kept = of(SQL("sop_order_fact"), walked)
            parts += (
                [SQL("%s AND v.order_id NOT IN (%s)", kept, CHANGED), of(SQL("(%s)", live), walked)] if ids else [kept]
            )
        rows = SQL(" UNION ALL ").join(parts)
        found = defaultdict(Counter)
        for row in query_rows(
            self.env, SQL("SELECT place, minutes, COUNT(*)::int AS orders FROM (%s) q GROUP BY 1, 2", rows)
        ):
            found[keys[row["place"]]][row["minutes"]] += row["orders"]
        return {key: _middle(found[key], before, orders)[0] for key, (_low, before, orders, _paths) in wanted.items()}


def _middle(spread, before=0, total=None):
    """Return the median of ``spread`` (``{value: how often}``), and how many values are smaller; where it is only the
    part of ``total`` values that comes behind ``before`` smaller ones, that of all of them."""
    total = spread.total() if total is None else total
    for value in sorted(spread):
        if 2 * (before + spread[value]) >= total:
            return value, before
        before += spread[value]
    raise ValueError("there is no median of nothing")
