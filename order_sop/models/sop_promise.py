from odoo import fields, models


class SopPromise(models.Model):
    """One change of the date that an order is promised for: from when to when, why, by whom, and when the customer was
    told. Written by ``sop.engine.promise`` alone."""

    _name = "sop.promise"
    _description = "SOP Promised Date"
    _inherit = ["sop.guard.mixin"]
    _order = "id desc"
    _rec_name = "new_date"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    old_date = fields.Datetime("Before", readonly=True)
    new_date = fields.Datetime("Promised Now", readonly=True)
    reason = fields.Text(readonly=True, help="Given where the date was moved by a decision.")
    remedy_id = fields.Many2one("sop.remedy", "Decision", readonly=True, ondelete="set null", index="btree_not_null")
    changed_at = fields.Datetime("Changed", required=True, readonly=True)
    changed_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    to_tell = fields.Boolean(readonly=True, help="The customer is still to be told.")
    told_at = fields.Datetime("Customer Told", readonly=True)

    _tell_idx = models.Index("(id) WHERE to_tell")
