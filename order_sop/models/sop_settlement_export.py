from datetime import timedelta

from odoo import api, fields, models

from ..engine.guard import as_engine

KEPT = timedelta(days=7)
STATES = [("waiting", "Waiting"), ("running", "Being Written"), ("done", "Done"), ("failed", "Not Written")]
FAILURES = [("error", "An error"), ("time", "The server's time limit")]


class SopSettlementExport(models.Model):
    """A file that is too long to wait for, a workbook of the settlement or an event log: who asked for what, how far it
    is, and the file.

    Made by ``sop.engine.export`` alone; only whoever asked for it sees it. Gone after a week.
    """

    _name = "sop.settlement.export"
    _description = "SOP Export"
    _inherit = ["sop.guard.mixin"]
    _order = "id desc"

    name = fields.Char("File", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Asked For By", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    state = fields.Selection(STATES, required=True, readonly=True)
    failure = fields.Selection(FAILURES, readonly=True, help="Why it could not be written.")
    parameters = fields.Json(required=True, readonly=True, help="What was asked for, companies, language.")
    line_count = fields.Integer("Lines", readonly=True)
    done_count = fields.Integer("Lines Written", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    tries = fields.Integer(required=True, readonly=True, default=0, help="How often its writing was begun.")
    asked_at = fields.Datetime("Asked For", required=True, readonly=True)
    done_at = fields.Datetime("Done On", readonly=True)
    attachment_id = fields.Many2one("ir.attachment", readonly=True, ondelete="set null", index="btree_not_null")

    _waiting_idx = models.Index("(id) WHERE state IN ('waiting', 'running')")

    @api.depends("line_count", "done_count", "state")
    def _compute_progress(self):
        for export in self:
            share = export.done_count / export.line_count if export.line_count else 0
            export.progress = 100 if export.state == "done" else 100 * share

    def action_download(self):
        """Get the file of the one export in ``self``."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

    @api.autovacuum
    def _gc_exports(self):
        old = self.sudo().search([("asked_at", "<", fields.Datetime.now() - KEPT)])  # of everybody
        as_engine(old).unlink()
