from odoo import api, fields, models


class SopApprovalPreview(models.TransientModel):
    """Who will have to approve an order, in which sequence: before anybody is asked."""

    _name = "sop.approval.preview"
    _description = "SOP Approval Preview"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    line_ids = fields.One2many("sop.approval.preview.line", "preview_id", "Steps", readonly=True)

    @api.model
    def _open(self, order):
        """Return a new preview of the approvals of the one ``order``, from its present stage on."""
        order.check_access("read")
        chain = self.env["sop.engine.approver"]._get_chain(order.sudo())  # no secret to whoever sees the order
        preview = self.sudo().create({"order_id": order.id, "line_ids": [(0, 0, vals) for vals in chain]})  # only here
        return preview.sudo(False)
