from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.ledger import AMOUNTS, COLUMNS, COMPANY_AMOUNTS, QUANTITIES

MOST_LINES = 200_000


class SopSettlementSums(models.AbstractModel):
    """Sums of the settlement's columns over groups, from the rows that the list shows."""

    _inherit = "sop.settlement.mixin"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _is_figure_sum(self, spec):
        name, _dot, function = spec.partition(":")
        return function == "sum" and name in COLUMNS and name in self._fields

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        # filled in by _read_group: no column of the query has it
        return SQL("NULL") if self._is_figure_sum(aggregate_spec) else super()._read_group_select(aggregate_spec, query)

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        figures = [spec for spec in aggregates if self._is_figure_sum(spec)]
        paging = {"having": having, "offset": offset, "limit": limit, "order": order}
        groups = super()._read_group(domain, groupby, [*aggregates, "__count"] if figures else aggregates, **paging)
        if not figures:
            return groups
        if sum(group[-1] for group in groups) > MOST_LINES:
            raise UserError(
                self.env._(
                    "These are more than %(number)s lines to sum up: choose a customer or a period first.",
                    number=f"{MOST_LINES:,}",
                )
            )
        members = super()._read_group(domain, groupby, ["id:array_agg"], **paging)
        sums = self._sum_up([ids or [] for *_values, ids in members], [spec.partition(":")[0] for spec in figures])
        at, place = len(groupby), {spec: index for index, spec in enumerate(figures)}
        return [
            (
                *group[:at],
                *(
                    figure[place[spec]] if spec in place else value
                    for spec, value in zip(aggregates, group[at:-1], strict=True)
                ),
            )
            for group, figure in zip(groups, sums, strict=True)
        ]

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        if not any(map(self._is_figure_sum, aggregates)):
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        return [self._read_group(domain, groupby, aggregates, order=order) for groupby in grouping_sets]

    @api.model
    def _sum_up(self, groups, names):
        """Return the sums of columns ``names`` for each of ``groups`` (lists of ids of this model).

        Amounts in the order's currency and quantities have none (False) where a group has several currencies or units.
        """
        lines = self.browse(id_ for ids in groups for id_ in ids)._get_line_ids()
        owners = {line_id: index for index, ids in enumerate(groups) for id_ in ids for line_id in lines[id_]}
        sums = [dict.fromkeys(names, Decimal(0)) for _group in groups]
        kinds = dict.fromkeys(AMOUNTS, "currency_id") | dict.fromkeys(COMPANY_AMOUNTS, "company_currency_id")
        kinds |= dict.fromkeys(QUANTITIES, "product_uom_id")
        units = {kind: [set() for _group in groups] for kind in set(kinds.values())}
        for line_id, row in self._get_line_rows(owners):
            index = owners[line_id]
            figures = sums[index]
            for kind, seen in units.items():
                seen[index].add(row[kind])
            for name in names:
                value = row[name]
                figures[name] += Decimal(repr(value)) if type(value) is float else value
        return [
            [float(figures[name]) if len(units[kinds[name]][index]) < 2 else False for name in names]
            for index, figures in enumerate(sums)
        ]
