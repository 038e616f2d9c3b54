from odoo import models


class SopNotedMixin(models.AbstractModel):
    """Master data that the KPIs' facts of orders depend on: where one of its fields gets another value, the facts of
    the orders behind it are found anew."""

    _name = "sop.noted.mixin"
    _description = "What SOP facts of orders depend on"

    _sop_noted_fields = frozenset()

    def write(self, vals):
        names = self._sop_noted_fields & vals.keys()
        before = {record: [record[name] for name in names] for record in self} if names else {}
        result = super().write(vals)
        changed = self.filtered(lambda record: names and before[record] != [record[name] for name in names])
        if changed:
            changed._sop_note_all_orders()
        return result

    def _sop_note_all_orders(self):
        """Have the facts of all orders behind the records in ``self`` found anew."""
        raise NotImplementedError(self._name)
