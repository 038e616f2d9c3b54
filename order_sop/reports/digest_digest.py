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
    kpi_sop_orders_done_value = fields.Integer(compute="_compute_kpi_sop_orders_done_value")
    kpi_sop_on_time = fields.Boolean("SOP: On-Time Delivery (%)")
    kpi_sop_on_time_value = fields.Float(compute="_compute_kpi_sop_on_time_value")
    kpi_sop_first_pass = fields.Boolean("SOP: First-Pass Rate (%)")
    kpi_sop_first_pass_value = fields.Float(compute="_compute_kpi_sop_first_pass_value")
    kpi_sop_sla = fields.Boolean("SOP: Stages Within Their Time Limit (%)")
    kpi_sop_sla_value = fields.Float(compute="_compute_kpi_sop_sla_value")
    kpi_sop_backlog = fields.Boolean("SOP: Backlog")
    kpi_sop_backlog_value = fields.Integer(compute="_compute_kpi_sop_backlog_value")

    # each by itself: Odoo asks for one after the other, in the context of another period each time

    def _compute_kpi_sop_orders_done_value(self):
        self._sop_fill("kpi_sop_orders_done")

    def _compute_kpi_sop_on_time_value(self):
        self._sop_fill("kpi_sop_on_time")

    def _compute_kpi_sop_first_pass_value(self):
        self._sop_fill("kpi_sop_first_pass")

    def _compute_kpi_sop_sla_value(self):
        self._sop_fill("kpi_sop_sla")

    def _compute_kpi_sop_backlog_value(self):
        self._sop_fill("kpi_sop_backlog")

    def _sop_fill(self, name):
        """Set the value of the KPI ``name`` on the digests in ``self`` for the period of the context."""
        if not self.env.user.has_group("order_sop.group_reader_all"):
            raise AccessError(self.env._("KPIs of the whole company are for SOP managers, officers and auditors."))
        start, end, _companies = self._get_kpi_compute_parameters()
        clock, (family, code) = self.env["sop.engine.clock"], KPIS[name]
        start, end = fields.Datetime.to_datetime(start), fields.Datetime.to_datetime(end)
        for digest in self:
            company = digest.company_id or self.env.company
            if company not in self.env.user.company_ids:
                # to name it in the refusal
                raise AccessError(self.env._("KPIs of %s are for its own people.", company.sudo().name))
            # whole days: the one that has just begun is told of with the next period
            first, after = clock._get_date(company, start), clock._get_date(company, end)
            scope = Scope(company.id, first, max(first, after - timedelta(1)))
            figures = self.env[f"sop.kpi.{family}"].sudo()._compute_figures(scope)  # the group was checked
            digest[f"{name}_value"] = figures[code].value or 0

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref("order_sop.order_sop_menu_root").id
        page = f"order_sop.sop_kpi_action_page?menu_id={menu}"
        return super()._compute_kpis_actions(company, user) | dict.fromkeys(KPIS, page)
