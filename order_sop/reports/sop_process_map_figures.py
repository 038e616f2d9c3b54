from collections import Counter, defaultdict

from odoo import api, models
from odoo.fields import Domain

from .kpi_scope import percentile

COMPLETED = Domain("left_at", "!=", False)
OPEN = Domain("left_at", "=", False)


class SopProcessMapFigures(models.AbstractModel):
    """The boxes and arrows of the process map."""

    _inherit = "sop.process.map"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_figures(self, scope):
        """Return the map; what it reads was checked."""
        apart = self._read_apart(scope)
        boxes, arrows, going_on = self._get_boxes(scope), self._get_ways(scope, apart), self._get_open(scope, apart)
        sums, into = defaultdict(Counter), Counter()
        for (before, here), values in arrows.items():
            sums[here].update(values)
            into[here] += 0 if before else values["visits"]
        now, underway = Counter(), Counter()
        for (before, here), visits in going_on.items():
            now[here] += visits
            underway[before] += visits
        left = Counter()
        for (before, _here), values in arrows.items():
            left[before] += values["visits"]
        spreads = self._get_spreads(scope, apart)
        total = sum(values["elapsed"] for values in sums.values())
        newest = max(stages[0].process_id.version for stages in boxes.values())
        shown = []
        for key, stages in boxes.items():
            values, stage = sums[key], stages[0]
            if not values["visits"] and not now[key] and stage.process_id.version != newest:
                continue  # nobody has been there, and nobody will be
            ends = values["visits"] - left[key]
            shown.append(
                self._number(values["visits"], stage.name, scope.domain(stage_id=key) & COMPLETED)
                | {
                    "key": key,
                    "department": stage.department_id.name,
                    "current": stage.process_id.version == newest,
                    "dimmed": bool(scope.department_id) and scope.department_id not in stages.department_id.ids,
                    "late": values["late"],
                    "limited": values["limited"],
                    "hours": _hours(percentile(spreads.get(key, {}), 50)),
                    "share": values["elapsed"] / total if total else 0.0,
                    "now": self._get_now(scope, key, now[key], stage),
                    "starts": self._number(
                        into[key],
                        self.env._("Begins here: %s", stage.name),
                        scope.domain(stage_id=key, previous_stage_id=None) & COMPLETED,
                    ),
                    "ends": ends,
                    "ended": self._number(
                        ends - underway[key],
                        self.env._("Ends here: %s", stage.name),
                        scope.domain(stage_id=key, next_stage_id=None) & COMPLETED,
                    ),
                }
            )
        return {
            "process": max(boxes.values(), key=lambda stages: stages[0].process_id.version)[0].process_id.name,
            "visits": sum(box["count"] for box in shown),
            "boxes": shown,
            "arrows": self._get_arrows(scope, boxes, arrows),
        }

    @api.model
    def _get_arrows(self, scope, boxes, ways):
        """Return the ways between two boxes, in the order of the boxes."""
        places, rows = {key: place for place, key in enumerate(boxes)}, []
        for (before, here), values in ways.items():
            if not before:
                continue
            name = self.env._("%(before)s → %(after)s", before=boxes[before][0].name, after=boxes[here][0].name)
            domain = scope.domain(previous_stage_id=before, stage_id=here) & COMPLETED
            rows.append(
                self._number(values["visits"], name, domain)
                | {
                    "key": f"{before}>{here}",
                    "from": before,
                    "to": here,
                    "kind": _get_kind(boxes[before], boxes[here], places[before] >= places[here]),
                    "hours": values["elapsed"] / values["visits"] / 3600,
                }
            )
        return sorted(rows, key=lambda row: (places[row["from"]], places[row["to"]]))

    @api.model
    def _get_now(self, scope, key, count, stage):
        """Return the number of documents that are in a box now."""
        domain = scope.document_domain() & Domain(
            "sop_visit_id", "any", [("stage_id", "in", [one for one, box in scope.boxes.items() if box == key])]
        )
        return self._number(count, self.env._("Now in %s", stage.name), domain, scope.model)


def _hours(minutes):
    return None if minutes is None else minutes / 60


def _get_kind(before, here, backwards):
    """Tell what the way from the stages ``before`` to those ``here`` (each of one box, newest first) is: ``"next"``,
    ``"skip"`` over a stage or ``"back"`` to an earlier one (or the same). The newest version that has both says it."""
    others = {stage.process_id: stage for stage in here}
    for stage in before:
        other = others.get(stage.process_id)
        if not other:
            continue
        if not stage._is_before(other):
            return "back"
        between = stage.process_id.stage_ids.filtered(
            lambda one, stage=stage, other=other: stage._is_before(one) and one._is_before(other)
        )
        return "skip" if between else "next"
    return "back" if backwards else "next"
