import hashlib

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.mimetypes import guess_mimetype

from .guard import as_engine

KEEPERS = ("order_sop.group_logistics", "order_sop.group_customer_service", "order_sop.group_manager")
FILE_TYPES = ("application/pdf", "image/jpeg", "image/png", "image/gif", "image/webp")
MAX_FILE = 10 * 1024 * 1024  # bytes
MAX_NAME = 100


class SopEngineProof(models.AbstractModel):
    """Keeps what proves that customers received their deliveries, and notices when a proof is gone."""

    _name = "sop.engine.proof"
    _description = "SOP engine: proof of delivery"

    # -- where proofs come from ----------------------------------------------------------------------------------------

    @api.model
    def _upload(self, picking, name, proven_at, filename, content):
        """Take a file for the proof that the one ``picking`` was received; see ``stock.picking.action_sop_prove``."""
        if not any(map(self.env.user.has_group, KEEPERS)):
            raise AccessError(self.env._("Only Logistics, Customer Service and SOP managers add proofs of delivery."))
        picking.ensure_one()
        picking.check_access("read")
        picking = picking.sudo()  # read access and the right to prove were checked
        now = self.env["sop.engine.clock"]._now()
        proven_at = proven_at or now
        if not picking._sop_is_delivered():
            raise UserError(self.env._("%s is no delivery that has left for a customer.", picking.display_name))
        if not name:
            raise UserError(self.env._("Say who received the delivery."))
        if proven_at > now:
            raise UserError(self.env._("It cannot have been received in the future: choose another time."))
        if not content or len(content) > MAX_FILE or guess_mimetype(content) not in FILE_TYPES:
            raise UserError(
                self.env._("A proof of delivery is a PDF or a picture of at most %s MB.", MAX_FILE // 1024 // 1024)
            )
        file = picking.env["ir.attachment"].create(
            {"name": filename or name, "raw": content, "res_model": picking._name, "res_id": picking.id}
        )
        vals = {"kind": "upload", "name": name[:MAX_NAME], "proven_at": proven_at} | self._get_file_vals(file)
        proof = self._add(picking, [vals])
        if not proof:  # the same file proves it already
            file.unlink()
        return proof

    @api.model
    def _sign(self, pickings):
        """Take the signatures that those of ``pickings`` bear, which have just been signed, for proofs."""
        pickings = pickings.sudo().filtered(  # whoever may sign may have it kept; called by the engine
            lambda picking: picking._sop_is_leaving() and picking._sop_flow_orders()[picking]
        )
        if not pickings:
            return
        files = pickings.env["ir.attachment"].search(
            [
                ("res_model", "=", pickings._name),
                ("res_field", "=", "signature"),
                ("res_id", "in", pickings.ids),
            ]
        )
        now = self.env["sop.engine.clock"]._now()
        for file in files:
            picking = pickings.browse(file.res_id)
            vals = {"kind": "signature", "name": picking.partner_id.name, "proven_at": now}
            self._add(picking, [vals | self._get_file_vals(file)])

    @api.model
    def _confirm_receipt(self, deliveries, partner, name):
        """Keep the customer's word that he received ``deliveries``, each once.

        Whoever calls has made sure that it is he: nothing but the deliveries themselves is checked here.

        :param partner: the ``res.partner`` who gives it
        :param str name: who it is, in his own words; empty: the partner's name
        :return: the new proofs, in superuser mode
        :raise UserError: when one of ``deliveries`` has not left for a customer
        """
        deliveries = deliveries.sudo()  # see above
        for picking in deliveries:
            if not picking._sop_is_delivered():
                raise UserError(self.env._("%s is no delivery that has left for a customer.", picking.display_name))
        now = self.env["sop.engine.clock"]._now()
        # what he is called himself
        vals = {"kind": "customer", "name": (name or partner.sudo().name or "")[:MAX_NAME], "proven_at": now}
        proofs = self.env["sop.proof"].sudo()  # as above
        for picking in deliveries:
            proofs |= self._add(picking, [vals], {"partner": partner.id})
        return proofs

    @api.model
    def _take_carrier_word(self, events, journal):
        """Take those of the new tracking ``events`` by which a carrier's own system reports the delivery for proofs,
        where the process says that this counts."""
        for event in events.filtered(lambda event: event.code == "delivered" and event.source == "carrier"):
            orders = event.picking_id._sop_flow_orders()[event.picking_id]
            if not any(
                checkpoint.rule == "proof_of_delivery" and checkpoint.rule_flag
                for checkpoint in orders.sop_process_id.stage_ids.checkpoint_ids
            ):
                continue
            vals = {
                "kind": "carrier",
                "name": event.carrier_id.name,
                "proven_at": event.event_at,
                "event_id": event.id,
            }
            self._add(event.picking_id, [vals], journal=journal)

    # -- keeping them --------------------------------------------------------------------------------------------------

    @api.model
    def _add(self, picking, vals_list, data=None, journal=None):
        """Make proofs of the one ``picking``, unless the same proves it already.

        :param dict data: what else the log keeps
        :param journal: as in ``sop.engine.flow``; without one the log is written at once
        :return: the new proofs, in superuser mode
        """
        evaluation = self.env["sop.engine.evaluation"]
        orders = picking._sop_flow_orders()[picking.sudo()]  # as its keys are
        evaluation._lock(orders)
        own_journal = journal is None
        journal = [] if own_journal else journal
        known = {
            (proof.kind, proof.checksum or False) for proof in picking.sudo().sop_proof_ids if proof.is_valid
        }  # called by the engine
        shared = {
            "picking_id": picking.id,
            "order_id": picking._get_flow_documents()[:1].id,
            "company_id": picking.company_id.id,
            "user_id": self.env.uid,
        }
        new = [vals | shared for vals in vals_list if (vals["kind"], vals.get("checksum", False)) not in known]
        proofs = self.env["sop.proof"].sudo().browse(as_engine(self.env["sop.proof"]).create(new).ids)  # as above
        picking.invalidate_recordset(["sop_proof_ids", "sop_is_proven"])
        for proof in proofs:
            line = {"proof": proof.id, "picking": picking.id, "kind": proof.kind, "name": proof.name or None}
            line |= {"at": proof.proven_at.isoformat(), "sha256": proof.checksum or None} | (data or {})
            journal += [(order, "proven", line) for order in orders]
        if own_journal:
            evaluation._close_journal(journal)
        evaluation._mark(picking)
        return proofs

    @api.model
    def _get_file_vals(self, file):
        return {"attachment_id": file.id, "checksum": _hash(file)}

    # -- noticing that one is gone -------------------------------------------------------------------------------------

    @api.model
    def _of_files(self, files):
        """Return the proofs that count and rest on one of ``files``; without a query for files of other documents."""
        files = files.sudo().filtered(lambda file: file.res_model == "stock.picking")  # where a file hangs
        proofs = self.env["sop.proof"].sudo()  # whoever changes files
        return proofs.search([("attachment_id", "in", files.ids), ("void_at", "=", False)]) if files else proofs

    @api.model
    def _look_again(self, proofs):
        """Void those of ``proofs`` whose file is not what it was, or not where it was, and log it."""
        void = proofs.filtered(lambda proof: not self._holds(proof))
        if not void:
            return
        evaluation = self.env["sop.engine.evaluation"]
        orders = void.picking_id._sop_flow_orders()
        evaluation._lock(self.env["sale.order"].sudo().union(*orders.values()))  # called by the engine
        as_engine(void).write({"void_at": self.env["sop.engine.clock"]._now()})
        journal = [
            (order, "unproven", {"proof": proof.id, "picking": proof.picking_id.id, "sha256": proof.checksum})
            for proof in void
            for order in orders[proof.picking_id]
        ]
        evaluation._close_journal(journal)
        evaluation._mark(void.picking_id)

    @api.model
    def _holds(self, proof):
        """Tell whether the file of the one ``proof`` is the same as when it was taken for one."""
        file = proof.attachment_id.exists()
        home = (file.res_model, file.res_id) == ("stock.picking", proof.picking_id.id)
        return bool(file) and home and _hash(file) == proof.checksum


def _hash(file):
    """Return the SHA-256, in hexadecimal, of the content of the one attachment ``file``."""
    return hashlib.sha256(file.raw or b"").hexdigest()
