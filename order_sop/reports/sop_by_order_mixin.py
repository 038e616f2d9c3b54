from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.tally_sources import PROFILE, TALLIES

BY_ORDER = "sop_by_order"
"""Context key: read the rows themselves, or ``Sums``. It chooses how figures are found and never which they are."""

SPANS = {"month", "quarter", "year", "month_number", "quarter_number", "year_number"}
ONE_BY_ONE = "Empty where a row sums up several orders: filter, group or sort by it to see them one by one."
FIRST_ROW = 2**48
"""Ids of rows begin here, behind those of all sums; the browser takes ids below 2^53."""


@dataclass(frozen=True)
class Sums:
    """Read what is added up by what is known of the orders: by days in these ``months`` (their first days), by months
    in all others; where ``by_days`` is set, by days in all.

    Such sums serve groups alone. Made in this module only: nobody can send one over RPC.
    """

    months: frozenset
    by_days: bool


class SopByOrderMixin(models.AbstractModel):
    """A report over sums (see ``tally_sources``) that can be broken down by what is known of the orders as well.

    Sums know no order and are few; rows know theirs and are millions. So sums are read unless somebody filters, groups
    or sorts by a field of ``_order_level``: then, and only then, the rows that were summed up, one by one, with the
    facts of their orders. Where groups are asked for by nothing but ``_profile_level``, there are sums by that too: of
    whole months, and of days for weeks, for days and for those months of which some days are asked for. All say the
    same, exact at any instant.
    """

    _name = "sop.by.order.mixin"
    _description = "SOP report that can be broken down by orders"

    _tally = None
    """The table of the sums by day."""
    _profile_tally = None
    """That of the sums by month and profile."""
    _profile_day_tally = None
    """That of the sums by day and profile."""
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

    # -- which of these ----------------------------------------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        domain = Domain(domain).map_conditions(self._as_row)
        named = [condition.field_expr for condition in self._get_conditions(domain)]
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
        if model._is_by_sums():  # what was counted and taken back leaves groups of nothing
            having = [*having, (f"{self._count_field}:sum", "!=", 0)]
        return super(SopByOrderMixin, model)._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        model = self._for_groups(domain, [spec for specs in grouping_sets for spec in specs], aggregates, order)
        read = super(SopByOrderMixin, model)._read_grouping_sets
        if not model._is_by_sums():
            return read(domain, grouping_sets, aggregates, order)
        counted = [*aggregates, f"{self._count_field}:sum"]
        return [
            [row[:-1] for row in rows if row[-1] or not specs]
            for specs, rows in zip(grouping_sets, read(domain, grouping_sets, counted, order), strict=True)
        ]

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "__count" and self._is_by_sums():
            aggregate_spec = f"{self._count_field}:sum"
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _for_groups(self, domain, groupby, aggregates, order):
        """Return ``self`` so that it reads what can answer these groups, in the least time."""
        conditions = self._get_conditions(domain)
        orders = {spec.strip().split(" ")[0] for spec in (order or "").split(",")} - {""}
        placed = [*(condition.field_expr for condition in conditions), *groupby]
        if not self._mind_orders([*placed, *orders, *aggregates]):
            return self
        measures = TALLIES[self._tally][1].measures
        sums = {"__count", *(f"{name}:sum" for name in measures), *(f"{name}:avg" for name in self._ratios)}
        unfit = {"id", "order_id", "case_id", self._row_field, *measures, *self._ratios}
        if {*aggregates, *orders} - set(groupby) - sums or unfit & _names_of(placed):
            return self.with_context(**{BY_ORDER: True})
        parted = list(map(_parted_by, conditions))
        by_days = None in parted or any(s.startswith("day") and s.partition(":")[2] not in SPANS for s in groupby)
        months = frozenset() if by_days else frozenset().union(*parted)
        return self.with_context(**{BY_ORDER: Sums(months, by_days)})

    @api.model
    def _get_conditions(self, domain):
        """Return the conditions of the ``domain`` and of the user's record rules, which a company may add to."""
        ruled = Domain(domain) & self.env["ir.rule"]._compute_domain(self._name)
        return list(ruled.iter_conditions())

    def _check_access(self, operation):
        """Keep whoever a record rule keeps from some orders from all sums: these may have such orders in them."""
        refused = super()._check_access(operation)
        sums = self.browse(id_ for id_ in self._ids if id_ < FIRST_ROW)
        ruled = (condition.field_expr for condition in self._get_conditions(Domain.TRUE))
        if self.env.su or not sums or not self._mind_orders(ruled) or (refused and refused[0] == self):
            return refused
        refused = sums | refused[0] if refused else sums
        return refused, partial(self.env["ir.rule"]._make_access_error, operation, refused)

    @api.model
    def _by_order_for(self, specs):
        """Return ``self`` so that it reads rows where any of ``specs`` (``field.path desc``) names a field that sums do
        not know."""
        if self._is_by_sums() or not self._mind_orders(specs):
            return self
        return self.with_context(**{BY_ORDER: True})

    def _mind_orders(self, specs):
        """Tell whether any of ``specs`` names a field that sums by day do not know."""
        return bool(_names_of(specs) & {*self._order_level, self._row_field})

    def _is_by_order(self):
        """Tell whether the rows are read, rather than the sums by day."""
        return self._is_asked_for() or any(id_ >= FIRST_ROW for id_ in self._ids)

    def _is_asked_for(self):
        """Tell whether that was decided by what was asked, and not by the ids in ``self``."""
        return bool(self.env.context.get(BY_ORDER))

    def _is_by_sums(self):
        """Tell whether sums are read by what is known of the orders."""
        return isinstance(self.env.context.get(BY_ORDER), Sums)


def _names_of(specs):
    """Return the names of the fields of ``specs`` (``field.path:how``)."""
    return {spec.strip().split(" ")[0].split(":")[0].split(".")[0] for spec in specs}


def _parted_by(condition):
    """Return the months (their first days) for some of whose days the ``condition`` (of a domain) holds and for others
    not; None where that cannot be told."""
    name, _dot, part = condition.field_expr.partition(".")
    if name != "day" or part in SPANS:
        return set()
    many = condition.operator in ("in", "not in") and isinstance(condition.value, Collection)
    try:
        days = set(map(fields.Date.to_date, condition.value if many else [condition.value])) - {None}
        if condition.operator in (">", "<="):
            days = {day + timedelta(1) for day in days}
    except (TypeError, ValueError, OverflowError):
        return None
    if condition.operator in (">", "<=", ">=", "<"):
        days = {day for day in days if day.day > 1}
    elif condition.operator not in ("=", "!=", "in", "not in"):
        return None
    return None if part else {day.replace(day=1) for day in days}
