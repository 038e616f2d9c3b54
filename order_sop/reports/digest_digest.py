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
        for digest in self:
            digest[f"{name}_value"] = digest._sop_get_value(name) or 0

    def _sop_get_value(self, name):
        """Return the value of the KPI ``name`` for the one digest in ``self`` and the period of the context; None where
        there is nothing to tell.

        :raise AccessError: for who may not see figures of the company
        """
        if not self.env.user.has_group("order_sop.group_reader_all"):
            raise AccessError(self.env._("KPIs of the whole company are for SOP managers, officers and auditors."))
        company = self.company_id or self.env.company
        if company not in self.env.user.company_ids:
            # to name it in the refusal
            raise AccessError(self.env._("KPIs of %s are for its own people.", company.sudo().name))
        start, end, _companies = self._get_kpi_compute_parameters()
        clock, (family, code) = self.env["sop.engine.clock"], KPIS[name]
        first = clock._get_date(company, fields.Datetime.to_datetime(start))
        after = clock._get_date(company, fields.Datetime.to_datetime(end))
        # whole days: the one that has just begun is told of with the next period
        scope = Scope(company.id, first, max(first, after - timedelta(1)))
        return self.env[f"sop.kpi.{family}"].sudo()._compute_figures(scope)[code].value  # the group was checked

    def _compute_kpis(self, company, user):
        """Show a share of nothing as such: no order that was finished is not one that was late."""
        kpis = super()._compute_kpis(company, user)
        for number, (_title, (period, _before)) in enumerate(self._compute_timeframes(company), 1):
            digest = self.with_context(start_datetime=period[0], end_datetime=period[1])
            digest = digest.with_user(user).with_company(company)
            for kpi in kpis:
                column = kpi[f"kpi_col{number}"]
                is_share = kpi["kpi_name"] in KPIS and column["value"] == "0.00"
                if is_share and digest._sop_get_value(kpi["kpi_name"]) is None:
                    column["value"] = "–"
        return kpis

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref("order_sop.order_sop_menu_root").id
        page = f"order_sop.sop_kpi_action_page?menu_id={menu}"
        return super()._compute_kpis_actions(company, user) | dict.fromkeys(KPIS, page)
