from collections import Counter, defaultdict

from odoo import fields, models

from ..engine.rows import insert_rows

REASONS = 3
"""So many different reasons of a checkpoint are told, the most frequent first."""


class SopTrialResults(models.TransientModel):
    """What is shown of a trial: a summary, and lines for departments, checkpoints, approvers and stopped orders."""

    _inherit = "sop.trial"  # pylint: disable=consider-merging-classes-inherited

    def _show(self, findings, before, orders, hidden):
        """Put what was found out into the one trial in ``self``.

        :param findings: what the draft says of the orders that it would take; ``before``: what their own versions say
        :param orders: ``{"taken" | "elsewhere" | "nowhere": orders}``
        """
        stops, stops_before = _get_stops(findings), _get_stops(before)
        self.sudo().write(  # results are nobody's to write
            {
                "ran_at": fields.Datetime.now(),
                "summary": self._get_summary(findings, before, orders, hidden),
                "stopped_count": len(stops),
            }
        )
        for name, vals_list in (
            ("department_ids", self._get_departments(findings, before)),
            ("checkpoint_ids", self._get_checkpoints(findings)),
            ("approver_ids", self._get_approvers(findings, before)),
            ("order_ids", self._get_stopped(stops, stops_before)),
        ):
            lines = self[name].sudo()  # as above
            lines.unlink()
            if vals_list:
                insert_rows(lines.browse(), [vals | {"trial_id": self.id} for vals in vals_list])
        self.invalidate_recordset()

    def _get_summary(self, findings, before, orders, hidden):
        count = {name: len(batch) for name, batch in orders.items()}
        sentences = [
            self.env._(
                "Of the last %(all)s orders this draft would take %(taken)s; %(elsewhere)s go by another process, "
                "%(nowhere)s by none.",
                all=sum(count.values()),
                **count,
            )
        ]
        if count["taken"]:
            sentences.append(
                self.env._(
                    "Stopped: %(stopped)s of these (by the version that they ran by: %(before)s). "
                    "In need of an approval: %(approval)s (%(approval_before)s).",
                    stopped=len(_get_stops(findings)),
                    before=len(_get_stops(before)),
                    approval=_count_approved(findings),
                    approval_before=_count_approved(before),
                )
            )
        if free := sum(not order.sop_process_id for order in orders["taken"].sudo()):  # whether they have one
            sentences.append(
                self.env._("Without a process so far: %s of these; there is nothing to compare them with.", free)
            )
        if unknown := sum(finding.outcome == "unknown" for finding in findings):
            sentences.append(
                self.env._("Of %s checks nobody can tell yet: their orders have not got that far.", unknown)
            )
        if hidden:
            sentences.append(self.env._("Left out, since you may not read them: %s more orders.", hidden))
        return "\n".join(sentences)

    def _get_departments(self, findings, before):
        engine = self.env["sop.engine.trial"]
        now, then = engine._sum_departments(findings), engine._sum_departments(before)
        # an order without a process has nothing before: it would look like work that the draft adds
        alike = engine._sum_departments(finding for finding in findings if finding.order.sop_process_id)
        nothing = dict.fromkeys(("checks", "auto", "manual", "approval", "stops"), 0)
        vals_list = []
        for department in sorted(now.keys() | then.keys(), key=lambda each: (each.sequence, each.id)):
            new, old = now.get(department, nothing), then.get(department, nothing)
            vals_list.append(
                {"department_id": department.id, "more": alike.get(department, nothing)["checks"] - old["checks"]}
                | {f"{name}_count": number for name, number in new.items()}
                | {f"{name}_before": number for name, number in old.items()}
            )
        return vals_list

    def _get_checkpoints(self, findings):
        by_checkpoint = defaultdict(list)
        for finding in findings:
            by_checkpoint[finding.checkpoint].append(finding)
        vals_list = []
        # those that nothing is asked of are shown too: a condition that no order meets is worth knowing
        for stage in self.process_id.sudo().stage_ids._in_order():  # the draft may be read, as was checked
            for checkpoint in stage.checkpoint_ids:
                found = by_checkpoint[checkpoint]
                outcomes = Counter(finding.outcome for finding in found)
                vals_list.append(
                    {
                        "sequence": len(vals_list),
                        "stage_id": stage.id,
                        "checkpoint_id": checkpoint.id,
                        "department_id": checkpoint._get_department().id,
                        "order_count": len({finding.order for finding in found}),
                        "fail_count": outcomes["failed"] + outcomes["nobody"],
                        "unknown_count": outcomes["unknown"],
                        "approval_count": sum(bool(finding.asked) for finding in found),
                        "detail": self._get_people(found)
                        if checkpoint.kind == "approval"
                        else self._get_reasons(found),
                    }
                )
        return vals_list

    def _get_reasons(self, findings):
        """Return the most frequent reasons for which ``findings`` of one checkpoint fail, each with an example."""
        failed = defaultdict(list)
        for finding in findings:
            if finding.outcome == "failed":
                failed[finding.code].append(finding)
        engine = self.env["sop.engine.trial"]
        frequent = sorted(failed.values(), key=len, reverse=True)[:REASONS]
        return "\n".join(
            self.env._("%(count)s ×, such as: %(reason)s", count=len(group), reason=engine._get_text(group[0]))
            for group in frequent
        )

    def _get_people(self, findings):
        """Return who would have approved ``findings`` of one checkpoint, and how often: “Anna 12, Bert 3”."""
        sums = self.env["sop.engine.trial"]._sum_approvers(findings)
        users = self.env["res.users"].sudo().browse(sums)  # their names
        return ", ".join(
            f"{user.name} {sums[user.id][0]}" for user in users.sorted(lambda user: (-sums[user.id][0], user.name))
        )

    def _get_approvers(self, findings, before):
        engine = self.env["sop.engine.trial"]
        now, then = engine._sum_approvers(findings), engine._sum_approvers(before)
        return [
            {
                "user_id": user_id,
                "approval_count": now.get(user_id, (0, 0))[0],
                "alone_count": now.get(user_id, (0, 0))[1],
                "approval_before": then.get(user_id, (0, 0))[0],
            }
            for user_id in now.keys() | then.keys()
        ]

    def _get_stopped(self, stops, stops_before):
        """Return the lines of the orders that would be stopped; those that their own version lets through first."""
        engine = self.env["sop.engine.trial"]
        lines = [
            {
                "order_id": order.id,
                "stage_id": found[0].checkpoint.stage_id.id,
                "is_new": bool(order.sop_process_id) and order not in stops_before,
                "reason": "\n".join(dict.fromkeys(engine._get_text(finding) for finding in found)),
            }
            for order, found in stops.items()
        ]
        return sorted(lines, key=lambda line: not line["is_new"])


def _get_stops(findings):
    """Return ``{order: those of findings by which it would not get on}``."""
    stops = defaultdict(list)
    for finding in findings:
        if finding.stops:
            stops[finding.order].append(finding)
    return dict(stops)


def _count_approved(findings):
    """Return how many orders somebody would have to approve."""
    return len({finding.order for finding in findings if finding.asked})
