from odoo import api, fields, models, tools
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
        draft = self.copy({"code": self.code, "name": self.name, "company_id": self.company_id.id})
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

    @api.model
    def _match(self, orders, draft=None):
        """Return ``{process: orders}``: the published process that each of ``orders`` (any flow documents) takes, by
        company, sequence and domain.

        :param draft: one process that is tried as well, as if it were published
        """
        result = {}
        for company, rest in orders.grouped("company_id").items():
            processes = self.browse(self._get_published_ids(company.id, orders._name))._warm_up()
            for process in draft._take_place(processes, company) if draft else processes:
                taken = process._filter_orders(rest)
                if taken:
                    result[process] = result.get(process, orders.browse()) | taken
                    rest -= taken
        return result

    @api.model
    def _forget(self):
        """Have everybody look anew whether, and by which processes, orders run: now, and once this is committed, since
        another thread may have looked at the old state in between."""
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    @api.model
    @tools.ormcache()
    def _is_in_use(self):
        """Tell whether any order is, or a new one would be, under a process. Without, nothing is even looked at."""
        return bool(
            self.env["res.company"].sudo().search_count([("sop_active", "=", True)], limit=1)  # of any company
            or self.env["sale.order"].sudo().search_count([("sop_process_id", "!=", False)], limit=1)  # of any company
            or self.env["sop.case"].sudo().search_count([("sop_process_id", "!=", False)], limit=1)  # of any company
        )

    @api.model
    @tools.ormcache()
    def _looks_at_drafts(self):
        """Tell whether any process checks each invoice or has a condition on invoices; rules read posted ones only."""
        processes = self.sudo().search([("state", "!=", "draft")])  # the definition is the same for everybody
        checkpoints = processes.stage_ids.checkpoint_ids
        conditions = (*processes, *processes.stage_ids, *checkpoints)
        return "invoice" in checkpoints.mapped("scope") or any(
            "invoice" in (part.order_domain or "") for part in conditions
        )

    @api.model
    @tools.ormcache("company_id", "model")
    def _get_published_ids(self, company_id, model="sale.order"):
        """Return the ids of the published processes of a company for documents of ``model``, in the order in which they
        are tried."""
        processes = self.sudo().search(  # which process an order takes does not depend on who enters it
            [("state", "=", "published"), ("company_id", "in", [False, company_id]), ("applies_to", "=", model)]
        )
        return processes._in_line().ids

    def _in_line(self):
        """Return the processes in the order in which they are tried."""
        return self.sorted(lambda process: (process.sequence, not process.company_id, process.id))

    def _take_place(self, processes, company):
        """Return the published ``processes`` of ``company`` as they would be with the one draft in ``self`` published:
        in line, without the version that it retires."""
        if self.company_id and self.company_id != company:
            return processes
        retired = processes.filtered(lambda process: (process.code, process.company_id) == (self.code, self.company_id))
        return (processes - retired | self)._in_line()

    def _get_gate_stage(self, gate):
        """Return the stage of the one process in ``self`` that unlocks ``gate``, or an empty recordset."""
        return self.stage_ids.filtered(lambda stage: stage.gate == gate)[:1]

    def _get_previous_gate_stage(self, opener):
        """Return the last stage before ``opener`` that unlocks another gate, or an empty recordset."""
        return self.stage_ids.filtered(lambda stage: stage.gate and stage._is_before(opener))._in_order()[-1:]
