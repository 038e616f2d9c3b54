from collections import Counter, defaultdict

from odoo import api, models

from ..engine.reading import query_rows
from .map_sums import SUMS


class SopProcessMapSums(models.AbstractModel):
    """What the process map adds up of visits, by boxes.

    Of all documents from what is kept of stages; with a filter from the visits of those that it takes, or from what is
    kept less the visits of those that it leaves out. ``apart`` are the sums of these visits, see :meth:`MapSums.apart`.
    """

    _inherit = "sop.process.map"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _read_apart(self, scope):
        return query_rows(self.env, scope.apart()) if scope.is_filtered else []

    @api.model
    def _get_ways(self, scope, apart):
        """Return ``{(box before, or None, box): sums}`` of the completed visits."""
        ways = defaultdict(Counter)
        for sign, row in self._get_rows(scope, scope.arrows(), apart, is_open=False):
            way = ways[scope.boxes.get(row["previous_stage_id"]), scope.boxes[row["stage_id"]]]
            for name in SUMS:
                way[name] += sign * int(row[name])
        return {key: way for key, way in ways.items() if way["visits"]}

    @api.model
    def _get_open(self, scope, apart):
        """Return ``{(box before, or None, box): how many documents are there now}``."""
        ways = Counter()
        for sign, row in self._get_rows(scope, scope.going_on(), apart, is_open=True):
            ways[scope.boxes.get(row["previous_stage_id"]), scope.boxes[row["stage_id"]]] += sign * int(row["visits"])
        return ways

    @api.model
    def _get_spreads(self, scope, apart):
        """Return ``{box: {minutes of working time: how many completed visits}}``."""
        spreads = defaultdict(Counter)
        for sign, row in self._get_rows(scope, scope.spreads(), apart, is_open=False):
            spreads[scope.boxes[row["stage_id"]]][row["minutes"]] += sign * int(row["visits"])
        return {key: +spread for key, spread in spreads.items()}

    @api.model
    def _get_rows(self, scope, query, apart, is_open):
        """Return ``(sign, row)`` of the rows that add up to what the filters take; ``query`` is of all documents."""
        kept = query_rows(self.env, query) if scope.leaves_out or not scope.is_filtered else []
        sign = -1 if scope.leaves_out else 1
        return [(1, row) for row in kept] + [(sign, row) for row in apart if row["is_open"] == is_open]
