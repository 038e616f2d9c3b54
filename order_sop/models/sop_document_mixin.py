from odoo import api, fields, models

EVIDENCE_MODELS = ("sale.order", "sop.case", "stock.picking")
"""Documents whose messages and attached files rules ask for."""


class SopDocumentMixin(models.AbstractModel):
    """A document that shows the SOP panel: an order, or a delivery or invoice of orders."""

    _name = "sop.document.mixin"
    _description = "Document with an SOP panel"

    sop_panel = fields.Json("SOP", compute="_compute_sop_panel", help="What the SOP panel shows, see sop.panel.")

    def _compute_sop_panel(self):
        panels = self.env["sop.panel"]._get_panels(self) if self.env["sop.process"]._is_in_use() else {}
        for document in self:
            document.sop_panel = panels.get(document, False)

    def _get_flow_documents(self):
        """Return the flow documents (orders) that ``self`` belongs to, without a query where the cache knows them."""
        raise NotImplementedError(self._name)

    @api.model
    def _has_field_access(self, field, operation):
        # customers read their orders and invoices over RPC: what the house has to say of them is not for them
        if not self.env.su and field.name.startswith("sop_") and not self.env.user._is_internal():
            return False
        return super()._has_field_access(field, operation)

    def _sop_mark_evidence(self, reason=None):
        """Have the orders of ``self`` evaluated, since a file or a message on it may be what they wait for.

        :param reason: see ``sop.engine.evaluation._mark``

        Not while mail is fetched: Odoo drops a mail when its commit meets somebody at work on the same order.
        """
        if not self.env.context.get("fetchmail_cron_running"):
            self.env["sop.engine.evaluation"]._mark(self, reason)

    def web_read(self, specification):
        # A form that saves reads back in the same request, before the commit evaluates: it must see the new state.
        self.env["sop.engine.evaluation"]._flush()
        return super().web_read(specification)
