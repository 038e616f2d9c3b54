from typing import Any, NamedTuple

from odoo import api, models

from .matching import can_fill
from .rows import forget_rows, imagine_rows

BATCH = 500
"""So many orders are judged at once: what is known of them is in memory."""
FIELDS = {"delivery": "picking_id", "invoice": "invoice_id"}


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


class SopEngineTrialJudge(models.AbstractModel):
    """What processes would say of orders that do not run by them, by what these say today.

    It only reads. Conditions, rules and approvers are asked as the engine asks them for orders that run, all orders at
    once, about checks that are in memory alone; what two processes ask alike is judged once. Methods work in superuser
    mode and check nobody.
    """

    _name = "sop.engine.trial.judge"
    _description = "SOP engine: judging orders by a process that is tried"

    @api.model
    def _judge(self, trials):
        """Return what the checkpoints of processes say of orders.

        :param trials: ``[(process, orders)…]``
        :return: a list of :class:`Finding` for each trial, those of one order in the order of the stages
        """
        trials = [(process.sudo()._warm_up(), orders) for process, orders in trials]  # the same for everybody
        findings = [[] for _trial in trials]
        orders = self.env["sale.order"].sudo().union(*(orders.sudo() for _process, orders in trials))  # as rules see
        for company, those in orders.grouped("company_id").items():
            for start in range(0, len(those), BATCH):
                batch = those[start : start + BATCH].with_company(company)
                parts = [(process, batch & orders) for process, orders in trials]
                for found, new in zip(findings, self._judge_batch(batch, parts), strict=True):
                    found += new
        return findings

    @api.model
    def _judge_batch(self, batch, parts):
        """Do the same for the orders of one ``batch``, which are of one company."""
        items = _Items(batch)
        findings, questions, vals_by_key = [[] for _part in parts], [], {}
        for found, (process, orders) in zip(findings, parts, strict=True):
            for stage in process.stage_ids._in_order():
                there = stage._filter_orders(orders)
                for checkpoint in stage.checkpoint_ids:
                    asked = checkpoint._filter_orders(there).with_prefetch(batch._ids)
                    if checkpoint.kind == "approval":
                        found += self._judge_approval(checkpoint, asked)
                        continue
                    vals, alike = self._get_vals(checkpoint), self._get_alike(checkpoint)
                    for order in asked:
                        targets = items.targets(order, checkpoint.scope)
                        if alike and targets:
                            for name, item in targets:
                                key = (alike, order.id, name, item and item.id)
                                own = {"order_id": order.id, "company_id": order.company_id.id, name: item and item.id}
                                vals_by_key.setdefault(key, vals | own)
                                questions.append((found, order, checkpoint, item, key))
                        else:
                            outcome = "person" if checkpoint.kind == "manual" and targets else "unknown"
                            found += [Finding(order, checkpoint, outcome)] * (1 if targets is None else len(targets))
        self._answer(questions, vals_by_key, items, batch.env["sop.check"])
        return [sorted(found, key=lambda finding: finding.checkpoint.stage_id._place()) for found in findings]

    @api.model
    def _answer(self, questions, vals_by_key, items, checks):
        """Add what rules find to the findings of each of ``questions`` (findings, order, checkpoint, item, key)."""
        checks = imagine_rows(checks, list(vals_by_key.values()))
        states = self.env["sop.engine.checks"]._judge(checks)
        found_by_key = {key: states[check] for key, check in zip(vals_by_key, checks, strict=True)}
        forget_rows(checks)
        gates = {}
        for found, order, checkpoint, item, key in questions:
            state, code, data = found_by_key[key]
            if state == "pending":
                # what has simply not happened yet would have kept an order that has passed the gate behind it by now;
                # of the others nobody can tell
                if (ahead := gates.get(checkpoint)) is None:
                    stages = checkpoint.stage_id.process_id.stage_ids
                    ahead = gates[checkpoint] = {
                        stage.gate for stage in stages if not stage._is_before(checkpoint.stage_id)
                    }
                state = "failed" if items.passed(order, item) & ahead else "unknown"
            found.append(Finding(order, checkpoint, state, code, data))

    @api.model
    def _get_alike(self, checkpoint):
        """Return what checkpoints have in common whose rule says the same of the same order; None of one whose rule
        cannot be asked: manual ones, and those of a draft at fault."""
        rule = checkpoint._get_rule() if checkpoint.kind == "auto" else None
        if rule is None or checkpoint.scope not in rule._scopes or rule._judges != "sale.order":
            return None
        parameters = [checkpoint[name] for name in rule._parameters]
        return (checkpoint.rule, checkpoint.scope, *([checkpoint.id] if rule._looks_around else parameters))

    @api.model
    def _get_vals(self, checkpoint):
        """Return the values that all checks of ``checkpoint`` have."""
        return {
            "stage_id": checkpoint.stage_id.id,
            "checkpoint_id": checkpoint.id,
            "department_id": checkpoint._get_department().id,
            "state": "pending",
        }

    @api.model
    def _judge_approval(self, checkpoint, orders):
        """Return a finding for each of ``orders`` that the approval ``checkpoint`` has a step for."""
        steps = list(checkpoint.step_ids._in_order()) or [checkpoint.step_ids]
        met = {step: set(step._filter_orders(orders)._ids) for step in steps}
        vals = self._get_vals(checkpoint)
        checks = imagine_rows(
            orders.env["sop.check"],
            [vals | {"order_id": order.id, "company_id": order.company_id.id} for order in orders],
        )
        approver, findings = self.env["sop.engine.approver"], []
        for check in checks:
            order = check.order_id
            if asked := approver._foresee(check, [step for step in steps if order.id in met[step]]):
                seats = [user_ids for _step, user_ids, needed in asked for _number in range(needed)]
                outcome = "approval" if can_fill(seats) else "nobody"
                findings.append(Finding(order, checkpoint, outcome, asked=asked))
        forget_rows(checks)
        return findings


class _Items:
    """Deliveries and invoices of orders, and which gates these have passed."""

    def __init__(self, orders):
        self._items = {"delivery": orders._sop_deliveries(), "invoice": orders._sop_invoices()}
        self._targets, self._passed = {}, {order: self._get_passed(order) for order in orders}

    def _get_passed(self, order):
        deliveries, invoices = (self._items[scope].get(order, ()) for scope in ("delivery", "invoice"))
        passed = {
            "confirm": order.state == "sale",
            "ship": any(delivery.state == "done" for delivery in deliveries),
            "invoice": any(invoice.state == "posted" for invoice in invoices),
            # where Odoo locks orders as they are confirmed, a lock says nothing
            "close": order.locked and (order.sop_status == "done" or not order._should_be_locked()),
        }
        return {gate for gate, is_past in passed.items() if is_past}

    def passed(self, order, item):
        """Return which gates the one ``order`` has passed; with its delivery or invoice ``item``, where that has."""
        passed = set(self._passed[order])
        if item and item._name == "stock.picking" and item.state != "done":
            passed.discard("ship")
        if item and item._name == "account.move" and item.state != "posted":
            passed.discard("invoice")
        return passed

    def targets(self, order, scope):
        """Return what of the one ``order`` a checkpoint of ``scope`` would look at: ``[(field of a check, record)…]``;
        None where a delivery or an invoice is still to come."""
        if scope == "order":
            return [("picking_id", None)]
        if (order, scope) not in self._targets:
            items = [(FIELDS[scope], item) for item in self._items[scope].get(order, ()) if item.state != "cancel"]
            self._targets[order, scope] = None if not items and order._sop_awaits(scope) else items
        return self._targets[order, scope]
