from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.arguments import existing, plain, text
from ..engine.reading import query_rows
from .map_scope import stages_of
from .map_sums import MapSums
from .periods import read_period
from .process_choices import process_choices


class SopProcessMap(models.AbstractModel):
    """The process map: a process drawn from what really happened to the documents that were put under it.

    An event is a completed visit. A number is ``{"count", "name", "model", "domain"}`` and opens what it counts.
    """

    _name = "sop.process.map"
    _description = "SOP Process Map"

    # -- public API ----------------------------------------------------------------------------------------------------

    @api.model
    @api.readonly
    def get_choices(self):
        """Return what can be chosen between on the page of the map.

        :return: ``{"today", "processes": [{"code", "name", "versions"}…], "departments", "companies"}``
        :raise AccessError: for anybody but auditors, officers and managers
        """
        chart = self._get_checked()
        departments = chart.env["sop.department"].search(Domain.TRUE)
        clock = chart.env["sop.engine.clock"]
        return {
            "today": fields.Date.to_string(clock._get_date(chart.env.company, clock._now())),
            "processes": process_choices(chart.env),
            "departments": [{"id": one.id, "name": one.name} for one in departments],
            "companies": [{"id": one.id, "name": one.name} for one in chart.env.companies],
        }

    @api.model
    @api.readonly
    def get_map(self, date_from, date_to, filters=None):
        """Return the map of documents that were put under the SOP in a period.

        :param str date_from: first day (of the company), ``YYYY-MM-DD``; ``date_to``: the last one, it counts too
        :param dict filters: ``process`` (a code), and optionally ``version`` (a number), ``company_id`` (one of those
            that the user has chosen; else all of them together), ``partner_id`` (a customer: his whole company) and
            ``department_id`` (only documents that were, or are, with it)
        :return: ``{"boxes", "arrows", "visits", "process", "documents"}``
        :raise AccessError: for anybody but auditors, officers and managers
        """
        chart = self._get_checked()
        scope = chart._get_scope(date_from, date_to, filters)
        return chart._get_figures(scope)

    @api.model
    @api.readonly
    def get_variants(self, date_from, date_to, filters=None):
        """Return the different ways that documents have taken, the most frequent first; see :meth:`get_map`.

        :return: ``{"total": documents, "kinds": how many different ways, "variants": [number + {"boxes": [keys…],
            "open", "share", "hours"}…]}``
        """
        chart = self._get_checked()
        scope = chart._get_scope(date_from, date_to, filters)
        return chart._get_variants(scope)

    @api.model
    @api.readonly
    def get_bottlenecks(self, date_from, date_to, filters=None):
        """Return where documents wait most and which of them wait longer than others; see :meth:`get_map`.

        :return: ``[{"box", "share", "text", "evidence": [text…]}…]``, the largest share of the waiting time first
        """
        chart = self._get_checked()
        scope = chart._get_scope(date_from, date_to, filters)
        return chart._get_bottlenecks(scope)

    # -- who, and of what ----------------------------------------------------------------------------------------------

    @api.model
    def _get_checked(self):
        """Return the model without what a caller's context says, once the user was found to be a reader of it all."""
        if not self.env.user.has_group("order_sop.group_reader_all"):
            raise AccessError(self.env._("The process map is for SOP managers, officers and auditors."))
        return plain(self)

    @api.model
    def _get_scope(self, date_from, date_to, filters):
        """Return the :class:`MapSums` of what the user asks for."""
        filters = filters if isinstance(filters, dict) else {}
        first, last = read_period(self.env, date_from, date_to)
        company_id, version = filters.get("company_id") or None, filters.get("version") or None
        if company_id not in (None, *self.env.companies.ids):
            raise ValidationError(self.env._("Choose a company that you work in."))
        companies = (company_id,) if company_id else tuple(self.env.companies.ids)
        domain = [("code", "=", text(self.env, filters.get("process"))), ("state", "!=", "draft")]
        domain.append(("company_id", "in", (False, *companies)))
        if version:
            if type(version) is not int:
                raise ValidationError(self.env._("“%s” is no version of a process.", version))
            domain.append(("version", "=", version))
        processes = self.env["sop.process"].search(domain)
        if not processes:
            raise UserError(self.env._("Choose a process that was published."))
        partner = existing(self.env["res.partner"], filters.get("partner_id"))
        partner.check_access("read")
        department = existing(self.env["sop.department"], filters.get("department_id"))[:1]
        model = self.env[processes[0].applies_to]
        self.env.flush_all()
        return MapSums(
            model._name,
            model._sop_link,
            companies,
            first,
            last,
            # of processes that he may see
            {stage.id: stage.pace_key or f"stage-{stage.id}" for stage in processes.sudo().stage_ids},
            tuple(processes.ids),
            self._get_span(),
            partner[:1].commercial_partner_id.id or None,
            department.id or None,
            **self._get_filtered(model, partner, department),
        )

    @api.model
    def _get_span(self):
        """Return the first and the last day on which documents with completed visits were begun."""
        [span] = self.env.execute_query(
            SQL("SELECT MIN(begun_on), MAX(begun_on) FROM sop_visit WHERE left_at IS NOT NULL")
        )
        return span if span[0] else (date.max, date.min)

    @api.model
    def _get_filtered(self, model, partner, department):
        """Return what a :class:`MapSums` needs to find the documents of a customer or a department."""
        found, facts = {}, self.env["sop.engine.fact"]
        if department:
            stages = self.env["sop.stage"].sudo().search([("department_id", "=", department.id)])  # ids alone
            found["stage_ids"] = tuple(stages.ids)
        if model._name != "sale.order" or not (partner or department):
            return found
        changed = facts._get_changed()
        if department:
            own, sums = set(stages.ids), facts._get_sums("sop_path_tally", changed)
            rows = query_rows(self.env, SQL("SELECT path, SUM(orders)::int AS orders FROM (%s) t GROUP BY 1", sums))
            paths = {row["path"]: row["orders"] for row in rows if not own.isdisjoint(stages_of(row["path"]))}
            total = sum(row["orders"] for row in rows)
            found |= {"paths": tuple(paths), "share": sum(paths.values()) / max(total, 1)}
        return found | {"facts": facts._get_rows(changed), "changed_ids": tuple(changed[0])}

    @api.model
    def _number(self, count, name, domain, model="sop.visit"):
        return {"count": count, "name": name, "model": model, "domain": list(domain)}

    @api.model
    def _get_boxes(self, scope):
        """Return ``{key: stages}`` of the map in the order in which documents walk through them, the newest version's
        stage first; in superuser mode: their names are for whoever sees the process."""
        boxes, stages = {}, self.env["sop.stage"].sudo().browse(scope.boxes)
        newest_first = stages.sorted(lambda stage: (-stage.process_id.version, stage.sequence, stage.id))
        for stage in newest_first:
            boxes[scope.boxes[stage.id]] = boxes.get(scope.boxes[stage.id], stage.browse()) | stage
        return dict(sorted(boxes.items(), key=lambda item: (item[1][0].sequence, item[1][0].id)))
