from odoo import models
from odoo.tools import SQL
from odoo.tools.date_utils import end_of

from ..engine.fact import MOST_LITERAL, is_changed
from ..engine.tally_query import counted_rows, of_profile, ripe_rows
from ..engine.tally_sources import TALLIES
from .sop_by_order_mixin import BY_ORDER, FIRST_ROW


class SopByOrderQuery(models.AbstractModel):
    """What a report that can be broken down by orders reads: sums by day, sums by month or day and profile, or rows."""

    _inherit = "sop.by.order.mixin"  # pylint: disable=consider-merging-classes-inherited

    def _get_parts(self, sums):
        """Return the query of all that the report counts: ``sums`` (SQL, with their ids), or the rows themselves.

        :return: SQL with ``id``, the columns of the tally, ``_row_field`` and ``_order_level``
        """
        names = [self._row_field, *sorted(self._order_level)]
        if self._is_by_order():
            return SQL(" UNION ALL ").join(self._get_row_queries(names))
        return SQL("SELECT t.*, %s FROM (%s) t", _columns({}, names), sums)

    def _get_row_queries(self, names):
        rows, values = ripe_rows(self._tally)
        counted, taken_back = counted_rows(self._tally)
        ids, live = self.env["sop.engine.fact"]._get_changed()
        by_sums = self._is_by_sums()
        of_facts = {name: SQL("f.%s", SQL.identifier(column)) for name, column in self._profile_level.items()}
        of_row = {self._row_field: SQL("v.id"), "order_id": SQL("v.order_id"), "case_id": SQL("NULL::int")}
        parts = {
            "first": SQL("SELECT %s + v.id AS id, %s", FIRST_ROW, values),
            "rows": rows,
            "of_order": _columns(of_facts | of_row, names),
            "is_changed": is_changed(ids, SQL("v.order_id")),
            "wanted": (
                SQL("TRUE") if self._is_asked_for() else SQL("v.id = ANY(%s)", [id_ - FIRST_ROW for id_ in self._ids])
            ),
        }
        queries = [
            SQL(
                "%(first)s, %(of_order)s FROM %(uncounted)s WHERE NOT %(is_changed)s AND %(wanted)s",
                **parts,
                uncounted=self._get_uncounted(),
            ),
            # f and l: the order's facts, kept or as the documents are
            SQL(
                "%(first)s, %(of_case)s FROM (%(rows)s) v JOIN sop_case c ON c.id = v.case_id"
                " JOIN res_partner p ON p.id = c.partner_id"
                " LEFT JOIN sop_order_fact f ON f.order_id = c.order_id AND NOT %(is_order_changed)s"
                " LEFT JOIN (%(live)s) l ON l.order_id = c.order_id"
                " WHERE v.case_id IS NOT NULL AND %(wanted)s",
                **parts,
                of_case=_columns(
                    self._of_case() | of_row | {"order_id": SQL("c.order_id"), "case_id": SQL("c.id")}, names
                ),
                is_order_changed=is_changed(ids, SQL("c.order_id")),
                live=live or SQL("SELECT * FROM sop_order_fact WHERE FALSE"),
            ),
        ]
        if ids:
            queries.append(
                SQL(
                    "%(first)s, %(of_order)s FROM (%(rows)s) v LEFT JOIN (%(live)s) f ON f.order_id = v.order_id"
                    " WHERE %(is_changed)s AND %(wanted)s",
                    **parts,
                    live=live,
                )
            )
        if not by_sums:
            # what is counted says itself under what: PostgreSQL reads it by several processes, and joins nothing
            queries.append(
                SQL(
                    "%(first)s, %(known)s FROM (%(counted)s) v"
                    " WHERE v.order_id IS NOT NULL AND NOT %(is_changed)s AND %(wanted)s",
                    **parts,
                    counted=counted,
                    known=_columns(self._of_profile(SQL("v.profile")) | of_row, names),
                )
            )
            return queries
        if ids:  # sums have the changed orders as they were
            queries.append(
                SQL(
                    "SELECT v.id::bigint, %s, %s FROM (%s) v WHERE %s",
                    taken_back,
                    _columns(self._of_profile(SQL("v.profile")), names),
                    counted,
                    parts["is_changed"],
                )
            )
        return queries + self._get_sum_queries(names)

    def _get_uncounted(self):
        """Return the rows ``v`` of orders that no sum has yet, with the kept facts ``f`` of these, as SQL: FROM items.

        Their ids stand in the query, so that PostgreSQL sees how few they are and reads all else by several processes.
        Where they are many, each asks for its facts (OFFSET): those of all orders would be read first.
        """
        source = TALLIES[self._tally][0]
        self.env[source.table.replace("_", ".")].flush_model()
        rows, _values = ripe_rows(self._tally, only_uncounted=True)
        rows = SQL("%s AND order_id IS NOT NULL", rows)
        ids = [id_ for [id_] in self.env.execute_query(SQL("SELECT id FROM (%s) v LIMIT %s", rows, MOST_LITERAL + 1))]
        if len(ids) <= MOST_LITERAL:
            rows = SQL("SELECT * FROM %s WHERE id = ANY(%s)", SQL.identifier(source.table), ids)
            return SQL("(%s) v LEFT JOIN sop_order_fact f ON f.order_id = v.order_id", rows)
        facts = SQL("SELECT * FROM sop_order_fact WHERE order_id = v.order_id OFFSET 0")
        return SQL("(%s) v LEFT JOIN LATERAL (%s) f ON TRUE", rows, facts)

    def _get_sum_queries(self, names):
        """Return the queries of what is added up by profile: by months, and by days where these are asked for."""
        asked = self.env.context[BY_ORDER]
        if asked.by_days:
            return [self._get_sum_query(self._profile_day_tally, "day", names)]
        months = self._get_sum_query(self._profile_tally, "month", names)
        if not asked.months:
            return [months]
        parted = sorted(asked.months)
        days = (SQL("t.day BETWEEN %s AND %s", month, end_of(month, "month")) for month in parted)
        return [
            SQL("%s WHERE NOT t.month = ANY(%s::date[])", months, parted),
            SQL("%s WHERE %s", self._get_sum_query(self._profile_day_tally, "day", names), SQL(" OR ").join(days)),
        ]

    def _get_sum_query(self, table, when, names):
        """Return the query of the rows ``t`` of the tally ``table``.

        Without a condition where none is needed, not even TRUE: PostgreSQL takes such a part of a union by itself.

        :param when: its dimension that says the day, or the first one of all days that a row adds up
        """
        tally = TALLIES[self._tally][1]
        places = {name: SQL("t.%s", SQL.identifier(name)) for name in (*tally.dims, *tally.measures)}
        return SQL(
            "SELECT t.id::bigint, %s, %s FROM %s t",
            _columns(places | {"day": SQL("t.%s", SQL.identifier(when))}, places),
            _columns(self._of_profile(SQL("t.profile")), names),
            SQL.identifier(table),
        )

    def _of_case(self):
        """Return ``{field: SQL}`` of what is said of a case ``c``: by the facts of its order, else by its customer
        ``p``."""
        said = {
            name: SQL("COALESCE(l.%s, f.%s)", SQL.identifier(column), SQL.identifier(column))
            for name, column in self._profile_level.items()
        }
        return said | {
            "partner_id": SQL("COALESCE(%s, p.commercial_partner_id)", said["partner_id"]),
            "country_id": SQL(
                "CASE WHEN COALESCE(l.order_id, f.order_id) IS NULL THEN p.country_id ELSE %s END", said["country_id"]
            ),
        }

    def _of_profile(self, profile):
        """Return ``{field: SQL}`` of what the ``profile`` (SQL) says of the order."""
        said = of_profile(profile)
        return {name: said[column] for name, column in self._profile_level.items()}


def _columns(known, names):
    """Return the columns ``names`` of what is ``known`` (``{name: SQL}``), as SQL; NULL where nothing is."""
    nothing = SQL("NULL::int")
    return SQL(", ").join(SQL("%s AS %s", known.get(name, nothing), SQL.identifier(name)) for name in names)
