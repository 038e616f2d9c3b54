from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.arguments import plain
from ..engine.guard import as_engine
from ..engine.windows import form_of

APPLIES_TO = [("sale.order", "Orders"), ("sop.case", "After-sales cases")]
OWNED_FIELDS = {"state", "version", "published_at", "published_by_id"}


class SopProcess(models.Model):
    """A versioned flow for one kind of order: draft → published → retired.

    A published version never changes; orders stay with the version that they started with.
    """

    _name = "sop.process"
    _description = "SOP Process"
    _inherit = ["sop.definition.mixin", "sop.guard.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "sequence, code, version desc, id"
    _check_company_auto = True
    _sop_owned_fields = OWNED_FIELDS

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="The same for all versions of one process, such as B2B.")
    version = fields.Integer(readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
        readonly=True,
        copy=False,
        index=True,
    )
    sequence = fields.Integer(default=10, help="A new order takes the first process whose condition it meets.")
    applies_to = fields.Selection(APPLIES_TO, "For", required=True, default="sale.order")
    company_id = fields.Many2one("res.company", help="Empty: for the orders of all companies.")
    order_domain = fields.Char("Takes Orders", help="Which new orders take this process. Empty: all.")
    owner_id = fields.Many2one("res.users", default=lambda self: self.env.user, help="Keeps this procedure alive.")
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        check_company=True,
        ondelete="restrict",
        help="Time limits count these hours. Empty: the working hours of the order's company.",
    )
    tell_delays = fields.Boolean(
        "Tell Customers of Delays",
        help="The customer of a confirmed order is told as soon as its promised date will be missed; once for each "
        "promised date.",
    )
    review_date = fields.Date("Next Review")
    description = fields.Html(translate=True, sanitize=True)
    published_at = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    stage_ids = fields.One2many("sop.stage", "process_id", "Stages", copy=True)
    order_count = fields.Integer("Orders", compute="_compute_order_count")

    _code_version_unique = models.UniqueIndex(
        "(code, version, COALESCE(company_id, 0))", "There is already a process with this code and version."
    )

    @api.depends("name", "version", "code")
    def _compute_display_name(self):
        for process in self:
            process.display_name = f"{process.name} v{process.version}" if process.version else process.name

    def _compute_order_count(self):
        counts = {}
        for model, processes in self.grouped("applies_to").items():
            domain = [("sop_process_id", "in", processes.ids)]
            counts |= dict(self.env[model]._read_group(domain, ["sop_process_id"], ["__count"]))
        for process in self:
            process.order_count = counts.get(process, 0)

    @api.model_create_multi
    def create(self, vals_list):
        processes = super().create(vals_list)
        # state and version are the engine's: set here for every way in (form, import, copy)
        for process in processes:
            versions = self.sudo().search([("code", "=", process.code)]).mapped("version")  # of all companies
            as_engine(process).write({"state": "draft", "version": max(versions, default=0) + 1})
        return processes

    def _get_processes(self):
        return self

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if default and "code" in default:
            return vals_list
        for process, vals in zip(self, vals_list, strict=True):
            vals["code"] = self.env._("%s (copy)", process.code)
        return vals_list

    # -- actions -------------------------------------------------------------------------------------------------------

    def action_publish(self):
        """Publish the drafts in ``self`` and retire the version that each replaces for new orders.

        :raise UserError: naming every fault of the definition, see :meth:`_get_faults`; AccessError for anybody but
            an SOP manager
        """
        self._check_manager()
        for process in self:
            if process.state != "draft":
                raise UserError(self.env._("%s is not a draft: only a draft can be published.", process.display_name))
            faults = process._get_faults()
            if faults:
                raise UserError(
                    self.env._("%s cannot be published yet:", process.display_name) + "\n\n• " + "\n• ".join(faults)
                )
            previous = self.sudo().search(  # whatever its company rule, exactly one version takes new orders
                [
                    ("code", "=", process.code),
                    ("state", "=", "published"),
                    ("company_id", "=", process.company_id.id),
                    ("id", "!=", process.id),
                ]
            )
            previous._set_state("retired")
            process._set_state("published")
        return True

    def action_retire(self):
        """Take the published processes in ``self`` out of use for new orders; running orders go on."""
        self._check_manager()
        self.filtered(lambda process: process.state == "published")._set_state("retired")
        return True

    def action_new_version(self):
        """Copy the one process in ``self`` into a draft of the same code and open it."""
        self.ensure_one()
        self.check_access("read")
        draft = self.copy({"code": self.code, "company_id": self.company_id.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_open_trial(self):
        """Open the page on which the one draft in ``self`` is tried on past orders.

        :raise AccessError: for anybody who does not write drafts
        """
        process = plain(self)
        process.ensure_one()
        trials = process.env["sop.trial"]
        trials._check_right()
        process.check_access("read")
        title = process.env._("Try on Past Orders")
        return form_of(trials.create({"process_id": process.id}), name=title)

    def action_view_orders(self):
        """Open the orders, or the cases, that run, or ran, by this version."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self.applies_to,
            "view_mode": "list,kanban,form",
            "domain": [("sop_process_id", "=", self.id)],
        }

    def _check_manager(self):
        self.check_access("read")
        if not self.env.user.has_group("order_sop.group_manager"):
            raise AccessError(self.env._("Only an SOP manager can publish or retire a process."))

    def _set_state(self, state):
        values = {"state": state}
        if state == "published":
            values |= {"published_at": fields.Datetime.now(), "published_by_id": self.env.uid}
        as_engine(self).write(values)
        self._forget()

    # -- business methods ----------------------------------------------------------------------------------------------

    def _get_faults(self):
        """Return all that keeps the one draft in ``self`` from being published, as a list of translated sentences."""
        self.ensure_one()
        faults = []
        stages = self.stage_ids._in_order()
        if not stages:
            faults.append(self.env._("The process has no stage."))
        faults += self._get_calendar_faults()
        gate_stage = {}
        for stage in stages:
            if stage.gate and stage.gate in gate_stage:
                faults.append(
                    self.env._(
                        "Stages “%(first)s” and “%(second)s” both unlock “%(gate)s”: each gate can be used once.",
                        first=gate_stage[stage.gate].name,
                        second=stage.name,
                        gate=stage._gate_label(stage.gate),
                    )
                )
            elif stage.gate:
                gate_stage[stage.gate] = stage
        for stage in stages:
            faults += stage._get_faults(gate_stage)
        return faults

    def _get_calendar_faults(self):
        """Return why time limits of the one process in ``self`` would never end, as translated sentences: its calendar,
        or that of a company whose orders it takes, has no working hours."""
        stages, clock = self.stage_ids, self.env["sop.engine.clock"]
        limits = (*stages.mapped("time_limit_hours"), *stages.checkpoint_ids.mapped("time_limit_hours"))
        if not any(limits):
            return []
        if self.calendar_id:
            company = self.company_id or self.env.company
            empty = self.calendar_id if not clock._has_hours(self.calendar_id, company) else ()
            return [self.env._("%s has no working hours: time limits would never end.", each.name) for each in empty]
        return [
            self.env._("The working hours of %s are empty: time limits would never end.", company.name)
            for company in self.company_id or self.env["res.company"].sudo().search([])  # it takes orders of all
            if not clock._has_hours(company.resource_calendar_id, company)
        ]

    def _get_gate_stage(self, gate):
        """Return the stage of the one process in ``self`` that unlocks ``gate``, or an empty recordset."""
        return self.stage_ids.filtered(lambda stage: stage.gate == gate)[:1]

    def _get_previous_gate_stage(self, opener):
        """Return the last stage before ``opener`` that unlocks another gate, or an empty recordset."""
        return self.stage_ids.filtered(lambda stage: stage.gate and stage._is_before(opener))._in_order()[-1:]
