import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .kpi_noise import even, likelihood

MONTHS = 12


class SopKpiPage(models.Model):
    """The page of KPIs: figures beside what they were before, their targets, their months, the stages behind them."""

    _inherit = "sop.kpi"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def get_page(self, date_from, date_to, filters=None, other=None):
        """Return the KPIs of a period, and of another to compare with, for the page of KPIs.

        :param str date_from: first day (of the company), ``YYYY-MM-DD``; ``date_to``: the last one, it counts too
        :param dict filters: ``process`` (a code), ``version`` (a number), ``department`` (an id), all optional; of
            orders also ``team_id``, ``user_id``, ``partner_id``, ``country_id``, ``categ_id`` (ids)
        :param dict other: what to compare with: ``date_from`` and ``date_to``, ``version``, each as in the first
            unless given; None: as many days just before
        :return: ``{"kpis": [{…definition, "value", "before", "even", "count", "chance", "light", "target"}…],
            "stages": […], …}``; ``even`` is what ``before`` comes to in as many days, ``chance`` how likely such a
            difference is by mere chance, None where there is too little to tell
        :raise AccessError: for who may not see figures of that scope
        """
        scope = self._get_scope(date_from, date_to, filters)
        scope = self._ask_once(scope)
        compared = replace(self._get_other(scope, filters, other), changed=scope.changed)
        kpis = self._get_visible(scope)
        now, before = kpis._get_figures(scope), kpis._get_figures(compared)
        days = (scope.length, compared.length)
        targets = self.env["sop.kpi.target"]._get_targets(scope)
        return {
            "date_from": fields.Date.to_string(scope.date_from),
            "date_to": fields.Date.to_string(scope.date_to),
            "before_from": fields.Date.to_string(compared.date_from),
            "before_to": fields.Date.to_string(compared.date_to),
            "before_version": compared.version,
            "company": self.env.company.name,
            "kpis": [kpi._get_tile(now[kpi.code], before[kpi.code], targets.get(kpi), days) for kpi in kpis],
            "stages": self._get_stage_rows(scope),
            "checkpoints": self._get_checkpoint_rows(scope),
        }

    def get_trend(self, date_to, filters=None):
        """Return the figures of the one KPI in ``self`` of the twelve months up to that of ``date_to``.

        :return: ``[{"month": its first day, "value"}…]``; of the last month only the days up to ``date_to`` count
        """
        self.ensure_one()
        scope = self._get_scope(date_to, date_to, filters)
        if self not in self._get_visible(scope):
            raise AccessError(self.env._("“%s” is not for one department.", self.name))
        return [
            {"month": fields.Date.to_string(month), "value": values[self.code]}
            for month, values in self._get_trends(scope).items()
        ]

    @api.model
    def action_export(self, date_from, date_to, filters=None, other=None):
        """Download the KPIs of a period as a workbook; see :meth:`get_page` for the arguments."""
        scope = self._get_scope(date_from, date_to, filters)
        query = {
            "date_from": fields.Date.to_string(scope.date_from),
            "date_to": fields.Date.to_string(scope.date_to),
            "filters": json.dumps(filters or {}),
            "other": json.dumps(other or {}),
            "companies": ",".join(map(str, self.env.companies.ids)),
        }
        return {"type": "ir.actions.act_url", "target": "download", "url": f"/order_sop/kpis/xlsx?{urlencode(query)}"}

    # -- what is behind ------------------------------------------------------------------------------------------------

    @api.model
    def _ask_once(self, scope):
        """Return ``scope`` with what is known of changed orders: for all figures that are asked for now."""
        self.env.flush_all()
        return replace(scope, changed=self.env["sop.engine.fact"]._get_changed())

    @api.model
    def _get_other(self, scope, filters, other):
        """Return the :class:`Scope` to compare ``scope`` with, see :meth:`get_page`."""
        if not other or not isinstance(other, dict):
            return scope.before
        filters = filters if isinstance(filters, dict) else {}
        return self._get_scope(
            other.get("date_from") or scope.date_from,
            other.get("date_to") or scope.date_to,
            filters | ({"version": other["version"]} if other.get("version") else {}),
        )

    def _get_trends(self, scope):
        """Return ``{first day of a month: {code: value}}`` of the KPIs in ``self`` for the twelve months up to that of
        the last day of ``scope``, of which only the days up to that one count."""
        scope = self._ask_once(scope)
        months, last = [], scope.date_to
        for _number in range(MONTHS):
            months.append(replace(scope, date_from=last.replace(day=1), date_to=last))
            last = months[-1].date_from - timedelta(1)
        return {
            month.date_from: {code: figure.value for code, figure in self._get_figures(month).items()}
            for month in reversed(months)
        }

    def _get_tile(self, now, before, target, days):
        """Return what the page shows of the one KPI in ``self``: its definition and its figures."""
        currency = self.env.company.currency_id
        labels = {name: dict(self._fields[name]._description_selection(self.env)) for name in ("unit", "section")}
        return {
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "family": self.family,
            "unit": self.unit,
            "unit_label": currency.name if self.unit == "amount" else labels["unit"][self.unit],
            "currency_id": currency.id if self.unit == "amount" else None,
            "section": self.section,
            "section_label": labels["section"][self.section],
            "better": self.better,
            "formula": self.formula,
            "source": self.source,
            "exclusions": self.exclusions or "",
            "value": now.value,
            "count": now.count,
            "before": before.value,
            "even": even(now, before, days),
            "chance": likelihood(now, before, days),
            "target": target and {"green": target.green, "amber": target.amber},
            "light": target and target._get_light(now.value),
        }

    @api.model
    def _get_stage_rows(self, scope):
        """Return a dictionary for each stage that was completed in ``scope``, in the order of their processes."""
        if scope.filters:
            return []
        found = self.env["sop.kpi.stages"].sudo()._get_stages(scope)  # the scope was checked
        stages = self.env["sop.stage"].sudo().browse(found)  # their names
        ordered = stages.sorted(
            lambda stage: (stage.process_id.code, -stage.process_id.version, stage.sequence, stage.id)
        )
        return [
            {
                "id": stage.id,
                "name": stage.name,
                "process": stage.process_id.display_name,
                "department": stage.department_id.name,
                "visits": row["visits"],
                "repeated": row["repeated"],
                "hours": row["hours"].value,
                "p80": row["p80"],
                "p95": row["p95"],
                "limit": stage.time_limit_hours or None,
                "on_time": 100 * (row["limited"] - row["late"]) / row["limited"] if row["limited"] else None,
            }
            for stage in ordered
            for row in (found[stage.id],)
        ]

    @api.model
    def _get_checkpoint_rows(self, scope, limit=10):
        """Return a dictionary for each of the checkpoints that fail most often in ``scope``, the worst first."""
        if scope.filters:
            return []
        found = self.env["sop.kpi.checks"].sudo()._get_checkpoints(scope)  # the scope was checked
        worst = sorted((item for item in found.items() if item[1][0]), key=lambda item: (-item[1][0], item[0]))[:limit]
        checkpoints = self.env["sop.checkpoint"].sudo()  # their names
        return [
            {
                "id": id_,
                "name": checkpoints.browse(id_).name,
                "stage": checkpoints.browse(id_).stage_id.name,
                "failed": failed,
                "judged": judged,
                "rate": 100 * failed / judged,
            }
            for id_, (failed, judged) in worst
        ]
