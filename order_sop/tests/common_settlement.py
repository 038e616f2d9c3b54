"""What the tests of differences and closings share: orders whose documents are of given days."""

from odoo.fields import Date

from .common_ledger import LedgerCase


class DifferenceCase(LedgerCase):
    """Orders that are looked at."""

    def look(self, orders, day=None):
        """Look for differences of ``orders`` as of ``day`` and return those that are not gone."""
        self.env.flush_all()
        self.env["sop.engine.difference"]._look(orders, day and Date.to_date(day))
        return self.differences(orders).filtered(lambda difference: difference.state != "gone")

    def differences(self, orders):
        """Return all differences there are of ``orders``, by id."""
        return self.env["sop.difference"].search([("order_id", "in", orders.ids)], order="id")

    def kinds(self, orders, day=None):
        """Look at ``orders`` and return the kinds of differences with their amounts, ``{kind: amount}``."""
        return {difference.kind: difference.amount for difference in self.look(orders, day)}

    def bill(self, orders, day, **vals):
        """Return the invoice of ``orders``, of ``day`` and due on it unless ``vals`` says otherwise."""
        with self.on(day):
            return self.invoice(orders, **{"invoice_date": day, "invoice_date_due": day, **vals})

    def reason(self, name="agreed"):
        """Return a reason that is shipped."""
        return self.env.ref(f"order_sop.difference_reason_{name}")

    def explain(self, differences, name="agreed", note="They called", user="finance"):
        """Have somebody explain ``differences``."""
        differences.with_user(self.users[user]).action_explain(self.reason(name).id, note)
