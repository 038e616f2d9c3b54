from odoo import fields, models

CAUSES = [
    ("ours", "Ours"),
    ("carrier", "The Carrier's"),
    ("customer", "The Customer's"),
    ("product", "The Product's"),
]


class SopCaseReason(models.Model):
    """Why customers come back after the sale, and whose doing that is: the list that After-Sales chooses from."""

    _name = "sop.case.reason"
    _description = "SOP Reason of Cases"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    cause = fields.Selection(CAUSES, required=True, default="ours", help="Whose doing it is: reports count by it.")
    portal = fields.Boolean(
        "Customers Choose It", default=True, help="Offered to customers who open a case themselves."
    )
