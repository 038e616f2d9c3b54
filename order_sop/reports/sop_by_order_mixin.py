from collections.abc import Collection

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.fact import is_changed
from ..engine.tally_query import ripe_rows

FACTS = ("partner_id", "country_id", "team_id", "categ_id")
BY_ORDER = "sop_by_order"
"""Context key: read the rows themselves. It chooses how figures are found and never which they are."""

ONE_BY_ONE = "Empty where a row sums up several orders: filter, group or sort by it to see them one by one."
FIRST_ROW = 2**48
"""Ids of rows begin here, behind those of all sums; the browser takes ids below 2^53."""


class SopByOrderMixin(models.AbstractModel):
    """A report over sums (see ``tally_sources``) that can be broken down by what is known of the orders as well.

    Sums know no order and are few; rows know theirs and are millions. So sums are read unless somebody filters,
    groups or sorts by a field of ``_order_level``: then, and only then, the rows that were summed up, one by one, with
    the facts of their orders. Both say the same, exact at any instant.
    """

    _name = "sop.by.order.mixin"
    _description = "SOP report that can be broken down by orders"

    _tally = None
    """The table of the sums."""
    _row_field = None
    """The field that says which row it is, where rows are read."""
    _order_level = {"order_id", "case_id", "partner_id", "country_id", "team_id", "salesperson_id", "categ_id"}

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
        named = (condition.field_expr for condition in domain.iter_conditions())
        model = self.browse()._by_order_for(named, (order or "").split(","))
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
        model = self._by_order_for(groupby, aggregates, conditions, (order or "").split(","))
        return super(SopByOrderMixin, model)._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        model = self._by_order_for(*grouping_sets, aggregates, (order or "").split(","))
        return super(SopByOrderMixin, model)._read_grouping_sets(domain, grouping_sets, aggregates, order)

    @api.model
    def _by_order_for(self, *specs):
        """Return ``self`` so that it reads rows where any of ``specs`` (lists of ``field.path:aggregate desc``) names
        a field that sums do not know."""
        names = {spec.strip().split(" ")[0].split(":")[0].split(".")[0] for some in specs for spec in some}
        return self.with_context(**{BY_ORDER: True}) if names & {*self._order_level, self._row_field} else self

    def _is_by_order(self):
        """Tell whether the rows are read, rather than the sums."""
        return bool(self.env.context.get(BY_ORDER) or any(id_ >= FIRST_ROW for id_ in self._ids))

    # -- the query -----------------------------------------------------------------------------------------------------

    def _get_parts(self, sums):
        """Return the query of all that the report counts: ``sums`` (SQL, with their ids), or the rows themselves.

        :return: SQL with ``id``, the columns of the tally, ``_row_field`` and ``_order_level``
        """
        names = [self._row_field, *sorted(self._order_level)]
        if self._is_by_order():
            return self._get_rows_query(names)
        nothing = SQL(", ").join(SQL("NULL::int AS %s", SQL.identifier(name)) for name in names)
        return SQL("SELECT t.*, %s FROM (%s) t", nothing, sums)

    def _get_rows_query(self, names):
        rows, values = ripe_rows(self._tally)
        ids, live = self.env["sop.engine.fact"]._get_changed()
        wanted = (
            SQL("TRUE")
            if self.env.context.get(BY_ORDER)
            else SQL("v.id = ANY(%s)", [id_ - FIRST_ROW for id_ in self._ids])
        )
        known = {name: SQL("f.%s", SQL.identifier(name)) for name in FACTS} | {
            self._row_field: SQL("v.id"),
            "salesperson_id": SQL("f.user_id"),
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
                "SELECT %(id)s, %(values)s, %(of_order)s FROM (%(rows)s) v LEFT JOIN sop_order_fact f"
                " ON f.order_id = v.order_id WHERE v.order_id IS NOT NULL AND NOT %(is_changed)s AND %(wanted)s",
                **parts,
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
        return SQL(" UNION ALL ").join(queries)


def _all_facts(ids, live):
    """Return the query of what is known of all orders, of the changed ones by ``live``, as SQL."""
    names = SQL(", ").join(map(SQL.identifier, ("order_id", *FACTS, "user_id")))
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
