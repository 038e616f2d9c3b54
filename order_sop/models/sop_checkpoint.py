from odoo import api, fields, models

from ..engine.matching import can_fill


class SopCheckpoint(models.Model):
    """What must be true before a stage is complete: found out by a rule, ticked by a person, or approved."""

    _name = "sop.checkpoint"
    _description = "SOP Checkpoint"
    _inherit = ["sop.definition.mixin", "sop.ruled.mixin", "sop.assignment.mixin"]
    _order = "sequence, id"

    stage_id = fields.Many2one("sop.stage", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="stage_id.company_id")
    applies_to = fields.Selection(related="stage_id.applies_to")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("auto", "Automatic"), ("manual", "Manual"), ("approval", "Approval")], required=True, default="manual"
    )
    scope = fields.Selection(
        [("order", "The order or case"), ("delivery", "Each delivery"), ("invoice", "Each invoice")],
        required=True,
        default="order",
    )
    department_id = fields.Many2one(
        "sop.department", ondelete="restrict", help="Who does it. Empty: the stage's department."
    )
    assignment = fields.Selection(
        help="Who gets it. Empty: who has the stage, or whom the department says where that is another one."
    )
    blocking = fields.Boolean(default=True, help="The stage cannot be completed without it. Otherwise it only warns.")
    evidence_required = fields.Boolean(help="Whoever ticks it has to attach a file, such as a photo.")
    time_limit_hours = fields.Float(
        "Time Limit (h)", help="Working hours that this check alone may take. 0: only the stage's limit counts."
    )
    instruction = fields.Char(translate=True, help="One line that tells how to do it.")

    step_ids = fields.One2many(
        "sop.approval.step",
        "checkpoint_id",
        "Steps",
        copy=True,
        help="None: any one member of the department approves.",
    )
    approval_order = fields.Selection(
        [("sequence", "One after the other"), ("parallel", "Side by side")], "Steps Are Taken", default="sequence"
    )
    ask = fields.Selection(
        [("entry", "As the order enters the stage"), ("hand", "When somebody asks for it")], "Asked", default="entry"
    )
    four_eyes = fields.Boolean(
        default=True,
        help="Who made the order, sells it or changed it last may not approve it. Nobody counts twice, ever.",
    )
    remind_hours = fields.Float("Remind After (h)", help="Working hours after which approvers are reminded. 0: never.")
    escalate_hours = fields.Float(
        "Escalate After (h)", help="Working hours after which the department's lead is brought in. 0: never."
    )
    waive_department_ids = fields.Many2many(
        "sop.department",
        "sop_checkpoint_waive_department_rel",
        string="May Be Passed Over By",
        help="Their members may pass over the check with a reason. SOP managers always may.",
    )
    watch_ids = fields.One2many(
        "sop.watch",
        "checkpoint_id",
        "Asked Again When",
        copy=True,
        help="Which changes of the order end what was said. None: every change for an approval, no change for a tick.",
    )

    _time_limit_positive = models.Constraint(
        "CHECK(time_limit_hours >= 0)", "A time limit cannot be negative. Use 0 for no limit of its own."
    )
    _rule_of_auto = models.Constraint(
        "CHECK((kind = 'auto') = (rule IS NOT NULL))",
        "An automatic checkpoint needs a rule, and only an automatic one has a rule.",
    )

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind != "auto":
            self.rule = False

    @api.onchange("rule")
    def _onchange_rule(self):
        rule = self._get_rule()
        if rule is not None:
            self.scope = rule._scopes[0]
            self.name = self.name or dict(self._selection_rule())[self.rule]

    def _get_processes(self):
        return self.stage_id.process_id

    def _judges_content(self):
        """Tell whether the one checkpoint in ``self`` judges what the order says, so that a change asks it again."""
        rule = self._get_rule()
        return self.kind == "approval" or bool(self.watch_ids) or (rule is not None and rule._content)

    def _get_department(self):
        """Return the department that does the work of the one checkpoint in ``self``."""
        return self.department_id or self.stage_id.department_id

    def _get_faults(self, gate_stages):
        """Return what is wrong with the one checkpoint in ``self``, as translated sentences.

        :param gate_stages: ``{gate: stage}`` of the whole process
        """
        where = {"checkpoint": self.name, "stage": self.stage_id.name}
        faults = []
        if self.kind == "auto":
            rule = self._get_rule()
            if rule is None:
                return [self.env._("Stage “%(stage)s”: the rule of “%(checkpoint)s” does not exist.", **where)]
            if self.scope not in rule._scopes or rule._judges != self.stage_id.process_id.applies_to:
                faults.append(
                    self.env._("Stage “%(stage)s”: the rule of “%(checkpoint)s” cannot judge this scope.", **where)
                )
            opener = gate_stages.get(rule._needs_gate)
            if self.blocking and opener and not opener._is_before(self.stage_id):
                faults.append(
                    self.env._(
                        "Stage “%(stage)s” can never be completed, and no later stage reached: “%(checkpoint)s” needs "
                        "“%(gate)s”, which is unlocked only after stage “%(opener)s”.",
                        gate=self.stage_id._gate_label(rule._needs_gate),
                        opener=opener.name,
                        **where,
                    )
                )
        elif self.kind == "manual":
            department = self._get_department()
            if not department.member_ids.filtered(lambda user: not user.share):
                faults.append(
                    self.env._(
                        "Stage “%(stage)s”: nobody can do “%(checkpoint)s”, because %(department)s has no member.",
                        department=department.name,
                        **where,
                    )
                )
        if self.scope != "order" and self.stage_id.process_id.applies_to == "sop.case":
            faults.append(
                self.env._("Stage “%(stage)s”: “%(checkpoint)s” can only be about the case as a whole.", **where)
            )
        if self.kind == "approval":
            faults += self._get_step_faults()
        else:
            faults += self._get_assignment_faults(self.env._("Checkpoint “%s”", self.name), self._get_department())
        return faults

    def _get_step_faults(self):
        """Return what keeps the steps of the one approval checkpoint in ``self`` from being taken, as sentences."""
        faults = [fault for step in self.step_ids or self.step_ids.new() for fault in step._get_faults(self)]
        if self.scope != "order":
            faults.append(
                self.env._(
                    "Stage “%(stage)s”: “%(checkpoint)s” is an approval, and can only be about the order.",
                    stage=self.stage_id.name,
                    checkpoint=self.name,
                )
            )
        if not faults and not self._can_be_filled():
            faults.append(
                self.env._(
                    "Stage “%(stage)s”: the steps of “%(checkpoint)s” need more different people than there are: "
                    "nobody counts twice.",
                    stage=self.stage_id.name,
                    checkpoint=self.name,
                )
            )
        return faults

    def _can_be_filled(self):
        """Tell whether different people can be found for all steps of the one checkpoint in ``self``."""
        company = self.company_id or self.env.company
        seats = []
        for step in self.step_ids.filtered(lambda step: step.approver_kind != "field"):
            people = self.env["sop.engine.approver"]._get_people(self, step, company)._ids
            seats += [people] * step._get_needed(len(people))
        return can_fill(seats)
