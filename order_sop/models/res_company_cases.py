from odoo import fields, models


class ResCompanyCases(models.Model):
    """How customers of a company come back after the sale: until when, by which address, and who has to agree."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    sop_return_days = fields.Integer("Return Window (Days)", default=14, help="Days after the delivery; -1: never.")
    sop_warranty_months = fields.Integer("Warranty (Months)", default=24, help="After the delivery; -1: none.")
    sop_case_required = fields.Boolean(
        "Credit Notes and Returns Need a Case",
        help="Of an order under the SOP nothing is credited or taken back without an after-sales case.",
    )
    sop_case_hours = fields.Float(
        "Cases Are Solved Within",
        default=40.0,
        help="Working hours after which a case is promised to be solved. 0: nothing is promised by itself.",
    )

    sop_case_alias_id = fields.Many2one("mail.alias", "After-Sales Address", copy=False, ondelete="set null")

    def _sop_set_case_alias(self, name):
        """Let mails to ``name`` at the domain of the one company in ``self`` open cases; none when it is empty."""
        self.ensure_one()
        if self.sop_case_alias_id:
            self.sop_case_alias_id.alias_name = name
        elif name:
            self.sop_case_alias_id = self.env["mail.alias"].create(
                {
                    "alias_name": name,
                    "alias_domain_id": self.alias_domain_id.id,
                    "alias_model_id": self.env["ir.model"]._get_id("sop.case"),
                    "alias_contact": "everyone",
                    "alias_defaults": repr({"company_id": self.id}),
                }
            )
