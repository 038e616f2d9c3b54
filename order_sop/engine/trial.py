from collections import defaultdict
from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.fields import Domain

from .rows import forget_rows, imagine_rows

BATCH = 500
"""So many orders are judged at once: what is known of them is in memory."""
FIRST_DAY, LAST_DAY = date(1971, 1, 1), date(9000, 1, 1)
"""Days beyond these are no moment in every time zone; no order is from then."""


class Finding(NamedTuple):
    """What one checkpoint would say of one order, or of one of its deliveries or invoices.

    ``outcome``: ``passed``; ``failed``; ``unknown``: the order has not got that far; ``person``: somebody would look;
    ``approval``: somebody would be asked; ``nobody``: fewer may approve than have to.
    """

    order: Any
    checkpoint: Any
    outcome: str
    code: Any = False
    data: Any = False
    asked: Any = ()
    """Of an approval: ``[(step, user ids, needed)…]``."""

    @property
    def stops(self):
        """Whether the order would not have got on by this."""
        return self.checkpoint.blocking and self.outcome in ("failed", "nobody")


class SopEngineTrial(models.AbstractModel):
    """What a process that nobody runs by yet would say of orders that are there, by what these say today.

    It only reads. Conditions, rules and approvers are asked as the engine asks them for orders that run, all orders at
    once, about checks that are in memory alone. Methods work in superuser mode and check nobody.
    """

    _name = "sop.engine.trial"
    _description = "SOP engine: trying a draft"

    # -- which orders --------------------------------------------------------------------------------------------------

    @api.model
    def _get_orders(self, companies, count, date_from=None, date_to=None):
        """Return the last ``count`` orders of ``companies`` by date, cancelled ones left out: ``(those that the current
        user may read, how many he may not)``.

        :param date_from: first day, in the user's time zone; None: without beginning
        :param date_to: last day, None: without end
        """
        domain = Domain("company_id", "in", companies.ids) & Domain("state", "!=", "cancel")
        if date_from:
            domain &= Domain("date_order", ">=", self._get_moment(date_from, time.min))
        if date_to:
            domain &= Domain("date_order", "<=", self._get_moment(date_to, time.max))
        orders = self.env["sale.order"].sudo()  # to count those that the user may not read
        orders = orders.search(domain, order="date_order desc, id desc", limit=count).sudo(False)
        readable = orders._filtered_access("read")
        return readable, len(orders) - len(readable)

    @api.model
    def _get_moment(self, day, moment):
        """Return a moment of a day in the user's time zone as naive UTC."""
        zone = ZoneInfo(self.env.user.tz or "UTC")
        day = datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), moment, zone)
        return day.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    @api.model
    def _split(self, process, orders):
        """Return ``orders`` as ``(those that the one draft would take, that another process takes, that none takes)``,
        as if it were published."""
        matches = self.env["sop.process"].sudo()._match(orders.sudo(), process.sudo())  # as for any new order
        taken = matches.pop(process.sudo(), orders.browse())  # as its keys are
        elsewhere = orders.browse().union(*matches.values())
        return tuple(part.sudo(False) for part in (taken, elsewhere, orders - taken - elsewhere))

    # -- judging -------------------------------------------------------------------------------------------------------

    @api.model
    def _judge(self, process, orders):
        """Return what the checkpoints of ``process`` say of ``orders``: a list of :class:`Finding`, those of one order
        in the order of the stages."""
        findings = []
        process = process.sudo()._warm_up()  # the definition is the same for everybody
        for company, batch in orders.sudo().grouped("company_id").items():  # rules see everything
            for start in range(0, len(batch), BATCH):
                findings += self._judge_batch(process, batch[start : start + BATCH].with_company(company))
        return findings

    @api.model
    def _judge_batch(self, process, orders):
        items = {"delivery": orders._sop_deliveries(), "invoice": orders._sop_invoices()}
        opened = {order: self._get_opened(order, items) for order in orders}
        findings, vals_list = [], []
        for stage in process.stage_ids._in_order():
            there = stage._filter_orders(orders)
            for checkpoint in stage.checkpoint_ids:
                asked = checkpoint._filter_orders(there).with_prefetch(orders._ids)
                if checkpoint.kind == "approval":
                    findings += self._judge_approval(checkpoint, asked)
                    continue
                for order in asked:
                    targets = self._get_targets(checkpoint, order, items)
                    if checkpoint.kind == "auto" and targets and self._can_judge(checkpoint):
                        vals_list += [self._get_vals(checkpoint, order) | target for target in targets]
                    else:
                        outcome = "person" if checkpoint.kind == "manual" and targets else "unknown"
                        findings += [Finding(order, checkpoint, outcome)] * (1 if targets is None else len(targets))
        checks = imagine_rows(orders.env["sop.check"], vals_list)
        states = self.env["sop.engine.checks"]._judge(checks)
        findings += [self._get_finding(check, *states[check], opened) for check in checks]
        forget_rows(checks)
        return sorted(findings, key=lambda finding: finding.checkpoint.stage_id._place())

    @api.model
    def _get_opened(self, order, items):
        """Return which gates the one ``order`` has passed."""
        deliveries, invoices = (items[scope].get(order, ()) for scope in ("delivery", "invoice"))
        passed = {
            "confirm": order.state == "sale",
            "ship": any(delivery.state == "done" for delivery in deliveries),
            "invoice": any(invoice.state == "posted" for invoice in invoices),
            "close": order.locked,
        }
        return {gate for gate, is_past in passed.items() if is_past}

    @api.model
    def _can_judge(self, checkpoint):
        """Tell whether the rule of an automatic ``checkpoint`` can be asked at all: a draft may still be at fault."""
        rule = checkpoint._get_rule()
        return rule is not None and checkpoint.scope in rule._scopes and rule._judges == "sale.order"

    @api.model
    def _get_targets(self, checkpoint, order, items):
        """Return what of the one ``order`` the ``checkpoint`` would look at, as a list of values of its checks; None
        where a delivery or an invoice is still to come."""
        if checkpoint.scope == "order":
            return [{}]
        name = "picking_id" if checkpoint.scope == "delivery" else "invoice_id"
        live = [{name: item.id} for item in items[checkpoint.scope].get(order, ()) if item.state != "cancel"]
        return None if not live and order._sop_awaits(checkpoint.scope) else live

    @api.model
    def _get_vals(self, checkpoint, order):
        return {
            "order_id": order.id,
            "company_id": order.company_id.id,
            "stage_id": checkpoint.stage_id.id,
            "checkpoint_id": checkpoint.id,
            "department_id": checkpoint._get_department().id,
            "state": "pending",
        }

    @api.model
    def _get_finding(self, check, state, code, data, opened):
        """Return what was found out about the one ``check``.

        What has simply not happened yet would have kept an order that has passed the gate behind it by now; of the
        others nobody can tell.
        """
        if state == "pending":
            passed = set(opened[check.order_id])
            if check.picking_id and check.picking_id.state != "done":
                passed.discard("ship")
            if check.invoice_id and check.invoice_id.state != "posted":
                passed.discard("invoice")
            stages = check.stage_id.process_id.stage_ids
            ahead = {stage.gate for stage in stages if not stage._is_before(check.stage_id)}
            state = "failed" if passed & ahead else "unknown"
        return Finding(check.order_id, check.checkpoint_id, state, code, data)

    @api.model
    def _judge_approval(self, checkpoint, orders):
        """Return a finding for each of ``orders`` that the approval ``checkpoint`` has a step for."""
        steps = list(checkpoint.step_ids._in_order()) or [checkpoint.step_ids]
        met = {step: set(step._filter_orders(orders)._ids) for step in steps}
        checks = imagine_rows(orders.env["sop.check"], [self._get_vals(checkpoint, order) for order in orders])
        approver, findings = self.env["sop.engine.approver"], []
        for check in checks:
            order = check.order_id
            if asked := approver._foresee(check, [step for step in steps if order.id in met[step]]):
                short = any(len(user_ids) < needed for _step, user_ids, needed in asked)
                outcome = "nobody" if short else "approval"
                findings.append(Finding(order, checkpoint, outcome, asked=asked))
        forget_rows(checks)
        return findings

    # -- sums ----------------------------------------------------------------------------------------------------------

    @api.model
    def _sum_departments(self, findings):
        """Return ``{department: {"checks", "auto", "manual", "approval", "stops": how many}}``."""
        sums = defaultdict(lambda: dict.fromkeys(("checks", "auto", "manual", "approval", "stops"), 0))
        for finding in findings:
            figures = sums[finding.checkpoint._get_department()]
            figures["checks"] += 1
            figures[finding.checkpoint.kind] += 1
            figures["stops"] += finding.stops
        return dict(sums)

    @api.model
    def _sum_approvers(self, findings):
        """Return ``{user id: (how many approvals would wait for him, of how many of these for nobody else)}``."""
        sums = defaultdict(lambda: [0, 0])
        for finding in findings:
            for _step, user_ids, _needed in finding.asked:
                for user_id in user_ids:
                    sums[user_id][0] += 1
                    sums[user_id][1] += len(user_ids) == 1
        return {user_id: tuple(figures) for user_id, figures in sums.items()}

    @api.model
    def _get_text(self, finding):
        """Return why the order of one ``finding`` would not have got on, in the reader's language."""
        checkpoint = finding.checkpoint
        if finding.outcome == "nobody":
            return self.env._("“%s”: too few people may approve this order.", checkpoint.name)
        return self.env[checkpoint._get_rule()._name]._reason_text(finding.code, finding.data)
