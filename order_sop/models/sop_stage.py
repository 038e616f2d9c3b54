from uuid import uuid4

from odoo import api, fields, models

PHASES = [
    ("receipt", "Order receipt"),
    ("review", "Order review"),
    ("stock", "Stock matching"),
    ("pack", "Pick & pack"),
    ("logistics", "Logistics"),
    ("settlement", "Completion & settlement"),
    ("after_sales", "After-sales"),
]
GATES = [
    ("confirm", "Confirm the order"),
    ("ship", "Ship a delivery"),
    ("invoice", "Post an invoice"),
    ("close", "Lock the order"),
    ("take_back", "Take goods back"),
    ("solve", "Solve the case"),
    ("finish", "Close the case"),
]
GATES_OF = {"sale.order": ("confirm", "ship", "invoice", "close"), "sop.case": ("take_back", "solve", "finish")}


class SopStage(models.Model):
    """A step of a process, owned by a department; when it is complete it may unlock a gate."""

    _name = "sop.stage"
    _description = "SOP Stage"
    _inherit = ["sop.definition.mixin", "sop.assignment.mixin"]
    _order = "sequence, id"

    process_id = fields.Many2one("sop.process", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="process_id.company_id")
    applies_to = fields.Selection(related="process_id.applies_to")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    phase = fields.Selection(PHASES, required=True, default="receipt")
    department_id = fields.Many2one("sop.department", required=True, ondelete="restrict")
    assignment = fields.Selection(help="Who gets an order as it enters the stage. Empty: whom its department says.")
    gate = fields.Selection(
        GATES, "Unlocks", help="What may be done with the order only after this stage is complete. Each gate once."
    )
    auto_advance = fields.Boolean(
        default=True,
        help="The order moves on by itself as soon as nothing is missing. Otherwise somebody presses Complete.",
    )
    time_limit_hours = fields.Float("Time Limit (h)", help="Working hours that the stage may take. 0: no limit.")
    warning_percent = fields.Integer(
        "Warn At (%)", default=80, help="How much of the time limit is used up when the order starts to show a warning."
    )
    escalation_hours = fields.Float(
        "Escalate After (h)",
        help="Working hours after the time limit by which the department's lead is told, and as many again after which "
        "the process's owner is. 0: nobody else is told.",
    )
    pace_key = fields.Char(
        default=lambda self: uuid4().hex,
        readonly=True,
        help="The same for this stage in all versions of the process: by it the hours that it usually takes are known.",
    )
    instruction = fields.Html("Work Instruction", translate=True, sanitize=True)
    customer_name = fields.Char(
        "Customers Read",
        translate=True,
        help="What the customer sees of this stage on his order in the portal. Stages that follow each other and read "
        "the same are one step to him. Empty: he sees nothing of it.",
    )
    message_template_id = fields.Many2one(
        "mail.template",
        "Customer Message",
        domain="[('model', '=', applies_to)]",
        ondelete="restrict",
        help="Sent to the customer, once, when his order enters the stage.",
    )
    checkpoint_ids = fields.One2many("sop.checkpoint", "stage_id", "Checkpoints", copy=True)

    _time_limit_positive = models.Constraint(
        "CHECK(time_limit_hours >= 0)", "A time limit cannot be negative. Use 0 for no limit."
    )
    _escalation_positive = models.Constraint(
        "CHECK(escalation_hours >= 0)", "The hours until an escalation cannot be negative. Use 0 for none."
    )
    _warning_percent_range = models.Constraint(
        "CHECK(warning_percent BETWEEN 1 AND 100)", "The warning must lie between 1 % and 100 % of the time limit."
    )

    @api.depends_context("lang", "sop_board")
    @api.depends("name", "process_id.code")
    def _compute_display_name(self):
        # the columns of a board are stages of several processes, often of the same name
        on_board = self.env.context.get("sop_board")
        for stage in self:
            stage.display_name = f"{stage.name} ({stage.process_id.code})" if on_board else stage.name

    def _get_processes(self):
        return self.process_id

    def _in_order(self):
        """Return the stages in the order in which documents walk through them."""
        return self.sorted(lambda stage: stage._place())

    def _place(self):
        """Return what the one stage in ``self`` is ordered by."""
        return self.sequence, self.id

    def _is_before(self, other):
        """Tell whether the one stage in ``self`` comes before the stage ``other`` of the same process."""
        return self._place() < other._place()

    def _gate_label(self, gate):
        """Return the name of a gate in the reader's language."""
        return dict(self._fields["gate"]._description_selection(self.env))[gate]

    def _get_faults(self, gate_stages):
        """Return what is wrong with the one stage in ``self``, as translated sentences.

        :param gate_stages: ``{gate: stage}`` of the whole process
        """
        faults = []
        model = self.process_id.applies_to
        if self.message_template_id and self.message_template_id.model != model:
            faults.append(
                self.env._("Stage “%s”: the customer message is not a template for what the process is for.", self.name)
            )
        if self.gate and self.gate not in GATES_OF[model]:
            faults.append(
                self.env._(
                    "Stage “%(stage)s”: “%(gate)s” is no gate of what the process is for.",
                    stage=self.name,
                    gate=self._gate_label(self.gate),
                )
            )
        where = self.env._("Stage “%s”", self.name)
        faults += self._get_assignment_faults(where, self.department_id)
        for checkpoint in self.checkpoint_ids:
            faults += checkpoint._get_faults(gate_stages)
        return faults
