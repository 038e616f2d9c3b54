from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.arguments import existing, plain, text
from ..models.sop_flow_mixin import OPEN_STATUSES

ORDERS, ALERTS = "sale.order", "sop.alert"
IN_TIME = {
    "late": Domain("sop_late", "=", True),
    "will_be_late": Domain("sop_jeopardy", "=", "late"),
    "at_risk": Domain("sop_jeopardy", "=", "at_risk"),
}
ACTIONS = {ORDERS: "order_sop.sale_order_action_tower", ALERTS: "order_sop.sop_alert_action"}


class SopTower(models.AbstractModel):
    """The control tower: how all open orders stand, as numbers with the list behind each.

    A number is ``{"count", "model", "domain", "name"}`` and is counted by that very domain, under the rights of whoever
    looks: what he opens is what was counted.
    """

    _name = "sop.tower"
    _description = "SOP Control Tower"

    @api.model
    @api.readonly
    def get_numbers(self, process_code=None, department_id=None, company_id=None, mine=False):
        """Return what the control tower shows.

        :param str process_code: only orders of the processes with this code, all versions
        :param int department_id: only orders that are with this department or wait for its checks
        :param int company_id: one of the companies that the user has chosen; None: all of them
        :param bool mine: only orders that are with, or wait for, one of the user's departments
        :return: ``{"now", "choices", "actions", "tiles", "processes", "blocked", "holds", "alerts"}``, see below
        :raise AccessError: for users outside the SOP
        """
        if not (self.env.user.has_group("order_sop.group_user") and self.env[ORDERS].has_access("read")):
            raise AccessError(self.env._("The control tower is for those who work on orders by the Order SOP."))
        tower = plain(self)
        departments = existing(tower.env["sop.department"], department_id)
        department_ids = (departments | tower.env["sop.department"]._get_mine() if mine else departments).ids
        if company_id not in (None, *self.env.companies.ids):
            raise ValidationError(self.env._("Choose a company that you work in."))
        chosen = (text(self.env, process_code), department_ids if departments or mine else None, company_id)
        orders, alerts = tower._get_orders_domain(*chosen), tower._get_alerts_domain(*chosen)
        counts = tower._count_orders(orders)
        alert_groups = tower.env[ALERTS]._read_group(alerts, ["kind", "state"], ["__count"])
        alert_counts = {(kind, state): count for kind, state, count in alert_groups}
        return {
            "now": fields.Datetime.to_string(self.env["sop.engine.clock"]._now()),
            "choices": tower._get_choices(),
            "actions": {model: tower._get_action(xml_id) for model, xml_id in ACTIONS.items()},
            "tiles": tower._get_tiles(orders, counts, alerts, alert_counts),
            "processes": tower._get_processes(orders, counts),
            "blocked": tower._get_blocked(orders, chosen[1]),
            "holds": tower._get_holds(orders),
            "alerts": tower._get_alerts(alerts, alert_counts),
        }

    # -- what is counted -----------------------------------------------------------------------------------------------

    @api.model
    def _get_orders_domain(self, process_code, department_ids, company_id):
        """Return which open orders are counted."""
        domain = Domain("sop_status", "in", OPEN_STATUSES)
        if company_id:
            domain &= Domain("company_id", "=", company_id)
        if process_code:
            domain &= Domain("sop_process_id.code", "=", process_code)
        if department_ids is not None:
            domain &= Domain("sop_at_work_ids", "in", department_ids)
        return domain

    @api.model
    def _get_alerts_domain(self, process_code, department_ids, company_id):
        """Return which alerts are counted: those that are not closed."""
        domain = Domain("state", "!=", "closed")
        if company_id:
            domain &= Domain("company_id", "=", company_id)
        if process_code:
            domain &= Domain("stage_id.process_id.code", "=", process_code)
        if department_ids is not None:
            domain &= Domain("department_id", "in", department_ids)
        return domain

    @api.model
    def _number(self, count, name, domain, model=ORDERS):
        return {"count": count, "name": name, "model": model, "domain": list(domain)}

    @api.model
    def _count_orders(self, orders):
        """Count the orders of a domain by stage, status and how they stand in time, in one pass over them.

        :return: ``{(sop.stage, status): {"all", "late", "will_be_late", "at_risk"}}``, the stage in superuser mode
        """
        model = self.env[ORDERS]
        query = model._search(orders)
        groups = [model._field_to_sql(query.table, name, query) for name in ("sop_stage_id", "sop_status")]
        in_time = [domain.optimize_full(model)._to_sql(model, query.table, query) for domain in IN_TIME.values()]
        query.groupby = SQL(", ").join(groups)
        query.order = None
        counts = [SQL("COUNT(*)"), *(SQL("COUNT(*) FILTER (WHERE %s)", condition) for condition in in_time)]
        rows = self.env.execute_query(query.select(*groups, *counts))
        stages = self.env["sop.stage"].sudo().browse(row[0] for row in rows)  # names, of where the user's orders are
        return {
            (stage, row[1]): dict(zip(("all", *IN_TIME), row[2:], strict=True))
            for stage, row in zip(stages, rows, strict=True)
        }

    @api.model
    def _get_tiles(self, orders, counts, alerts, alert_counts):
        """Return the numbers at the top: ``[{"key", number…}…]``."""

        def total(name, *statuses):
            return sum(values[name] for (_stage, status), values in counts.items() if status in statuses)

        unseen = alerts & Domain("state", "=", "open")
        names = {
            "late": self.env._("Late in their stage"),
            "will_be_late": self.env._("Will be late"),
            "at_risk": self.env._("At risk"),
        }
        numbers = {"open": self._number(total("all", *OPEN_STATUSES), self.env._("Open orders"), orders)}
        for key, name in names.items():
            numbers[key] = self._number(total(key, *OPEN_STATUSES), name, orders & IN_TIME[key])
        for key, status, name in (
            ("blocked", "waiting", self.env._("Blocked")),
            ("on_hold", "on_hold", self.env._("On hold")),
        ):
            numbers[key] = self._number(total("all", status), name, orders & Domain("sop_status", "=", status))
        count = sum(value for (_kind, state), value in alert_counts.items() if state == "open")
        numbers["alerts"] = self._number(count, self.env._("Alerts not acknowledged"), unseen, ALERTS)
        return [{"key": key} | number for key, number in numbers.items()]

    @api.model
    def _get_processes(self, orders, counts):
        """Return the open orders of each process by stage, the versions of a process together:
        ``[{"code", "name", "stages": [{"key", "department", number…, "late": number}…]}…]``."""
        stages = self.env["sop.stage"].sudo().union(*(stage for stage, _status in counts))  # as in _count_orders
        published = self.env["sop.process"].search(
            [("state", "=", "published"), ("code", "in", stages.process_id.mapped("code"))]
        )
        processes = defaultdict(lambda: defaultdict(stages.browse))
        for stage in (stages | published.sudo().stage_ids)._in_order():  # of a process that the user sees
            processes[stage.process_id.code][stage.name] |= stage
        rows = []
        for code, by_name in processes.items():
            cells = []
            for name, same in by_name.items():
                domain = orders & Domain("sop_stage_id", "in", same.ids)
                found = [values for (stage, _status), values in counts.items() if stage in same]
                late_name = self.env._("%s: late", name)
                cells.append(
                    self._number(sum(values["all"] for values in found), name, domain)
                    | {
                        "key": same[0].id,
                        "department": same[-1].department_id.name,
                        "late": self._number(
                            sum(values["late"] for values in found), late_name, domain & IN_TIME["late"]
                        ),
                    }
                )
            newest = stages.browse().union(*by_name.values()).process_id.sorted("version")[-1]
            rows.append({"code": code, "name": newest.name, "stages": cells})
        return rows

    @api.model
    def _get_blocked(self, orders, department_ids):
        """Return what blocks orders, the worst first: ``[{"key", "department", "process", number…}…]``.

        An order that several checks block is counted with each of them.
        """
        blocked = orders & Domain("sop_status", "=", "waiting")
        failed = Domain([("state", "=", "failed"), ("superseded", "=", False), ("checkpoint_id.blocking", "=", True)])
        if department_ids is not None:
            failed &= Domain("department_id", "in", department_ids)
        groups = self.env["sop.check"]._read_group(
            failed & Domain("order_id", "any", blocked),
            ["checkpoint_id", "department_id"],
            ["order_id:count_distinct"],
        )
        same = defaultdict(lambda: (self.env["sop.checkpoint"].sudo().browse(), 0))  # names of what blocks
        for checkpoint, department, count in groups:
            process = checkpoint.sudo().stage_id.process_id  # as above
            key = (process.code, checkpoint.sudo().name, department)  # as above
            checkpoints, total = same[key]
            same[key] = (checkpoints | checkpoint.sudo(), total + count)  # as above
        rows = []
        for (_code, name, department), (checkpoints, count) in same.items():
            checks = failed & Domain("checkpoint_id", "in", checkpoints.ids)
            checks &= Domain("department_id", "=", department.id)
            rows.append(
                self._number(count, name, blocked & Domain("sop_check_ids", "any", checks))
                | {
                    "key": f"{checkpoints[0].id}-{department.id}",
                    "department": department.name,
                    "process": checkpoints[-1].stage_id.process_id.name,
                }
            )
        return sorted(rows, key=lambda row: (-row["count"], row["name"]))

    @api.model
    def _get_holds(self, orders):
        """Return the orders on hold by type of hold: ``[{"key", number…}…]``. An order may be on several."""
        held = orders & Domain("sop_status", "=", "on_hold")
        unreleased = Domain("released_at", "=", False)
        groups = self.env["sop.hold"]._read_group(
            unreleased & Domain("order_id", "any", held), ["type_id"], ["order_id:count_distinct"]
        )
        rows = []
        for hold_type, count in groups:
            domain = held & Domain("sop_hold_ids", "any", unreleased & Domain("type_id", "=", hold_type.id))
            rows.append(self._number(count, hold_type.name, domain) | {"key": hold_type.id})
        return sorted(rows, key=lambda row: -row["count"])

    @api.model
    def _get_alerts(self, alerts, counts):
        """Return the alerts by kind and state: ``[{"key", "name", "open": number, "acknowledged": number}…]``."""
        options = self.env[ALERTS].fields_get(["kind", "state"], ["selection"])
        kinds, states = options["kind"]["selection"], dict(options["state"]["selection"])
        return [
            {"key": kind, "name": label}
            | {
                state: self._number(
                    counts.get((kind, state), 0),
                    f"{label}: {states[state]}",
                    alerts & Domain("kind", "=", kind) & Domain("state", "=", state),
                    ALERTS,
                )
                for state in ("open", "acknowledged")
            }
            for kind, label in kinds
        ]
