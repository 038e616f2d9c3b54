from odoo import fields, models


class SopStatementDispute(models.Model):
    """A row of a statement that the customer disputes, in his words. Written by ``sop.engine.statement`` alone."""

    _name = "sop.statement.dispute"
    _description = "SOP Disputed Row of a Statement"
    _inherit = ["sop.guard.mixin"]
    _order = "id"
    _rec_name = "name"

    statement_id = fields.Many2one("sop.statement", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="Of the row in the figures of the statement.")
    name = fields.Char("Document", readonly=True)
    amount = fields.Float("Disputed Amount", readonly=True, help="In the currency of the document.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    text = fields.Text("Customer's Words", required=True, readonly=True)
    disputed_at = fields.Datetime(required=True, readonly=True)
    disputed_by = fields.Char(readonly=True)
    move_id = fields.Many2one("account.move", "Entry", readonly=True, ondelete="set null", index="btree_not_null")
    order_names = fields.Char("Orders", readonly=True, help="On which the dispute became a difference.")

    _row_unique = models.UniqueIndex("(statement_id, key)", "This row is disputed already.")
