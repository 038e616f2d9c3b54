from odoo import models
from odoo.tools import SQL
from odoo.tools.date_utils import end_of

from ..engine.fact import is_changed
from ..engine.tally_query import counted_rows, of_profile, ripe_rows
from ..engine.tally_sources import PROFILE, TALLIES, raw
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
        nothing = SQL(", ").join(SQL("NULL::int AS %s", SQL.identifier(name)) for name in names)
        return SQL("SELECT t.*, %s FROM (%s) t", nothing, sums)

    def _get_row_queries(self, names):
        rows, values = ripe_rows(self._tally)
        ids, live = self.env["sop.engine.fact"]._get_changed()
        wanted = SQL("TRUE") if self._is_asked_for() else SQL("v.id = ANY(%s)", [id_ - FIRST_ROW for id_ in self._ids])
        known = {name: SQL("f.%s", SQL.identifier(column)) for name, column in self._profile_level.items()} | {
            self._row_field: SQL("v.id"),
            "order_id": SQL("v.order_id"),
            "case_id": SQL("NULL::int"),
        }
        of_case = known | {
            "order_id": SQL("c.order_id"),
            "case_id": SQL("c.id"),
            "partner_id": SQL("COALESCE(f.partner_id, p.commercial_partner_id)"),
            "country_id": SQL("CASE WHEN f.order_id IS NULL THEN p.country_id ELSE f.country_id END"),
        }
        parts = {"id": SQL("%s + v.id AS id", FIRST_ROW), "values": values, "rows": rows, "wanted": wanted}
        parts |= {"of_order": _columns(known, names), "of_case": _columns(of_case, names)}
        changed = is_changed(ids, SQL("v.order_id"))
        queries = [
            # apart from what has changed: PostgreSQL reads them by several processes only where they are plain rows
            SQL(
                "SELECT %(id)s, %(values)s, %(of_order)s FROM (%(some)s) v LEFT JOIN sop_order_fact f"
                " ON f.order_id = v.order_id WHERE v.order_id IS NOT NULL AND NOT %(is_changed)s AND %(wanted)s",
                **parts,
                some=self._get_rows_beside() if self._is_by_months() else rows,
                is_changed=changed,
            ),
            SQL(
                "SELECT %(id)s, %(values)s, %(of_case)s FROM (%(rows)s) v JOIN sop_case c ON c.id = v.case_id"
                " JOIN res_partner p ON p.id = c.partner_id LEFT JOIN (%(facts)s) f ON f.order_id = c.order_id"
                " WHERE %(wanted)s",
                **parts,
                facts=_all_facts(ids, live),
            ),
        ]
        if ids:
            queries.append(
                SQL(
                    "SELECT %(id)s, %(values)s, %(of_order)s FROM (%(rows)s) v LEFT JOIN (%(live)s) f"
                    " ON f.order_id = v.order_id WHERE %(is_changed)s AND %(wanted)s",
                    **parts,
                    live=live,
                    is_changed=changed,
                )
            )
        return [*queries, *self._get_month_queries(names, ids)] if self._is_by_months() else queries

    def _get_rows_beside(self):
        """Return the query of the rows that are read beside the sums by month: what is not counted, and all of the
        months of which some days are asked for."""
        uncounted, _values = ripe_rows(self._tally, only_uncounted=True)
        counted, _values = counted_rows(self._tally)
        return SQL("%s UNION ALL SELECT * FROM (%s) v WHERE %s", uncounted, counted, self._is_parted())

    def _is_parted(self):
        """Return whether the row ``v`` is of a month of which some days are asked for, as SQL."""
        day = raw(TALLIES[self._tally][1].dims["day"])
        months = (SQL("%s BETWEEN %s AND %s", day, one, end_of(one, "month")) for one in self.env.context[BY_ORDER])
        return SQL("(%s)", SQL(" OR ").join([SQL("FALSE"), *months]))

    def _get_month_queries(self, names, ids):
        """Return the queries of what is added up by month and profile, of the other months, and without the share of
        the changed orders with these ``ids``."""
        tally, parted = TALLIES[self._tally][1], self.env.context[BY_ORDER]
        places = {name: SQL("t.%s", SQL.identifier(name)) for name in (*tally.dims, *tally.measures)}
        queries = [
            SQL(
                "SELECT t.id::bigint, %s, %s FROM %s t WHERE NOT t.month = ANY(%s::date[])",
                _columns(places | {"day": SQL("t.month")}, places),
                self._of_profile(names, SQL("t.profile")),
                SQL.identifier(self._profile_tally),
                sorted(parted),
            )
        ]
        if ids:
            rows, values = counted_rows(self._tally)
            queries.append(
                SQL(
                    "SELECT v.id::bigint, %s, %s FROM (%s) v WHERE v.order_id IS NOT NULL AND %s AND NOT %s",
                    values,
                    self._of_profile(names, SQL("v.profile")),
                    rows,
                    is_changed(ids, SQL("v.order_id")),
                    self._is_parted(),
                )
            )
        return queries

    def _of_profile(self, names, profile):
        """Return the columns ``names`` as the ``profile`` (SQL) says them, as SQL."""
        said = of_profile(profile)
        known = {name: said[column] for name, column in self._profile_level.items()}
        return _columns(dict.fromkeys(names, SQL("NULL::int")) | known, names)


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
    """Return the columns ``names`` of what is ``known`` (``{name: SQL}``), as SQL."""
    return SQL(", ").join(SQL("%s AS %s", known[name], SQL.identifier(name)) for name in names)
