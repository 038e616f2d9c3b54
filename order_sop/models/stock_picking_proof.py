from base64 import b64decode
from binascii import Error as NotBase64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.arguments import moment, plain, text


class StockPickingProof(models.Model):
    """What proves that the customer received a delivery."""

    _inherit = "stock.picking"  # pylint: disable=consider-merging-classes-inherited

    sop_proof_ids = fields.One2many("sop.proof", "picking_id", "Proofs of Delivery", readonly=True)
    sop_is_proven = fields.Boolean("Receipt Proven", compute="_compute_sop_is_proven", search="_search_sop_is_proven")

    @api.depends("sop_proof_ids.void_at", "sop_proof_ids.attachment_id")
    def _compute_sop_is_proven(self):
        for picking in self:
            picking.sop_is_proven = any(proof.is_valid for proof in picking.sop_proof_ids)

    def _search_sop_is_proven(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        valid = Domain("void_at", "=", False)
        valid &= Domain("kind", "in", ("customer", "carrier")) | Domain("attachment_id", "!=", False)
        proven = Domain("sop_proof_ids", "any", valid)
        return proven if (operator == "in") == (True in value) else ~proven

    def write(self, vals):
        result = super().write(vals)
        if vals.get("signature") and self.env["sop.process"]._is_in_use():
            self.env["sop.engine.proof"]._sign(self)
        return result

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_sop_prove(self, name=None, file=None, filename=None, received_at=None):
        """Add a file that proves the receipt of the one delivery in ``self``, for Logistics, Customer Service and SOP
        managers.

        :param str name: who received it, required
        :param str file: the PDF or picture, base64
        :param str filename: what it is called, optional
        :param str received_at: when, UTC; None: now
        :raise UserError: for a delivery that has not left, or a file that is none; AccessError for everybody else
        """
        if isinstance(file, bytes):  # as the ORM has binary fields
            file = file.decode("ascii", "replace")
        try:
            content = b64decode(text(self.env, file), validate=True)
        except (NotBase64, ValueError) as error:
            raise UserError(self.env._("This is no file.")) from error
        picking, filename = plain(self), text(self.env, filename)[:250]
        self.env["sop.engine.proof"]._upload(
            picking, text(self.env, name), moment(self.env, received_at), filename, content
        )
        return True

    # -- business methods ----------------------------------------------------------------------------------------------

    def _sop_is_delivered(self):
        """Tell whether the goods of the one transfer in ``self`` have left for a customer."""
        return self.state == "done" and self._sop_is_leaving()
