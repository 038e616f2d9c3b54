from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class SopKpiTarget(models.Model):
    """What a company wants a KPI to be in a period: green from here on, amber from there on, else red."""

    _name = "sop.kpi.target"
    _description = "SOP KPI Target"
    _order = "kpi_id, department_id, date_from desc, id"
    _rec_name = "kpi_id"

    kpi_id = fields.Many2one("sop.kpi", "KPI", required=True, ondelete="cascade", index=True)
    unit = fields.Selection(related="kpi_id.unit")
    better = fields.Selection(related="kpi_id.better")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    department_id = fields.Many2one("sop.department", ondelete="cascade", help="Empty: the whole company.")
    date_from = fields.Date("From", help="Empty: from ever.")
    date_to = fields.Date("To", help="The last day. Empty: until further notice.")
    green = fields.Float(required=True, help="As good as this, or better, is green.")
    amber = fields.Float(
        required=True, help="As good as this, or better, but not green, is amber; what is worse is red."
    )

    @api.constrains("kpi_id", "green", "amber")
    def _check_order(self):
        for target in self:
            better = target.kpi_id.better
            if better == "none":
                raise ValidationError(
                    self.env._("“%s” has no better or worse: it takes no target.", target.kpi_id.display_name)
                )
            if (target.green < target.amber) if better == "more" else (target.green > target.amber):
                raise ValidationError(
                    self.env._("“%s”: amber must not be better than green.", target.kpi_id.display_name)
                )

    @api.constrains("kpi_id", "company_id", "department_id", "date_from", "date_to")
    def _check_dates(self):
        for target in self:
            if target.date_from and target.date_to and target.date_from > target.date_to:
                raise ValidationError(self.env._("A target's last day must not be before its first."))
            others = Domain("id", "!=", target.id)
            for name in ("kpi_id", "company_id", "department_id"):
                others &= Domain(name, "=", target[name].id)
            if target.date_to:
                others &= Domain("date_from", "=", False) | Domain("date_from", "<=", target.date_to)
            if target.date_from:
                others &= Domain("date_to", "=", False) | Domain("date_to", ">=", target.date_from)
            if self.search_count(others, limit=1):
                raise ValidationError(
                    self.env._("“%s” has another target in these days: end that one first.", target.kpi_id.display_name)
                )

    @api.model
    def _get_targets(self, scope):
        """Return ``{kpi: target}`` that holds on the last day of ``scope``, of its department where it names one."""
        domain = Domain("company_id", "=", scope.company_id) & Domain(
            "department_id", "=", scope.department_id or False
        )
        domain &= Domain("date_from", "=", False) | Domain("date_from", "<=", scope.date_to)
        domain &= Domain("date_to", "=", False) | Domain("date_to", ">=", scope.date_to)
        return {target.kpi_id: target for target in self.sudo().search(domain)}  # shown beside figures that he may see

    def _get_light(self, value):
        """Return ``green``, ``amber`` or ``red`` for ``value`` (in the KPI's unit) by the one target in ``self``."""
        if value is None:
            return False
        sign = 1 if self.kpi_id.better == "more" else -1
        for light, bound in (("green", self.green), ("amber", self.amber)):
            if sign * value >= sign * bound:
                return light
        return "red"
