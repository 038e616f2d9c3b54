from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError

from .kpi_scope import Scope

KPIS = {
    "kpi_sop_orders_done": ("orders", "orders_done"),
    "kpi_sop_on_time": ("orders", "on_time_orders"),
    "kpi_sop_first_pass": ("orders", "first_pass"),
    "kpi_sop_sla": ("stages", "sla"),
    "kpi_sop_backlog": ("backlog", "backlog"),
}


class DigestDigest(models.Model):
    """KPIs of the order SOP in Odoo's digest mail, each against the period before."""

    _inherit = "digest.digest"

    kpi_sop_orders_done = fields.Boolean("SOP: Orders Finished")
    kpi_sop_orders_done_value = fields.Integer(compute="_compute_kpi_sop")
    kpi_sop_on_time = fields.Boolean("SOP: On-Time Delivery (%)")
    kpi_sop_on_time_value = fields.Float(compute="_compute_kpi_sop")
    kpi_sop_first_pass = fields.Boolean("SOP: First-Pass Rate (%)")
    kpi_sop_first_pass_value = fields.Float(compute="_compute_kpi_sop")
    kpi_sop_sla = fields.Boolean("SOP: Stages Within Their Time Limit (%)")
    kpi_sop_sla_value = fields.Float(compute="_compute_kpi_sop")
    kpi_sop_backlog = fields.Boolean("SOP: Backlog")
    kpi_sop_backlog_value = fields.Integer(compute="_compute_kpi_sop")

    def _compute_kpi_sop(self):
        if not self.env.user.has_group("order_sop.group_reader_all"):
            raise AccessError(self.env._("KPIs of the whole company are for SOP managers, officers and auditors."))
        start, end, _companies = self._get_kpi_compute_parameters()
        period = (fields.Datetime.to_datetime(start), fields.Datetime.to_datetime(end))
        for company, digests in self.grouped(lambda digest: digest.company_id or self.env.company).items():
            figures = self._sop_get_figures(company, *period)
            for digest in digests:
                for name, (_family, code) in KPIS.items():
                    digest[f"{name}_value"] = figures[code].value or 0

    def _sop_get_figures(self, company, start, end):
        """Return ``{code: Figure}`` of ``company`` over the days from ``start`` until before ``end`` (naive UTC)."""
        clock = self.env["sop.engine.clock"]
        first = clock._get_date(company, start)
        scope = Scope(company.id, first, max(clock._get_date(company, end - timedelta(seconds=1)), first))
        figures = {}
        for family in dict.fromkeys(family for family, _code in KPIS.values()):
            figures |= self.env[f"sop.kpi.{family}"].sudo()._compute_figures(scope)  # the group was checked
        return figures

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref("order_sop.order_sop_menu_root").id
        page = f"order_sop.sop_kpi_action_page?menu_id={menu}"
        return super()._compute_kpis_actions(company, user) | dict.fromkeys(KPIS, page)
