from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.arguments import existing, plain, text

STATUSES = [
    ("running", "Running"),
    ("waiting", "Blocked"),
    ("on_hold", "On Hold"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
OPEN_STATUSES = ("running", "waiting", "on_hold")


class SopFlowMixin(models.AbstractModel):
    """A document that walks through a process. The engine works on this mixin and knows no document by name.

    All ``sop_*`` fields but the computed ones belong to the engine. They are plain nullable columns without compute:
    installing on a large database adds them without touching a row.
    """

    _name = "sop.flow.mixin"
    _description = "Document under an SOP"
    _inherit = ["sop.document.mixin", "sop.guard.mixin"]

    _sop_owned_fields = {
        "sop_process_id",
        "sop_stage_id",
        "sop_visit_id",
        "sop_revision",
        "sop_log_hash",
        "sop_status",
        "sop_entered_at",
        "sop_deadline",
        "sop_risk_at",
        "sop_miss_at",
        "sop_delay_told_for",
        "sop_user_id",
        "sop_changed_by_id",
        "sop_seller_ids",
        "sop_files",
        "sop_visit_ids",
        "sop_check_ids",
        "sop_hold_ids",
        "sop_alert_ids",
        "sop_remedy_ids",
        "sop_promise_ids",
        "sop_stock_line_ids",
        "sop_alerted",
    }

    sop_process_id = fields.Many2one(
        "sop.process", "Process", copy=False, readonly=True, ondelete="restrict", index="btree_not_null"
    )
    sop_stage_id = fields.Many2one(
        "sop.stage",
        "Stage",
        copy=False,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        group_expand="_group_expand_sop_stage_id",
    )
    sop_visit_id = fields.Many2one("sop.visit", "Present Visit", copy=False, readonly=True, ondelete="set null")
    sop_revision = fields.Integer(
        copy=False,
        readonly=True,
        help="One more with each change by the engine: makes concurrent changes of one order visible to PostgreSQL.",
    )
    sop_log_hash = fields.Char(
        copy=False, readonly=True, help="Hash of the last line of its log: the next one, and the proof, go on from it."
    )
    sop_status = fields.Selection(STATUSES, "SOP Status", copy=False, readonly=True)
    sop_entered_at = fields.Datetime("In Stage Since", copy=False, readonly=True)
    sop_deadline = fields.Datetime("Stage Deadline", copy=False, readonly=True, index="btree_not_null")
    sop_user_id = fields.Many2one(
        "res.users", "Assigned To", copy=False, readonly=True, ondelete="set null", index="btree_not_null"
    )
    sop_changed_by_id = fields.Many2one(
        "res.users", "Content Last Changed By", copy=False, readonly=True, ondelete="set null"
    )
    sop_seller_ids = fields.Json("Salespeople Who Had a Part", copy=False, readonly=True)
    sop_files = fields.Json("Attached Files", copy=False, readonly=True, help="Names and checksums: a fact to watch.")
    sop_alerted = fields.Boolean("Has Open Alerts", copy=False, readonly=True)
    sop_department_id = fields.Many2one(related="sop_stage_id.department_id", string="Department")
    sop_phase = fields.Selection(related="sop_stage_id.phase", string="Phase", group_expand=True)
    sop_missing = fields.Text("What Is Missing", compute="_compute_sop_missing")

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends("sop_revision", "sop_status", "sop_stage_id")
    def _compute_sop_missing(self):
        missing = self.env["sop.panel"]._get_missing(self)
        for document in self:
            document.sop_missing = "\n".join(text for text, _who in missing.get(document, ())) or False

    @api.depends("sop_revision", "sop_status", "sop_stage_id")
    def _compute_sop_panel(self):
        return super()._compute_sop_panel()

    @api.model
    def _group_expand_sop_stage_id(self, stages, domain):
        """Show every stage of the published processes as a kanban column, in order; on a department's board only those
        that have orders or are the department's own."""
        shown = stages.process_id.stage_ids
        if self.env.context.get("sop_board"):
            mine = self.env["sop.department"]._get_mine()
            shown = shown.filtered(lambda stage: stage in stages or stage.department_id in mine)
        return shown._in_order()

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_sop_complete(self):
        """Complete the present stage of the documents in ``self`` as a member of its department.

        :raise UserError: naming what is missing; AccessError for users who may not
        """
        documents = plain(self)
        documents._sop_check_worker()
        self.env["sop.engine.command"]._complete(documents, self.env.context.get("sop_stage"))
        return True

    def action_sop_send_back(self, stage_id=None, reason=None):
        """Send the documents in ``self`` back to an earlier stage, which starts a new cycle there.

        :param int stage_id: id of an earlier ``sop.stage`` of the same process; None opens the dialog that asks
        :param str reason: required
        """
        if stage_id is None:
            action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_send_back_action")
            self.check_access("read")
            names = ", ".join(self.mapped("display_name"))
            return action | {"name": f"{action['name']} – {names}", "context": {f"default_{self._sop_link}s": self.ids}}
        documents = plain(self)
        documents._sop_check_worker()
        stage = existing(self.env["sop.stage"], stage_id)
        if len(stage) != 1:
            raise UserError(self.env._("Choose the stage to go back to."))
        self.env["sop.engine.command"]._send_back(documents, stage, text(self.env, reason))
        return True

    def action_sop_check_again(self):
        """Ask again what the present stage asks, and what earlier ones asked of the content; for department members.

        :raise AccessError: for everybody else: asking may move an order on
        """
        documents = plain(self)
        documents._sop_check_worker()
        self.env["sop.engine.evaluation"]._run(documents, content_ids=set(documents.ids))
        return True

    def _sop_check_worker(self):
        """Raise :class:`AccessError` unless the current user may read ``self`` and works by the SOP at all."""
        self.check_access("read")
        if not self.env["sop.department"]._is_worker(self.env.user):
            raise AccessError(self.env._("Only members of a department and SOP managers work on orders."))
