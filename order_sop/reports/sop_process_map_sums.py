from collections import Counter, defaultdict

from odoo import api, models

from ..engine.rows import query_rows
from .map_sums import SUMS


class SopProcessMapSums(models.AbstractModel):
    """What the process map adds up of visits, by boxes.

    Of all documents from what is kept of stages; with a filter from ``apart``, the rows of :meth:`MapSums.apart`.
    """

    _inherit = "sop.process.map"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _read_apart(self, scope):
        return query_rows(self.env, scope.apart()) if scope.is_filtered else []

    @api.model
    def _get_ways(self, scope, apart):
        """Return ``{(box before, or None, box): sums}`` of the completed visits."""
        ways = defaultdict(Counter)
        for row in self._get_rows(scope, scope.arrows(), apart, is_open=False):
            way = ways[scope.boxes.get(row["previous_stage_id"]), scope.boxes[row["stage_id"]]]
            for name in SUMS:
                way[name] += int(row[name])
        return {key: way for key, way in ways.items() if way["visits"]}

    @api.model
    def _get_open(self, scope, apart):
        """Return ``{(box before, or None, box): how many documents are there now}``."""
        ways = Counter()
        for row in self._get_rows(scope, scope.going_on(), apart, is_open=True):
            ways[scope.boxes.get(row["previous_stage_id"]), scope.boxes[row["stage_id"]]] += int(row["visits"])
        return ways

    @api.model
    def _get_spreads(self, scope, apart):
        """Return ``{box: {minutes of working time: how many completed visits}}``."""
        spreads = defaultdict(Counter)
        for row in self._get_rows(scope, scope.spreads(), apart, is_open=False):
            spreads[scope.boxes[row["stage_id"]]][row["minutes"]] += int(row["visits"])
        return {key: +spread for key, spread in spreads.items()}

    @api.model
    def _get_rows(self, scope, query, apart, is_open):
        """Return the rows that add up to what the filters take; ``query`` is of all documents."""
        if not scope.is_filtered:
            return query_rows(self.env, query)
        return [row for row in apart if row["is_open"] == is_open]
