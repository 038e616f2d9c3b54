"""What a process map adds up: of all documents, or of those that its filters take."""

from datetime import timedelta

from odoo.tools import SQL

from ..engine.fact import is_changed
from ..engine.tally_query import counted_rows, live_rows
from ..engine.tally_sources import ARROW_MEASURES, FACT_OPEN, TALLIES, TENTHS
from ..engine.tally_table import raw
from .map_scope import MapScope

SUMS = tuple(ARROW_MEASURES)
DEPARTMENTS = "sop_arrow_departments_tally"


class MapSums(MapScope):
    """The queries of what is added up of the visits in a scope."""

    # -- what the filters take, or leave out ---------------------------------------------------------------------------

    def apart(self):
        """Return the query of the sums of the visits of the documents that the filters take, or of those that they
        leave out, if these are fewer: by the stage before, the stage itself, whether they are open, and their time."""
        if self.is_of_department and self.months():
            return self._of_department()
        return self._sums_of(self._visits_of(SQL("TRUE")) if self.facts else self.visits(self.of_documents()))

    def _visits_of(self, which):
        """Return the query of the visits of those orders to be read for which ``which`` (SQL over their facts ``f``)
        holds."""
        orders = SQL(
            "SELECT f.order_id FROM (%s) f WHERE %s AND %s AND %s",
            self.facts,
            self.days(SQL("f.begun_on")),
            self._is_read(self.of_facts(SQL("f"))),
            which,
        )
        return self.visits(self.of_documents(orders))

    def _is_read(self, is_taken):
        return SQL("(%s) IS NOT TRUE", is_taken) if self.leaves_out else is_taken

    def _sums_of(self, visits):
        sums = (SQL("SUM(%s) AS %s", raw(how), SQL.identifier(name)) for name, how in ARROW_MEASURES.items())
        return SQL(
            "SELECT v.previous_stage_id, v.stage_id, v.left_at IS NULL AS is_open, %s AS minutes, %s FROM (%s) v"
            " GROUP BY 1, 2, 3, 4",
            raw(TENTHS),
            SQL(", ").join(sums),
            visits,
        )

    def _of_department(self):
        """Return the same for the orders of a department: whole months of those that have ended as they were added up;
        one by one those of other days, those that are open or have changed, and what is still to be counted."""
        first, end = self.months()
        ids = list(self.changed_ids)
        counted, taken_back = counted_rows(DEPARTMENTS)
        added = SQL(
            "SELECT t.previous_stage_id, t.stage_id, FALSE AS is_open, t.minutes, %(sums)s"
            " FROM (SELECT %(columns)s FROM %(table)s UNION ALL"
            " SELECT %(taken_back)s FROM (%(counted)s) v WHERE v.departments IS NOT NULL AND %(is_changed)s) t"
            " WHERE t.month >= %(first)s AND t.month < %(end)s AND %(is_read)s AND %(on_map)s"
            " GROUP BY 1, 2, 4",
            sums=_summed(SUMS),
            columns=TALLIES[DEPARTMENTS][1].columns(),
            table=SQL.identifier(DEPARTMENTS),
            taken_back=taken_back,
            counted=counted,
            is_changed=is_changed(ids, SQL("v.order_id")),
            first=first,
            end=end,
            is_read=self._is_read(SQL("t.departments LIKE %s", f"%,{self.department_id},%")),
            on_map=self.on_map(SQL("t")),
        )
        is_apart = SQL(
            "(f.begun_on < %s OR f.begun_on >= %s OR %s OR %s)",
            first,
            end,
            raw(FACT_OPEN),
            is_changed(ids, SQL("f.order_id")),
        )
        # one by one, of which there are few: OFFSET keeps PostgreSQL from looking at all orders first
        uncounted = SQL(
            "%s AND EXISTS (SELECT FROM sop_order_fact f WHERE f.order_id = v.order_id AND %s AND NOT %s OFFSET 0)",
            raw(TALLIES[DEPARTMENTS][0].uncounted),
            self._is_read(self.of_paths(SQL("f.path"))),
            is_apart,
        )
        others = (self._sums_of(visits) for visits in (self._visits_of(is_apart), self.visits(uncounted)))
        return SQL("%s UNION ALL %s UNION ALL %s", added, *others)

    # -- what was added up of all documents ----------------------------------------------------------------------------

    def arrows(self):
        """Return the query of the sums of all completed visits, by the stage before and the stage itself."""
        return self._kept("previous_stage_id", SUMS)

    def daily(self):
        """Return the query of how many visits of each stage were completed by documents begun on each ``day``."""
        return self._kept("day", ("visits",))

    def _kept(self, by, sums):
        return SQL(
            "SELECT t.stage_id, t.%s, %s FROM (%s) t WHERE %s AND %s GROUP BY 1, 2",
            SQL.identifier(by),
            _summed(sums),
            live_rows("sop_arrow_tally"),
            self.days(SQL("t.day")),
            self.on_map(SQL("t")),
        )

    def going_on(self):
        """Return the query of how many documents are in each stage, by the stage that they came from."""
        return SQL(
            "SELECT v.previous_stage_id, v.stage_id, COUNT(*) AS visits FROM (%s) v GROUP BY 1, 2",
            self.visits(SQL("v.left_at IS NULL")),
        )

    def spreads(self):
        """Return the query of how many completed visits of each stage took so many minutes of working time: whole
        months from what was added up, the days before and after them from the visits."""
        first, end = self.months() or (self.date_to + timedelta(1), self.date_to + timedelta(1))
        parts = [
            SQL(
                "SELECT t.stage_id, t.minutes, t.visits FROM (%s) t WHERE t.basis = 'begun' AND t.month >= %s"
                " AND t.month < %s AND %s",
                live_rows("sop_spread_tally"),
                first,
                end,
                self.on_map(SQL("t")),
            )
        ]
        for date_from, date_to in ((self.date_from, first - timedelta(1)), (end, self.date_to)):
            if date_from <= date_to:
                rows = self.visits(SQL("v.left_at IS NOT NULL"), date_from, date_to)
                parts.append(SQL("SELECT v.stage_id, %s AS minutes, 1 AS visits FROM (%s) v", raw(TENTHS), rows))
        return SQL(
            "SELECT stage_id, minutes, SUM(visits) AS visits FROM (%s) q GROUP BY 1, 2", SQL(" UNION ALL ").join(parts)
        )


def _summed(names):
    """Return the sums of the columns ``names`` of ``t``, as SQL."""
    return SQL(", ").join(SQL("SUM(t.%(n)s) AS %(n)s", n=SQL.identifier(name)) for name in names)
