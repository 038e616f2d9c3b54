import logging
from collections import defaultdict

import psycopg2

from odoo import api, models
from odoo.exceptions import ConcurrencyError

from ..rules.sop_rule import BROKEN, PREFIX, WRONG
from .reading import read_lines, stored
from .rows import insert_rows, write_rows
from .subset import subset

_logger = logging.getLogger(__name__)


class SopEngineChecks(models.AbstractModel):
    """Makes the checks of a stage and finds out what state each ought to be in."""

    _name = "sop.engine.checks"
    _description = "SOP engine: checks"

    @api.model
    def _get_states(self, checks):
        """Return what the state of each of ``checks`` ought to be now: ``{check: (state, code, data)}``.

        Writes nothing. Waivers that stand are left out; manual checks and decisions keep what people said.
        """
        states, to_judge = {}, []
        approvals = subset(checks, lambda check: check.checkpoint_id.kind == "approval")
        read_lines(approvals, "approval_ids")
        read_lines(approvals.approval_ids, "decision_ids")
        waivers = self.env["sop.engine.waivers"]
        conditional = checks.filtered("checkpoint_id.order_domain").grouped("checkpoint_id")
        applicable = {
            checkpoint: set(checkpoint._filter_orders(batch.flow)._ids) for checkpoint, batch in conditional.items()
        }
        for check in checks:
            checkpoint = check.checkpoint_id
            document = check._get_document()
            if check.state == "waived" and waivers._stands(check):
                continue
            if (
                (checkpoint in applicable and check.flow.id not in applicable[checkpoint])
                or (checkpoint.scope != "order" and not document)
                or (document and document.state == "cancel")
            ):
                states[check] = ("not_applicable", False, False)
            elif checkpoint.kind == "auto":
                to_judge.append(check)
            elif checkpoint.kind == "approval":
                states[check] = self.env["sop.engine.approval"]._get_state(check)
            elif check.state == "not_applicable":
                states[check] = ("pending", False, False)
            elif check.state == "waived":  # and that waiver does not stand
                changes = check.facts and self._get_changes(check)
                expired = not changes and waivers._is_expired(check)
                states[check] = ("pending", "expired" if expired else "changed", changes or False)
            elif check.state == "passed" and check.facts and (changes := self._get_changes(check)):
                states[check] = ("pending", "changed", changes)
            elif check.state == "pending" and check.reason_code == "changed" and check.facts:
                changes = self._get_changes(
                    check
                )  # as they are by now; what was changed back is looked at all the same
                states[check] = ("pending", "changed", changes) if changes else ("pending", False, False)
            else:
                states[check] = (check.state, check.reason_code, check.reason_data)
        return states | self._judge(checks.browse().concat(*to_judge))

    @api.model
    def _judge(self, checks):
        """Return what the rules of the automatic ``checks`` find: ``{check: (state, code, data)}``; writes nothing."""
        states = {}
        for (rule, company), batch in checks.grouped(lambda c: (c.checkpoint_id.rule, c.company_id)).items():
            # in the company's own language: names in a reason must not change with whoever looks next
            batch = batch.sudo().with_company(company)  # rules see everything
            language, _timezone = company._sop_locale()
            batch = batch.with_context(lang=language)
            for check, reason in self._ask(batch.env[PREFIX + rule], batch).items():
                states[check] = (reason["kind"], reason["code"], reason["data"]) if reason else ("passed", False, False)
        return states

    @api.model
    def _ask(self, rule, checks):
        """Return ``rule._evaluate(checks)``; a rule that breaks fails its own checks and nothing else.

        Whoever saves, imports or pays must not lose his work by it; the gate stays closed and the log tells why.
        """
        try:
            return rule._evaluate(checks)
        except (psycopg2.Error, ConcurrencyError):  # the transaction itself is broken, or is to be run again
            raise
        except Exception:
            _logger.exception("order_sop: the rule %s failed on %s", rule._name, checks.flow)
            return {check: {"kind": WRONG, "code": BROKEN, "data": {}} for check in checks}

    @api.model
    def _get_changes(self, check):
        """Return what was changed of that which the one manual ``check`` watches since it was ticked."""
        return self.env["sop.engine.watch"]._get_changes(check.checkpoint_id, check.facts, check.flow._sop_facts())

    @api.model
    def _apply(self, states, journal):
        """Write changed states of checks, as :meth:`_get_states` returns them, and log them, a line an order."""
        changes, to_write, no_more_waived = defaultdict(list), defaultdict(list), self.env["sop.check"]
        for check, (state, code, data) in states.items():
            if (check.state, check.reason_code or False, check.reason_data or False) == (state, code, data or False):
                continue
            if check.state == "waived":
                no_more_waived |= check
            to_write[repr((state, code, data))].append((check, state, code, data))
            changes[check.flow].append({"check": check.id, "state": state, "code": code or None})
        now = self.env["sop.engine.clock"]._now()
        for group in to_write.values():
            _check, state, code, data = group[0]
            checks = self.env["sop.check"].union(*(item[0] for item in group))
            done = state == "passed"
            vals = {"state": state, "reason_code": code, "reason_data": data, "done_at": done and now, "user_id": False}
            write_rows(checks, vals | ({"failed": True} if state == WRONG else {}))
        journal += [(order, "checks", {"changed": items}) for order, items in changes.items()]
        self.env["sop.engine.waivers"]._end(no_more_waived, journal, "changed")

    @api.model
    def _get_item_check_vals(self, documents, item_ids=None):
        """Return the values of checks that deliveries and invoices of ``documents`` lack, up to their present stage.

        :param item_ids: ``{"delivery": ids, "invoice": ids}`` of the documents that may have new ones; None: all may
        """
        vals_list = []
        for scope, field in (("delivery", "picking_id"), ("invoice", "invoice_id")):
            concerned = documents.filtered(lambda d, scope=scope: item_ids is None or d.id in item_ids[scope])
            for process, batch in concerned.grouped("sop_process_id").items():
                every = process.stage_ids.checkpoint_ids
                checkpoints = every.browse(id_ for id_, its_scope in stored(every, "scope") if its_scope == scope)
                vals_list += self._get_missing_checks(batch, checkpoints, field)
        return vals_list

    @api.model
    def _get_missing_checks(self, documents, checkpoints, field):
        """Return the values of checks that deliveries or invoices of ``documents`` lack, up to their present stage."""
        reached = {
            document: [c for c in checkpoints if not document.sop_stage_id._is_before(c.stage_id)]
            for document in documents
        }
        concerned = documents.filtered(reached.get)
        items = concerned._sop_deliveries() if field == "picking_id" else concerned._sop_invoices()
        vals_list = []
        for document in concerned:
            known, fulfilled = set(), set()
            for _id, superseded, state, *key in stored(
                document.sop_check_ids, "superseded", "state", "checkpoint_id", field
            ):
                if not superseded:
                    known.add(tuple(key))
                if state in ("passed", "waived"):
                    fulfilled.add(tuple(key))
            for checkpoint in reached[document]:
                for item in items.get(document, ()):
                    key = (checkpoint.id, item.id)
                    # what has left the house in an earlier cycle is not packed again
                    kept = item.state in ("done", "posted") and key in fulfilled
                    if key in known or kept or item.state == "cancel":
                        continue
                    vals_list.append(self._get_check_vals(document, checkpoint) | {field: item.id})
        return vals_list

    @api.model
    def _get_check_vals(self, document, checkpoint):
        """Return the values of a new check of ``checkpoint`` on ``document``."""
        clock = self.env["sop.engine.clock"]
        now = clock._now()
        vals = {
            document._sop_link: document.id,
            "company_id": document.company_id.id,
            "made_on": clock._get_date(document.company_id, now),
            "visit_id": document.sop_visit_id.id,
            "stage_id": checkpoint.stage_id.id,
            "checkpoint_id": checkpoint.id,
            "department_id": checkpoint._get_department().id,
            "state": "pending",
            "superseded": False,
        }
        if checkpoint.time_limit_hours:
            vals["started_at"] = now
            vals |= clock._get_start_vals(now, checkpoint.stage_id, document, checkpoint.time_limit_hours)
        return vals

    @api.model
    def _create_checks(self, vals_list, journal):
        """Create checks and log them, a line an order."""
        if not vals_list:
            return
        self.env["sop.engine.routing"]._assign_checks(vals_list)
        checks = insert_rows(self.env["sop.check"], vals_list)
        made, clock = defaultdict(list), self.env["sop.engine.clock"]
        for check, vals, document in zip(checks, vals_list, checks._get_flows(vals_list), strict=True):
            line = {"check": check.id, "checkpoint": vals["checkpoint_id"], "visit": vals["visit_id"]}
            if vals.get("started_at"):
                line |= clock._get_log(check) | {"paused": bool(check.paused_at)}
            told = (("assigned", "assigned_id"), ("picking", "picking_id"), ("invoice", "invoice_id"))
            made[document].append(line | {key: vals[name] for key, name in told if vals.get(name)})
        journal += [(order, "checks", {"made": items}) for order, items in made.items()]
        self.env["sop.engine.routing"]._report(checks, journal)
        self.env["sop.engine.waivers"]._carry_over(checks, journal)
