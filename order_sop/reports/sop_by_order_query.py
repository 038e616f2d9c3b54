from odoo import models
from odoo.tools import SQL
from odoo.tools.date_utils import end_of

from ..engine.fact import is_changed
from ..engine.tally_query import OF_FACTS, counted_rows, of_profile, ripe_rows
from ..engine.tally_sources import PROFILE, TALLIES
from ..engine.tally_table import raw
from .sop_by_order_mixin import BY_ORDER, FIRST_ROW


class SopByOrderQuery(models.AbstractModel):
    """What a report that can be broken down by orders reads: sums by day, sums by month and profile, or rows."""

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
        uncounted, _values = ripe_rows(self._tally, only_uncounted=True)
        counted, taken_back = counted_rows(self._tally)
        ids, live = self.env["sop.engine.fact"]._get_changed()
        by_months = self._is_by_months()
        of_facts = {name: SQL("f.%s", SQL.identifier(column)) for name, column in self._profile_level.items()}
        of_row = {self._row_field: SQL("v.id"), "order_id": SQL("v.order_id"), "case_id": SQL("NULL::int")}
        of_case = {
            "order_id": SQL("c.order_id"),
            "case_id": SQL("c.id"),
            "partner_id": SQL("COALESCE(f.partner_id, p.commercial_partner_id)"),
            "country_id": SQL("CASE WHEN f.order_id IS NULL THEN p.country_id ELSE f.country_id END"),
        }
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
            # what is counted says itself under what: PostgreSQL reads it by several processes, and joins nothing
            SQL(
                "%(first)s, %(known)s FROM (%(counted)s) v"
                " WHERE v.order_id IS NOT NULL AND NOT %(is_changed)s AND %(wanted)s AND %(parted)s",
                **parts,
                counted=counted,
                known=_columns(self._of_profile(SQL("v.profile")) | of_row, names),
                parted=self._is_parted() if by_months else SQL("TRUE"),
            ),
            # one by one: joined with the facts, PostgreSQL would read those of all orders first
            SQL(
                "%(first)s, %(known)s FROM (%(uncounted)s) v"
                " WHERE v.order_id IS NOT NULL AND NOT %(is_changed)s AND %(wanted)s",
                **parts,
                uncounted=uncounted,
                known=_columns(self._of_profile(OF_FACTS["profile"]) | of_row, names),
            ),
            SQL(
                "%(first)s, %(of_case)s FROM (%(rows)s) v JOIN sop_case c ON c.id = v.case_id"
                " JOIN res_partner p ON p.id = c.partner_id LEFT JOIN (%(facts)s) f ON f.order_id = c.order_id"
                " WHERE v.case_id IS NOT NULL AND %(wanted)s",
                **parts,
                of_case=_columns(of_facts | of_row | of_case, names),
                facts=_all_facts(ids, live),
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
        if by_months:
            queries.append(self._get_month_query(names))
        if by_months and ids:
            # these months have the changed orders as they were
            queries.append(
                SQL(
                    "SELECT v.id::bigint, %s, %s FROM (%s) v WHERE %s AND NOT %s",
                    taken_back,
                    _columns(self._of_profile(SQL("v.profile")), names),
                    counted,
                    parts["is_changed"],
                    self._is_parted(),
                )
            )
        return queries

    def _get_month_query(self, names):
        """Return the query of what is added up by month and profile, without the months of which some days are asked
        for."""
        tally = TALLIES[self._tally][1]
        places = {name: SQL("t.%s", SQL.identifier(name)) for name in (*tally.dims, *tally.measures)}
        return SQL(
            "SELECT t.id::bigint, %s, %s FROM %s t WHERE NOT t.month = ANY(%s::date[])",
            _columns(places | {"day": SQL("t.month")}, places),
            _columns(self._of_profile(SQL("t.profile")), names),
            SQL.identifier(self._profile_tally),
            sorted(self.env.context[BY_ORDER]),
        )

    def _of_profile(self, profile):
        """Return ``{field: SQL}`` of what the ``profile`` (SQL) says of the order."""
        said = of_profile(profile)
        return {name: said[column] for name, column in self._profile_level.items()}

    def _is_parted(self):
        """Return whether the row ``v`` is of a month of which some days are asked for, as SQL."""
        day = raw(TALLIES[self._tally][1].dims["day"])
        months = (SQL("%s BETWEEN %s AND %s", day, one, end_of(one, "month")) for one in self.env.context[BY_ORDER])
        return SQL("(%s)", SQL(" OR ").join([SQL("FALSE"), *months]))


def _all_facts(ids, live):
    """Return the query of what is known of all orders, of the changed ones by ``live``, as SQL."""
    names = SQL(", ").join(map(SQL.identifier, ("order_id", *PROFILE)))
    if not ids:
        return SQL("SELECT %s FROM sop_order_fact", names)
    return SQL(
        "SELECT %s FROM sop_order_fact WHERE NOT %s UNION ALL SELECT %s FROM (%s) f",
        names,
        is_changed(ids, SQL("order_id")),
        names,
        live,
    )


def _columns(known, names):
    """Return the columns ``names`` of what is ``known`` (``{name: SQL}``), as SQL; NULL where nothing is."""
    nothing = SQL("NULL::int")
    return SQL(", ").join(SQL("%s AS %s", known.get(name, nothing), SQL.identifier(name)) for name in names)
