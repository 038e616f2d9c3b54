from odoo import fields, models

FACTS = [
    ("amount", "Total"),
    ("discount", "Highest discount"),
    ("customer", "Customer"),
    ("invoice_address", "Invoice address"),
    ("delivery_address", "Delivery address"),
    ("payment_term", "Payment terms"),
    ("currency", "Currency"),
    ("products", "Products and quantities"),
    ("prices", "Prices, discounts and taxes"),
    ("descriptions", "Line descriptions"),
    ("terms", "Terms and conditions"),
    ("tax_position", "Fiscal position"),
    ("requested_date", "Requested date"),
    ("reference", "Customer reference"),
    ("case", "What the case is about"),
    ("solutions", "Agreed solutions"),
    ("attachments", "Attached files"),
]
NUMBERS = ("amount", "discount")


class SopWatch(models.Model):
    """A fact of the order that a manual checkpoint or an approval depends on: when it changes, the word given ends."""

    _name = "sop.watch"
    _description = "SOP Watched Fact"
    _inherit = ["sop.definition.mixin"]
    _order = "id"
    _rec_name = "fact"

    checkpoint_id = fields.Many2one("sop.checkpoint", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="checkpoint_id.company_id")
    fact = fields.Selection(FACTS, required=True)
    direction = fields.Selection(
        [("any", "Any change"), ("up", "Only if it rises"), ("down", "Only if it falls")],
        required=True,
        default="any",
        help="For the total and the discount.",
    )
    tolerance_percent = fields.Float(
        "Tolerance (%)", digits=(6, 2), help="By how much the total or the discount may change without asking again."
    )

    _tolerance_positive = models.Constraint("CHECK(tolerance_percent >= 0)", "A tolerance cannot be negative.")
    _fact_unique = models.UniqueIndex("(checkpoint_id, fact)", "This fact is watched already.")

    def _get_processes(self):
        return self.checkpoint_id.stage_id.process_id

    def _minds_files(self):
        """Tell whether any of the watches in ``self`` is for what is attached to the order."""
        return any(watch.fact == "attachments" for watch in self)

    def _is_touched(self, before, now):
        """Tell whether the one watch in ``self`` minds that its fact went from ``before`` to ``now``."""
        if before == now:
            return False
        if self.fact not in NUMBERS:
            return True
        if (self.direction == "up" and now < before) or (self.direction == "down" and now > before):
            return False
        return abs(now - before) > abs(before) * self.tolerance_percent / 100
