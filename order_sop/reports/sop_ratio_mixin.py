from odoo import models
from odoo.tools import SQL


class SopRatioMixin(models.AbstractModel):
    """A report whose rates add up rightly: that of several rows is that of all they count, not the average of rates.

    ``_ratios`` says how: ``{field: (numerator, denominator, factor)}``, all stored; the field's aggregator is ``avg``.
    """

    _name = "sop.ratio.mixin"
    _description = "SOP report with rates"

    _ratios = {}

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, how = aggregate_spec.partition(":")
        if name not in self._ratios or how != "avg":
            return super()._read_group_select(aggregate_spec, query)
        above, below, factor = self._ratios[name]
        return SQL(
            "%s * SUM(%s)::float8 / NULLIF(SUM(%s), 0)",
            factor,
            self._field_to_sql(self._table, above, query),
            self._field_to_sql(self._table, below, query),
        )
