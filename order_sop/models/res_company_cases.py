from odoo import fields, models


class ResCompanyCases(models.Model):
    """The address to which customers of a company write about what they bought."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

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
