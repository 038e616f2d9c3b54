from odoo import models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)


class SopRuleProofOfDelivery(models.AbstractModel):
    """The customer's receipt is proven: by a proof of delivery (签收单) that counts, a signature on the delivery, or a
    file attached after it was done.

    Files that Odoo made itself (delivery slip, carrier's label) and those sent to the customer prove nothing, nor does
    a file that was a proof and was changed since. The carrier's own report counts where the checkpoint says so, as
    long as he has told nothing else later.
    """

    _name = "sop.rule.proof_of_delivery"
    _inherit = "sop.rule"
    _description = "Receipt by the customer proven"

    _scopes = ("delivery",)
    _parameters = {"rule_flag": _lt("the carrier's report that it was delivered counts")}
    _reasons = {
        "not_shipped": (AWAITED, _lt("Delivery %(delivery)s is not shipped yet: Logistics ships it.")),
        "no_proof": (
            AWAITED,
            _lt(
                "Nothing proves that the customer received delivery %(delivery)s: Logistics has it signed, or adds "
                "the signed receipt by “Proof of Delivery”."
            ),
        ),
    }
    _needs_gate = "ship"

    def _evaluate(self, checks):
        done = checks.picking_id.filtered(lambda picking: picking.state == "done")
        proofs = self.env["sop.proof"].search([("picking_id", "in", done.ids)]) if done else self.env["sop.proof"]
        valid = proofs.filtered("is_valid")
        reported = valid.filtered(lambda proof: proof.kind == "carrier").picking_id
        proven = (valid.filtered(lambda proof: proof.kind != "carrier")).picking_id
        proven |= self._get_proven(done - proven, proofs.attachment_id)
        return {check: self._judge(check, proven, reported) for check in checks}

    def _judge(self, check, proven, reported):
        delivery = check.picking_id
        if not delivery or delivery.state == "cancel" or delivery in proven:
            return None
        if check.checkpoint_id.rule_flag and delivery in reported and delivery.sop_tracking_state == "delivered":
            return None
        return self._reason("no_proof" if delivery.state == "done" else "not_shipped", delivery=delivery.name)

    def _get_proven(self, deliveries, known):
        """Return those of the done ``deliveries`` with a signature or a file that somebody attached since, apart from
        the files ``known``, of which is known whether they still prove anything."""
        if not deliveries:
            return deliveries
        attachments = self.env["ir.attachment"].search_fetch(
            Domain("res_model", "=", deliveries._name)
            & Domain("res_id", "in", deliveries.ids)
            & (Domain("res_field", "=", "signature") | Domain("res_field", "=", False)),
            ["res_id", "res_field", "create_date"],
        )
        messages = self.env["mail.message"].search([("attachment_ids", "in", attachments.ids)])
        own = messages.filtered(self._is_ours).attachment_ids
        done_at = {delivery.id: delivery.date_done for delivery in deliveries}
        return deliveries.browse(
            attachment.res_id
            for attachment in attachments
            if attachment not in known
            and (
                attachment.res_field or (attachment not in own and attachment.create_date >= done_at[attachment.res_id])
            )
        )

    def _is_ours(self, message):
        """Tell whether the files of the one ``message`` come from Odoo, or were sent to somebody outside."""
        if message.message_type not in ("comment", "email"):
            return True
        return message.message_type == "comment" and any(partner.partner_share for partner in message.partner_ids)
