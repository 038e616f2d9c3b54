from odoo import models
from odoo.tools import SQL, LazyTranslate

from .helpers import select
from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)

READ = {
    "ir.attachment": ["create_date", "res_field", "res_id", "res_model"],
    "mail.message": ["attachment_ids", "message_type", "partner_ids"],
    "res.partner": ["partner_share"],
    "sop.proof": ["attachment_id", "picking_id"],
    "stock.picking": ["date_done"],
}
"""What of files is read past the ORM."""

OURS = SQL(
    """(m.message_type NOT IN ('comment', 'email') OR (m.message_type = 'comment' AND EXISTS (
        SELECT FROM mail_message_res_partner_rel t JOIN res_partner c ON c.id = t.res_partner_id
         WHERE t.mail_message_id = m.id AND c.partner_share)))"""
)
"""Whether the files of message ``m`` come from Odoo, or were sent to somebody outside."""


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
        signed, with_proofs = self._find(done)
        # the few that nothing else proves, and those that a carrier has told of
        proofs = self.env["sop.proof"].search([("picking_id", "in", with_proofs.ids)]) if with_proofs else ()
        proven, reported = set(signed), set()
        for proof in proofs:
            if proof.is_valid:
                (reported if proof.kind == "carrier" else proven).add(proof.picking_id)
        return {check: self._judge(check, proven, reported) for check in checks}

    def _judge(self, check, proven, reported):
        delivery = check.picking_id
        if not delivery or delivery.state == "cancel" or delivery in proven:
            return None
        if check.checkpoint_id.rule_flag and delivery in reported and delivery.sop_tracking_state == "delivered":
            return None
        return self._reason("no_proof" if delivery.state == "done" else "not_shipped", delivery=delivery.name)

    def _find(self, deliveries):
        """Return ``(those with a signature or a file that somebody attached since, those with proofs)`` of the done
        ``deliveries``. Of the files of proofs is known whether they still prove anything: they are left out."""
        if not deliveries:
            return deliveries, deliveries
        rows = select(
            self.env,
            READ,
            SQL(
                """
                SELECT p.picking_id, TRUE FROM sop_proof p WHERE p.picking_id IN %(ids)s
                 UNION
                SELECT a.res_id, FALSE
                  FROM ir_attachment a
                  JOIN stock_picking d ON d.id = a.res_id
                 WHERE a.res_model = 'stock.picking' AND a.res_id IN %(ids)s
                   AND (a.res_field = 'signature' OR (
                        a.res_field IS NULL AND a.create_date >= d.date_done AND NOT EXISTS (
                            SELECT FROM message_attachment_rel r
                              JOIN mail_message m ON m.id = r.message_id
                             WHERE r.attachment_id = a.id AND %(ours)s)))
                   AND NOT EXISTS (
                       SELECT FROM sop_proof p WHERE p.attachment_id = a.id AND p.picking_id IN %(ids)s)
                """,
                ids=deliveries._ids,
                ours=OURS,
            ),
        )
        return tuple(deliveries.browse(id_ for id_, is_proof in rows if is_proof == wanted) for wanted in (False, True))
