from odoo import fields, models


class SopDifferenceScan(models.Model):
    """How far the nightly search for differences has come in a company; kept by ``sop.engine.difference.scan``."""

    _name = "sop.difference.scan"
    _description = "SOP Search for Differences"
    _inherit = ["sop.guard.mixin"]
    _rec_name = "company_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    since = fields.Datetime(readonly=True, help="Orders with activity since then are looked at; empty: all.")
    began_at = fields.Datetime(readonly=True)
    done_at = fields.Datetime(readonly=True)
    last_order = fields.Integer(readonly=True, help="All orders up to this id are done.")

    _company_unique = models.UniqueIndex("(company_id)", "There is one search a company.")
