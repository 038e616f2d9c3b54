from odoo import api, fields, models, tools

CHANGED = "order_sop.blocks"


class SopBlock(models.Model):
    """A customer of whom one company takes no order for now: all that is open is on hold. Written by the engine alone.

    It counts for the customer with all his contacts, and is kept when it is lifted.
    """

    _name = "sop.block"
    _description = "Blocked Customer"
    _inherit = ["sop.guard.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    reason = fields.Text(readonly=True)
    set_at = fields.Datetime("Blocked On", required=True, readonly=True)
    set_by_id = fields.Many2one("res.users", "Blocked By", readonly=True, ondelete="set null")
    lifted_at = fields.Datetime("Unblocked On", readonly=True)
    lifted_by_id = fields.Many2one("res.users", "Unblocked By", readonly=True, ondelete="set null")
    lift_reason = fields.Text("Why Unblocked", readonly=True)

    _open_unique = models.UniqueIndex(
        "(partner_id, company_id) WHERE lifted_at IS NULL", "This customer is blocked already."
    )

    @api.model
    def _get_blocks(self, company_id):
        """Return ``{id of a commercial partner: id of his block}`` of all that are blocked in a company."""
        changed = self.env.cr.precommit.data.get(CHANGED)  # what is not committed is not for others to know
        return self._read_blocks(company_id) if changed else self._get_known_blocks(company_id)

    @api.model
    @tools.ormcache("company_id")
    def _get_known_blocks(self, company_id):
        return self._read_blocks(company_id)

    @api.model
    def _read_blocks(self, company_id):
        blocks = self.sudo().search([("company_id", "=", company_id), ("lifted_at", "=", False)])  # for the engine
        return {block.partner_id.id: block.id for block in blocks}

    @api.model
    def _forget_blocks_of(self, partners):
        """Have everybody look anew who is blocked, where one of ``partners``, who are about to go, is."""
        domain = [("partner_id", "in", partners.ids), ("lifted_at", "=", False)]
        if self.sudo().search_count(domain, limit=1):  # for the engine
            self._forget_blocks()

    @api.model
    def _forget_blocks(self):
        """Have everybody look anew who is blocked: this transaction now, the others once it is committed."""
        self.env.cr.precommit.data[CHANGED] = True
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
