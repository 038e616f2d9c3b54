"""Which orders an event log is about."""

from dataclasses import dataclass
from datetime import date

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.arguments import existing, text
from ..models.sop_flow_mixin import OPEN_STATUSES

STATUSES = [("all", "All"), ("open", "Open"), ("finished", "Finished")]


@dataclass(frozen=True)
class EventScope:
    """Completed visits of one process in one company, of orders that were put under the SOP from ``date_from`` to
    ``date_to`` (both included, days of the company), and filters; None: all."""

    company_id: int
    code: str
    version: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    partner_id: int | None = None
    department_id: int | None = None
    status: str = "all"

    @classmethod
    def of(cls, env, parameters):
        """Return the scope that ``parameters`` (from outside, ``{name: value}``) ask for.

        :raise UserError: for what makes no sense, in words
        """
        first, last = (_get_day(env, parameters.get(name)) for name in ("date_from", "date_to"))
        if first and last and first > last:
            raise UserError(env._("The period ends before it begins."))
        status = text(env, parameters.get("status")) or "all"
        if status not in dict(STATUSES):
            raise UserError(env._("“%s”: orders can be open or finished.", status))
        version = parameters.get("version") or None
        if version and type(version) is not int:
            raise UserError(env._("A version has to be given by its number."))
        scope = cls(
            env.company.id,
            text(env, parameters.get("code")),
            version,
            first,
            last,
            existing(env["res.partner"], parameters.get("partner_id")).commercial_partner_id.id or None,
            existing(env["sop.department"], parameters.get("department_id")).id or None,
            status,
        )
        if not scope.get_processes(env):
            raise UserError(env._("“%s”: there is no such process or version that was ever published.", scope.code))
        return scope

    def get_processes(self, env):
        """Return the versions that the scope takes, the newest last; as far as the user may see them."""
        domain = Domain("code", "=", self.code) & Domain("company_id", "in", (self.company_id, False))
        domain &= Domain("state", "!=", "draft")
        if self.version:
            domain &= Domain("version", "=", self.version)
        return env["sop.process"].with_context(active_test=False).search(domain, order="version, id")

    def get_domain(self, processes):
        """Return which visits are the events, as a domain of ``sop.visit``.

        :param processes: see :meth:`get_processes`
        """
        link = get_link(processes)
        domain = Domain("left_at", "!=", False) & Domain("company_id", "=", self.company_id)
        domain &= Domain("stage_id", "in", processes.stage_ids.ids) & Domain(link, "!=", False)
        if self.date_from:
            domain &= Domain("begun_on", ">=", self.date_from)
        if self.date_to:
            domain &= Domain("begun_on", "<=", self.date_to)
        if self.partner_id:
            domain &= Domain(f"{link}.partner_id.commercial_partner_id", "=", self.partner_id)
        if self.department_id:
            domain &= Domain(f"{link}.sop_visit_ids.department_id", "=", self.department_id)
        if self.status != "all":
            is_open = self.status == "open"
            domain &= Domain(f"{link}.sop_status", "in" if is_open else "not in", OPEN_STATUSES)
        return domain


def _get_day(env, value):
    """Return the day ``value`` from outside, or None for nothing."""
    try:
        return fields.Date.to_date(value) if value else None
    except (AttributeError, TypeError, ValueError) as error:
        raise UserError(env._("“%s”: this is no day.", value)) from error


def get_link(processes):
    """Return the field of a visit that names what goes through ``processes``: orders or cases."""
    return processes.env[processes[:1].applies_to]._sop_link


def get_activities(stages):
    """Return ``{id: name}`` of the activities that ``stages`` (of one process, of any versions) are.

    Stages of several versions with the same ``pace_key`` are one activity, called as in the newest version of them.
    Activities of the same name get their key behind it.
    """
    names, keys = {}, {}
    for stage in stages.sorted(lambda stage: (stage.process_id.version, stage.id)):
        keys[stage.id] = key = stage.pace_key or str(stage.id)
        names[key] = stage.name
    called = list(names.values())
    return {id_: names[key] if called.count(names[key]) == 1 else f"{names[key]} ({key})" for id_, key in keys.items()}
