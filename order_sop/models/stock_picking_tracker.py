from odoo import models
from odoo.tools import format_time

SAFE_LINKS = ("https://", "http://")


class StockPickingTracker(models.Model):
    """What the customer sees of a delivery."""

    _inherit = "stock.picking"

    def _sop_get_parcel(self, order):
        """Return what the customer of ``order`` may know of the one delivery in ``self``: plain values in the reader's
        language, and only of his goods.

        :return: ``{"id", "name", "code": preparing, shipped, out_for_delivery, failed or delivered, "label", "when": a
            sentence, "lines": [{"product", "quantity"}], "carrier", "numbers": [{"number", "url"}], "event": {"label",
            "place", "date", "time"}, "received": a sentence, "may_confirm", "has_packing_list"}``
        """
        picking = self.sudo()  # the caller has checked that it is his order
        code = picking._sop_get_way()
        proof = picking._sop_get_proof()
        shipped = picking.state == "done"
        return {
            "id": picking.id,
            "name": picking.name,
            "code": code,
            "label": picking._sop_get_way_label(code),
            "when": picking._sop_get_when(order),
            "lines": picking._sop_get_parcel_lines(order),
            "carrier": picking.carrier_id.name,
            "numbers": picking._sop_get_numbers(),
            "event": picking._sop_get_event(order),
            "received": picking._sop_get_received(order),
            "may_confirm": picking._sop_is_delivered() and not proof,
            "has_packing_list": shipped and picking._sop_is_only_for(order),
        }

    def _sop_get_way(self):
        """Return the code of where the one delivery in ``self`` is, as :meth:`_sop_get_parcel` has it."""
        if self._sop_arrival():
            return "delivered"
        if self.sop_tracking_state in ("out_for_delivery", "failed"):
            return self.sop_tracking_state
        return "shipped" if self.state == "done" or self.sop_tracking_state else "preparing"

    def _sop_get_way_label(self, code):
        return {
            "preparing": self.env._("In preparation"),
            "shipped": self.env._("On its way"),
            "out_for_delivery": self.env._("Out for delivery"),
            "failed": self.env._("Could not be delivered"),
            "delivered": self.env._("Delivered"),
        }[code]

    def _sop_get_when(self, order):
        """Return, for the customer of ``order``, when the one delivery in ``self`` left or will leave; False where
        nothing is known but what was promised with the order."""
        if self.state == "done":
            return self.env._("Shipped on %s", order._sop_customer_day(self.date_done))
        agreed = self._sop_get_agreed(order)
        return agreed and self.env._("Follows on %s", order._sop_customer_day(agreed))

    def _sop_get_received(self, order):
        """Return, for the customer of ``order``, when the one delivery in ``self`` was received, and by whom where he
        said it himself; False while nothing proves it."""
        proof = self._sop_get_proof()
        day = order._sop_customer_day(proof.proven_at)
        if proof.kind == "customer" and proof.name:
            return self.env._("Received by %(name)s on %(date)s", name=proof.name, date=day)
        return day and self.env._("Received on %s", day)

    def _sop_get_agreed(self, order):
        """Return the day that the customer of ``order`` agreed to for the one open delivery in ``self``, as the rest of
        an order in parts; False where that is in the past, or for any other: it is promised with the order."""
        agreed = order.sop_remedy_ids.filtered(
            lambda remedy: (
                remedy.state == "done"
                and remedy.new_date
                and (remedy.kind, remedy.document_model, remedy.document_id) == ("parts", self._name, self.id)
            )
        )
        date = max(agreed.mapped("new_date"), default=False)
        return date and date > self.env["sop.engine.clock"]._now() and date

    def _sop_arrival(self):
        """Return when the one delivery in ``self`` reached the customer: as the carrier says, else as a receipt proves;
        False when neither does."""
        if self.state != "done":
            return False
        return self.sop_delivered_at or self._sop_get_proof().proven_at

    def _sop_get_proof(self):
        """Return the proof that counts for the one delivery in ``self``, the customer's own word first."""
        valid = self.sop_proof_ids.filtered("is_valid").sorted("id")
        return (valid.filtered(lambda proof: proof.kind == "customer") or valid)[:1]

    def _sop_get_parcel_lines(self, order):
        """Return what the one delivery in ``self`` brings of ``order``: ``[{"product", "quantity"}]``."""
        moves = self.move_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and move.location_dest_usage != "inventory"
                and (move.sale_line_id.order_id or self.sale_id) == order
            )
        )
        lines = []
        for (product, unit), batch in moves.grouped(lambda move: (move.product_id, move.product_uom)).items():
            quantity = sum(batch.mapped("quantity" if self.state == "done" else "product_uom_qty"))
            if not unit.is_zero(quantity):
                name = product.with_context(display_default_code=False).display_name
                lines.append({"product": name, "quantity": f"{quantity:.10g} {unit.name}"})
        return lines

    def _sop_get_numbers(self):
        """Return the tracking numbers of the one delivery in ``self``, each with the carrier's page where it has one.

        :return: ``[{"number", "url"}]``; an address that is no web page is left out
        """
        if not self.carrier_tracking_ref:
            return []
        several = self.get_multiple_carrier_tracking()
        pairs = several if isinstance(several, list) else [(self.carrier_tracking_ref, self.carrier_tracking_url)]
        return [
            {"number": str(number), "url": isinstance(url, str) and url.startswith(SAFE_LINKS) and url}
            for number, url in pairs
        ]

    def _sop_get_event(self, order):
        """Return the latest tracking event of the one delivery in ``self``, without the notes of colleagues."""
        event = self.env["sop.tracking.event"]._get_latest(self.sop_tracking_ids)
        if not event:
            return False
        timezone = order.company_id._sop_locale()[1]
        return {
            "label": dict(event._fields["code"]._description_selection(self.env))[event.code],
            "place": event.place,
            "date": order._sop_customer_day(event.event_at),
            "time": format_time(self.env, event.event_at, tz=timezone, time_format="short"),
        }

    def _sop_is_only_for(self, order):
        """Tell whether the one delivery in ``self`` has nothing for another customer than that of ``order``."""
        # whose goods they are
        customers = (self._get_flow_documents().sudo() | self.move_ids._sop_orders()).partner_id.commercial_partner_id
        return customers == order.partner_id.commercial_partner_id
