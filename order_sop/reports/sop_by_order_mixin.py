from collections.abc import Collection
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.fact import is_changed
from ..engine.tally_query import counted_rows, of_profile, ripe_rows
from ..engine.tally_sources import PROFILE, TALLIES

BY_ORDER = "sop_by_order"
"""Context key: read the rows themselves, or ``MONTHS``. It chooses how figures are found and never which they are."""

MONTHS = object()
"""The sums of each month by what is known of the orders: they serve groups alone, so nobody can ask for them by RPC."""

SPANS = {"month", "quarter", "year", "month_number", "quarter_number", "year_number"}
ONE_BY_ONE = "Empty where a row sums up several orders: filter, group or sort by it to see them one by one."
FIRST_ROW = 2**48
"""Ids of rows begin here, behind those of all sums; the browser takes ids below 2^53."""


class SopByOrderMixin(models.AbstractModel):
    """A report over sums (see ``tally_sources``) that can be broken down by what is known of the orders as well.

    Sums know no order and are few; rows know theirs and are millions. So sums are read unless somebody filters, groups
    or sorts by a field of ``_order_level``: then, and only then, the rows that were summed up, one by one, with the
    facts of their orders. Where groups of whole months are asked for by nothing but ``_profile_level``, sums know that
    much too. All say the same, exact at any instant.
    """

    _name = "sop.by.order.mixin"
    _description = "SOP report that can be broken down by orders"

    _tally = None
    """The table of the sums by day."""
    _profile_tally = None
    """That of the sums by month and profile."""
    _row_field = None
    """The field that says which row it is, where rows are read."""
    _count_field = None
    """The measure that says how many rows there are."""
    _ratios = {}
    _profile_level = {name if name != "user_id" else "salesperson_id": name for name in PROFILE}
    """``{field: what a profile calls it}``"""
    _order_level = {"order_id", "case_id", *_profile_level}

    order_id = fields.Many2one("sale.order", readonly=True, help=ONE_BY_ONE)
    case_id = fields.Many2one("sop.case", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, help=ONE_BY_ONE)
    country_id = fields.Many2one("res.country", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    categ_id = fields.Many2one("product.category", readonly=True, help="That of the line of goods that comes to most.")

    # -- which of both -------------------------------------------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        domain = Domain(domain).map_conditions(self._as_row)
        named = [condition.field_expr for condition in domain.iter_conditions()]
        model = self.browse()._by_order_for([*named, *(order or "").split(",")])
        return super(SopByOrderMixin, model)._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _as_row(self, condition):
        """Return the ``condition`` (of a domain) on ids of this report as one on the rows that have these, where it is
        one: that is found by their index, the other by computing all rows there are."""
        ids = condition.value
        if condition.field_expr != "id" or condition.operator not in ("=", "in"):
            return condition
        ids = [ids] if isinstance(ids, int) else ids
        if not isinstance(ids, Collection) or not ids or not all(isinstance(i, int) and i >= FIRST_ROW for i in ids):
            return condition
        return Domain(self._row_field, "in", [id_ - FIRST_ROW for id_ in ids])

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        conditions = [part[0] for part in having if isinstance(part, (list, tuple))]
        model = self._for_groups(domain, groupby, [*aggregates, *conditions], order)
        if model._is_by_months():  # what was counted and taken back leaves groups of nothing
            having = [*having, (f"{self._count_field}:sum", "!=", 0)]
        return super(SopByOrderMixin, model)._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        model = self._for_groups(domain, [spec for specs in grouping_sets for spec in specs], aggregates, order)
        read = super(SopByOrderMixin, model)._read_grouping_sets
        if not model._is_by_months():
            return read(domain, grouping_sets, aggregates, order)
        counted = [*aggregates, f"{self._count_field}:sum"]
        return [
            [row[:-1] for row in rows if row[-1] or not specs]
            for specs, rows in zip(grouping_sets, read(domain, grouping_sets, counted, order), strict=True)
        ]

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "__count" and self._is_by_months():
            aggregate_spec = f"{self._count_field}:sum"
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _for_groups(self, domain, groupby, aggregates, order):
        """Return ``self`` so that it reads what can answer these groups, in the least time."""
        conditions = list(Domain(domain).iter_conditions())
        orders = [spec.strip().split(" ")[0] for spec in (order or "").split(",")]
        placed = [*(condition.field_expr for condition in conditions), *groupby]
        if not _names_of([*placed, *orders, *aggregates]) & {*self._order_level, self._row_field}:
            return self
        measures = TALLIES[self._tally][1].measures
        sums = {"__count", *(f"{name}:sum" for name in measures), *(f"{name}:avg" for name in self._ratios)}
        placed += set(orders) - sums
        fits = (
            sums.issuperset(aggregates)
            and not _names_of(placed) & {"id", "order_id", "case_id", self._row_field, *measures, *self._ratios}
            and all(spec.partition(":")[2] in SPANS for spec in (*groupby, *orders) if spec.startswith("day"))
            and all(map(_is_of_months, conditions))
        )
        return self.with_context(**{BY_ORDER: MONTHS if fits else True})

    @api.model
    def _by_order_for(self, specs):
        """Return ``self`` so that it reads rows where any of ``specs`` (``field.path desc``) names a field that sums do
        not know."""
        if self._is_by_months() or not _names_of(specs) & {*self._order_level, self._row_field}:
            return self
        return self.with_context(**{BY_ORDER: True})

    def _is_by_order(self):
        """Tell whether the rows are read, rather than the sums by day."""
        return bool(self.env.context.get(BY_ORDER) or any(id_ >= FIRST_ROW for id_ in self._ids))

    def _is_by_months(self):
        """Tell whether the sums of each month are read, by what is known of the orders."""
        return self.env.context.get(BY_ORDER) is MONTHS

    # -- the query -----------------------------------------------------------------------------------------------------

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
        wanted = (
            SQL("TRUE")
            if self.env.context.get(BY_ORDER)
            else SQL("v.id = ANY(%s)", [id_ - FIRST_ROW for id_ in self._ids])
        )
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
                some=ripe_rows(self._tally, only_uncounted=True)[0] if self._is_by_months() else rows,
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

    def _get_month_queries(self, names, ids):
        """Return the queries of what is added up by month and profile, without the share of the changed orders with
        these ``ids``."""
        tally = TALLIES[self._tally][1]
        places = {name: SQL("t.%s", SQL.identifier(name)) for name in (*tally.dims, *tally.measures)}
        added = _columns(places | {"day": SQL("t.month")}, places)
        queries = [
            SQL(
                "SELECT t.id::bigint, %s, %s FROM %s t",
                added,
                self._of_profile(names, SQL("t.profile")),
                SQL.identifier(self._profile_tally),
            )
        ]
        if ids:
            rows, values = counted_rows(self._tally)
            queries.append(
                SQL(
                    "SELECT v.id::bigint, %s, %s FROM (%s) v WHERE %s",
                    values,
                    self._of_profile(names, SQL("v.profile")),
                    rows,
                    is_changed(ids, SQL("v.order_id")),
                )
            )
        return queries

    def _of_profile(self, names, profile):
        """Return the columns ``names`` as the ``profile`` (SQL) says them, as SQL."""
        said = of_profile(profile)
        known = {name: said[column] for name, column in self._profile_level.items()}
        return _columns(dict.fromkeys(names, SQL("NULL::int")) | known, names)


def _names_of(specs):
    """Return the names of the fields of ``specs`` (``field.path:how``)."""
    return {spec.strip().split(" ")[0].split(":")[0].split(".")[0] for spec in specs}


def _is_of_months(condition):
    """Tell whether the ``condition`` (of a domain) holds for all days of a month or for none."""
    name, _dot, part = condition.field_expr.partition(".")
    if name != "day":
        return True
    if part:
        return part in SPANS
    try:
        day = fields.Date.to_date(condition.value)
    except (TypeError, ValueError):
        return False
    if not day or condition.operator not in (">=", "<", ">", "<="):
        return False
    return (day if condition.operator in (">=", "<") else day + timedelta(1)).day == 1


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
