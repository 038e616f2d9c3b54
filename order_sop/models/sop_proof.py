from odoo import api, fields, models

KINDS = [
    ("signature", "Signature"),
    ("customer", "Customer's Word"),
    ("upload", "Signed Receipt"),
    ("carrier", "Carrier's Report"),
]
FILELESS = ("customer", "carrier")


class SopProof(models.Model):
    """Proof that a customer received a delivery (签收单): who, when, and the hash of the file that says so.

    Made by ``sop.engine.proof`` alone. A proof whose file is gone or changed is void from then on, and stays.
    """

    _name = "sop.proof"
    _description = "SOP Proof of Delivery"
    _inherit = ["sop.guard.mixin"]
    _order = "id desc"
    _rec_name = "name"

    picking_id = fields.Many2one(
        "stock.picking", "Delivery", required=True, readonly=True, ondelete="cascade", index=True
    )
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    name = fields.Char("Received By", readonly=True)
    proven_at = fields.Datetime("Received", required=True, readonly=True)
    attachment_id = fields.Many2one("ir.attachment", "File", readonly=True, ondelete="set null", index="btree_not_null")
    checksum = fields.Char("SHA-256", readonly=True, help="Of the file as it was when it was taken for a proof.")
    event_id = fields.Many2one("sop.tracking.event", readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Entered By", readonly=True, ondelete="set null")
    void_at = fields.Datetime("Void Since", readonly=True, help="When its file was found gone or changed.")
    is_valid = fields.Boolean("Counts", compute="_compute_is_valid")

    @api.depends("kind", "void_at", "attachment_id")
    def _compute_is_valid(self):
        for proof in self:
            proof.is_valid = not proof.void_at and (proof.kind in FILELESS or bool(proof.attachment_id))
