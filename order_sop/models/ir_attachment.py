from odoo import api, models

from .sop_document_mixin import EVIDENCE_MODELS

HOME_FIELDS = {"res_model", "res_id", "res_field"}
CONTENT_FIELDS = {"name", "type", "url", "raw", "datas", "db_datas", "store_fname", "checksum"}


class IrAttachment(models.Model):
    """A contract or a signed receipt, attached to an order or a delivery, lets the order move on."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._sop_mark()
        return attachments

    def write(self, vals):
        moves, changes = not HOME_FIELDS.isdisjoint(vals), not CONTENT_FIELDS.isdisjoint(vals)
        if moves:
            self._sop_mark()  # what it hung on before misses it
        proofs = self._sop_proofs() if moves or changes else ()
        result = super().write(vals)
        if moves or changes:
            self._sop_mark()
        if proofs:
            self.env["sop.engine.proof"]._look_again(proofs)
        return result

    def unlink(self):
        self._sop_mark()
        proofs = self._sop_proofs()
        result = super().unlink()
        if proofs:
            self.env["sop.engine.proof"]._look_again(proofs)
        return result

    def _sop_proofs(self):
        """Return the proofs of delivery that rest on files in ``self``."""
        return self.env["sop.engine.proof"]._of_files(self) if self.env["sop.process"]._is_in_use() else ()

    def _sop_mark(self):
        """Have the orders evaluated to which files in ``self`` are attached; pictures of fields are none of these."""
        if not self.env["sop.process"]._is_in_use():
            return
        for model in EVIDENCE_MODELS:
            files = self.sudo().filtered(  # where a file hangs, not what is in it
                lambda file, model=model: file.res_model == model and file.res_id and not file.res_field
            )
            reason = "files" if model != "stock.picking" else None
            self.env[model].browse(files.mapped("res_id"))._sop_mark_evidence(reason)
