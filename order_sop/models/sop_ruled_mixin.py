from odoo import api, fields, models

from ..rules.sop_rule import PREFIX


class SopRuledMixin(models.AbstractModel):
    """Something that a rule of ``rules/`` finds out: the rule, and the parameters that it reads."""

    _name = "sop.ruled.mixin"
    _description = "Judged by an SOP rule"

    rule = fields.Selection("_selection_rule", help="What the system looks at.")
    rule_days = fields.Integer("Days")
    rule_percent = fields.Float("Percent", digits=(6, 2))
    rule_amount = fields.Float("Amount", digits=(16, 2), help="In the currency of the order's company.")
    rule_quantity = fields.Float("Quantity", digits="Product Unit")
    rule_flag = fields.Boolean("Option")
    rule_parameters = fields.Json(
        "Parameter Labels", compute="_compute_rule_parameters", help="Labels of the parameters that the rule reads."
    )
    rule_parameter_help = fields.Char("What They Mean", compute="_compute_rule_parameters")

    @api.model
    def _selection_rule(self):
        return [
            (code, self.env["ir.model"]._get(rule._name).name or rule._description)
            for code, rule in self.env["sop.rule"]._all_rules().items()
        ]

    @api.depends("rule")
    def _compute_rule_parameters(self):
        for record in self:
            rule = record._get_rule()
            labels = {
                name: self.env._(label)  # pylint: disable=gettext-variable
                for name, label in (rule._parameters if rule is not None else {}).items()
            }
            record.rule_parameters = labels
            record.rule_parameter_help = " · ".join(
                f"{self._fields[name]._description_string(self.env)}: {label}" for name, label in labels.items()
            )

    def _get_rule(self):
        """Return the rule model behind the one record in ``self``, or None."""
        name = f"{PREFIX}{self.rule}"
        return self.env[name] if self.rule and name in self.env else None
