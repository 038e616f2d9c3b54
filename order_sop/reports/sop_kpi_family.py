from odoo import api, models
from odoo.tools import SQL

from ..engine.reading import query_rows


class SopKpiFamily(models.AbstractModel):
    """KPIs that are found from one source. A family says how each of its KPIs is computed, and which rows are behind.

    The words for users, formula, unit, exclusions, are in ``sop.kpi``: a KPI's code says which is which.
    """

    _name = "sop.kpi.family"
    _description = "SOP KPIs of one source"

    @api.model
    def _compute_figures(self, scope):
        """Return ``{code: Figure}`` of all KPIs of the family over the :class:`~.kpi_scope.Scope` ``scope``.

        Reads for the engine: whoever calls has checked that the user may see figures of that scope.
        """
        raise NotImplementedError(self._name)

    @api.model
    def _get_rows(self, code, scope):
        """Return ``(model, domain)``: the rows behind the KPI with ``code``, whose number is its figure's ``count``."""
        raise NotImplementedError(self._name)

    @api.model
    def _read(self, query):
        """Return the rows of ``query`` (SQL) as dictionaries, of what is written by now."""
        return query_rows(self.env, query)

    @api.model
    def _read_spread(self, value, source, condition):
        """Return ``{value: how often}`` of the whole numbers ``value`` (SQL) in the query ``source`` where
        ``condition``."""
        query = SQL("SELECT %s AS value, COUNT(*) AS n FROM (%s) f WHERE %s GROUP BY 1", value, source, condition)
        return {int(row["value"]): row["n"] for row in self._read(query) if row["value"] is not None}
