from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.arguments import plain
from ..engine.rows import insert_rows
from ..engine.windows import list_of

MOST = 2000
REASONS = 3
"""So many different reasons of a checkpoint are told, the most frequent first."""


class SopTrial(models.TransientModel):
    """Tries a draft on past orders before it is published: who would have been stopped, and who would have had to act.

    No order is touched, see ``sop.engine.trial``. For those who write drafts.
    """

    _name = "sop.trial"
    _description = "Try a Draft on Past Orders"
    _rec_name = "process_id"

    process_id = fields.Many2one("sop.process", "Draft", required=True, ondelete="cascade")
    order_count = fields.Integer("Last Orders", required=True, default=200, help="At most 2,000.")
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    ran_at = fields.Datetime("Tried At", readonly=True)
    summary = fields.Text(readonly=True)
    stopped_count = fields.Integer("Orders Stopped", readonly=True)
    department_ids = fields.One2many("sop.trial.department", "trial_id", "Departments", readonly=True)
    checkpoint_ids = fields.One2many("sop.trial.checkpoint", "trial_id", "Checkpoints", readonly=True)
    approver_ids = fields.One2many("sop.trial.approver", "trial_id", "Approvers", readonly=True)
    order_ids = fields.One2many("sop.trial.order", "trial_id", "Orders That Would Be Stopped", readonly=True)

    # -- actions -------------------------------------------------------------------------------------------------------

    def action_run(self):
        """Try the draft and show what came out in the one trial in ``self``, in place of what it showed before.

        :raise UserError: for what cannot be tried; AccessError for anybody who does not write drafts
        """
        trial = plain(self)
        trial.ensure_one()
        trial._check_right()
        trial.check_access("write")
        process = trial._get_draft()
        trial._check_wishes()
        engine = trial.env["sop.engine.trial"]
        companies = process.company_id or trial.env.companies
        orders, hidden = engine._get_orders(companies, trial.order_count, trial.date_from, trial.date_to)
        if not orders:
            raise UserError(trial._get_nothing(hidden))
        taken, elsewhere, nowhere = engine._split(process, orders)
        findings = engine._judge(process, taken)
        before = []  # what the versions that they ran by say, judged the same way
        for version, batch in taken.sudo().grouped("sop_process_id").items():  # which of them is no secret
            before += engine._judge(version, batch) if version else []
        trial._show(findings, before, {"taken": taken, "elsewhere": elsewhere, "nowhere": nowhere}, hidden)
        return True

    def action_view_orders(self):
        """Open the list of the orders that would be stopped by the one trial in ``self``."""
        trial = plain(self)
        trial.ensure_one()
        trial._check_right()
        title = trial.env._("Would Be Stopped by %s", trial.process_id.display_name)
        return list_of("sale.order", title, [("id", "in", trial.order_ids.order_id.ids)])

    # -- what can be tried ---------------------------------------------------------------------------------------------

    @api.model
    def _check_right(self):
        if not self.env.user.has_group("order_sop.group_officer"):
            raise AccessError(self.env._("Only those who write drafts can try one: SOP officers and managers."))

    def _get_draft(self):
        """Return the draft of the one trial in ``self``; raise :class:`UserError` where it cannot be tried."""
        process = self.process_id
        process.check_access("read")
        if process.company_id and process.company_id not in self.env.companies:
            raise UserError(
                self.env._(
                    "%(process)s is for %(company)s: switch to that company to try it.",
                    process=process.display_name,
                    company=process.company_id.name,
                )
            )
        if process.state != "draft":
            raise UserError(
                self.env._("%s is not a draft (any more): make a new version of it and try that.", process.display_name)
            )
        if process.applies_to != "sale.order":
            raise UserError(
                self.env._("%s is for after-sales cases: only a draft for orders can be tried.", process.display_name)
            )
        if not process.stage_ids:
            raise UserError(self.env._("%s has no stage yet: there is nothing to try.", process.display_name))
        return process

    def _check_wishes(self):
        if not 1 <= self.order_count <= MOST:
            raise UserError(
                self.env._(
                    "Between 1 and %(most)s orders can be tried at once, not %(count)s.",
                    most=MOST,
                    count=self.order_count,
                )
            )
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins."))

    def _get_nothing(self, hidden):
        """Return why there is no order to try the draft on, where the user may not read ``hidden`` of them."""
        if hidden:
            return self.env._("You may read none of the %s orders found: there is nothing to try the draft on.", hidden)
        if self.date_from or self.date_to:
            return self.env._("There is no order in this period that is not cancelled. Choose another one.")
        return self.env._("There is no order yet that is not cancelled: there is nothing to try the draft on.")

    # -- what is shown -------------------------------------------------------------------------------------------------

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
