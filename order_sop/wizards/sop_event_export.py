import json
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.arguments import plain
from ..engine.windows import form_of
from ..reports.event_log_scope import STATUSES

MOST_AT_ONCE = 50_000
"""Events that somebody waits for; more are written by a cron."""


class SopEventExport(models.TransientModel):
    """The dialog that asks which orders an event log is to be about, and as what file it is wanted."""

    _name = "sop.event.export"
    _description = "Event Log for Process Mining"
    _rec_name = "process_id"

    process_id = fields.Many2one(
        "sop.process",
        required=True,
        ondelete="cascade",
        domain="[('state', '!=', 'draft')]",
        default=lambda self: self._get_default_process(),
    )
    all_versions = fields.Boolean(
        default=True,
        help="Stages that were taken over from version to version are one activity, called as in the newest one.",
    )
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    company_id = fields.Many2one("res.company", help="Empty: all companies that you work in now.")
    partner_id = fields.Many2one("res.partner", "Customer", help="With all contacts of that company.")
    department_id = fields.Many2one("sop.department", help="Orders that this department had work with.")
    status = fields.Selection(STATUSES, required=True, default="all")
    form = fields.Selection([("xes", "XES (IEEE 1849)"), ("csv", "CSV")], "Format", required=True, default="xes")
    bom = fields.Boolean(
        "For a Spreadsheet", help="Begins with a byte order mark, so that Excel reads letters other than English ones."
    )

    @api.model
    def _get_default_process(self):
        processes = self.env["sop.process"]
        domain = [("state", "=", "published"), ("company_id", "in", (self.env.company.id, False))]
        return processes.search([*domain, ("applies_to", "=", "sale.order")], limit=1) or processes.search(
            domain, limit=1
        )

    def action_export(self):
        """Get the event log that the one dialog in ``self`` asks for.

        :return: the action that downloads it, or shows how far it is
        :raise UserError: where there is nothing to export, or nothing such; AccessError for whoever may not have it
        """
        wizard = plain(self)
        wizard.ensure_one()
        log = wizard.env["sop.event.log"]
        log._check_right()
        wizard.check_access("read")
        parameters = wizard._get_parameters()
        number = log._count(parameters)
        if not number:
            raise UserError(
                wizard.env._("There is no completed stage that you may see. Choose another period or process.")
            )
        companies = ",".join(map(str, wizard.env.companies.ids))
        if number <= MOST_AT_ONCE:
            query = urlencode({"wanted": json.dumps(parameters), "companies": companies})
            return {"type": "ir.actions.act_url", "url": f"/order_sop/event_log?{query}", "target": "download"}
        name = f"{log._get_name(parameters)}.{wizard.form}.gz"
        export = wizard.env["sop.engine.export"]._ask(name, {"event_log": parameters, "companies": companies}, number)
        return form_of(export, name=wizard.env._("Event Log for Process Mining"), target="new")

    def _get_parameters(self):
        """Return what the one dialog in ``self`` asks for, as ``sop.event.log._write_file`` takes it."""
        self.process_id.check_access("read")
        return {
            "process": self.process_id.code,
            "version": 0 if self.all_versions else self.process_id.version,
            "date_from": fields.Date.to_string(self.date_from) or "",
            "date_to": fields.Date.to_string(self.date_to) or "",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "department_id": self.department_id.id,
            "status": self.status,
            "form": self.form,
            "bom": self.bom,
        }
