"""Proof of delivery: signed, uploaded, the customer's word, the carrier's; who, when, the file's hash; and its loss."""

import hashlib
from base64 import b64encode
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..engine.guard import as_engine
from .common_delivery import PDF, DeliveryFixture

PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
OTHER_PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="


@tagged("post_install", "-at_install")
class TestProof(DeliveryFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_deliveries()
        cls.order = cls.make_shipped()
        cls.delivery = cls.order.picking_ids
        cls.delivery.date_done -= timedelta(hours=1)  # files of a test are as old as its transaction

    def by(self, name):
        return self.delivery.with_user(self.users[name])

    def upload(self, user="logistics", content=PDF, name="Ms Li", **kwargs):
        self.by(user).action_sop_prove(name, b64encode(content).decode(), "签收单.pdf", **kwargs)
        self.commit()
        return self.delivery.sop_proof_ids[0]

    def present(self):
        self.commit()
        return self.order.sop_stage_id.name

    def check_proven(self):
        self.commit()
        return self.check(self.order, "Proven").state

    # -- where it comes from -------------------------------------------------------------------------------------------

    def test_uploaded(self):
        self.assertEqual(self.present(), "Prove")
        proof = self.upload(received_at="2026-01-05 10:00:00")
        self.assertEqual((proof.kind, proof.name, proof.user_id), ("upload", "Ms Li", self.users["logistics"]))
        self.assertEqual(str(proof.proven_at), "2026-01-05 10:00:00")
        self.assertEqual(proof.checksum, hashlib.sha256(PDF).hexdigest())
        self.assertEqual(proof.attachment_id.res_id, self.delivery.id)
        self.assertTrue(proof.is_valid and self.delivery.sop_is_proven)
        self.assertEqual(self.present(), "Work", "the check holds and the order goes on")
        [line] = self.log(self.order, "proven")
        self.assertEqual((line["kind"], line["sha256"], line["name"]), ("upload", proof.checksum, "Ms Li"))

    def test_the_invoice_gate_opens_with_it(self):
        invoice = self.order._create_invoices()
        self.commit()
        with self.assertRaisesRegex(UserError, "is not possible yet(.|\n)*Nothing proves"):
            invoice.action_post()
        self.upload()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_proven_in_the_stage_before_the_gate(self):
        process = self.make_process(
            self.stage("Pack", "ship", {"name": "Packed", "scope": "delivery"}, department="warehouse"),
            self.stage("Prove", False, {"kind": "auto", "rule": "proof_of_delivery", "scope": "delivery"}),
            self.stage("Bill", "invoice", {"name": "Amount agrees"}, department="finance"),
            code="BILL",
        )
        self.order = self.make_shipped(process=process)
        self.delivery = self.order.picking_ids
        invoice = self.order._create_invoices()
        self.commit()
        with self.assertRaisesRegex(UserError, "Nothing proves"):
            invoice.action_post()
        self.upload()
        with self.assertRaisesRegex(UserError, "Amount agrees"):
            invoice.action_post()
        self.tick(self.order, "Amount agrees")
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_signed(self):
        self.by("logistics").signature = PIXEL
        proof = self.delivery.sop_proof_ids
        self.assertEqual((proof.kind, proof.name), ("signature", self.customer.name))
        self.assertEqual(proof.checksum, hashlib.sha256(proof.attachment_id.raw).hexdigest())
        self.assertEqual(self.present(), "Work")

    def test_signed_anew(self):
        self.delivery.signature = PIXEL
        first = self.delivery.sop_proof_ids
        self.delivery.signature = OTHER_PIXEL
        self.assertEqual((first.is_valid, len(self.delivery.sop_proof_ids)), (False, 2))
        self.assertTrue(self.delivery.sop_is_proven)
        self.delivery.signature = False
        self.assertFalse(self.delivery.sop_is_proven)
        self.assertEqual(len(self.log(self.order, "unproven")), 2)

    def test_the_customers_word(self):
        engine = self.env["sop.engine.proof"]
        proof = engine._confirm_receipt(self.delivery, self.customer, "Ms Li at the gate")
        self.assertEqual((proof.kind, proof.name, proof.attachment_id.id), ("customer", "Ms Li at the gate", False))
        self.assertFalse(engine._confirm_receipt(self.delivery, self.customer, "Again"), "once")
        self.assertEqual(self.present(), "Work")
        self.assertEqual(self.log(self.order, "proven")[0]["partner"], self.customer.id)
        open_order = self.make_order(process=self.shipping)
        open_order.action_confirm()
        with self.assertRaisesRegex(UserError, "has left"):
            engine._confirm_receipt(open_order.picking_ids, self.customer, "Early")

    def test_the_carriers_word_counts_where_the_process_says_so(self):
        self.assertEqual(self.tell(self.item("delivered")), ["created"])
        self.assertFalse(self.delivery.sop_proof_ids)
        self.assertEqual(self.check_proven(), "pending")
        process = self.make_process(
            self.stage("Pack", "ship", {"name": "Packed", "scope": "delivery"}, department="warehouse"),
            self.stage(
                "Prove",
                False,
                {"kind": "auto", "rule": "proof_of_delivery", "scope": "delivery", "rule_flag": True},
                department="logistics",
            ),
            self.stage("Work", False, auto_advance=False),
            code="TRUST",
        )
        self.order = self.make_shipped("TRACK-9", process=process)
        self.tell(self.item("delivered", number="TRACK-9"), source="import")
        self.assertFalse(self.order.picking_ids.sop_proof_ids, "a file is not the carrier's system")
        self.tell(self.item("delivered", "2026-01-06T10:00:00", number="TRACK-9"))
        proof = self.order.picking_ids.sop_proof_ids
        self.assertEqual((proof.kind, proof.name, str(proof.proven_at)), ("carrier", "Courier", "2026-01-06 10:00:00"))
        self.assertEqual(self.present(), "Work")

    # -- who -----------------------------------------------------------------------------------------------------------

    def test_who_may_upload(self):
        for name in self.users:
            with self.cr.savepoint() as savepoint:
                if name in ("logistics", "customer_service", "manager"):
                    self.assertEqual(self.upload(name).user_id, self.users[name])
                else:
                    with self.assertRaises(AccessError, msg=name):
                        self.upload(name)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_who_may_read(self):
        proof = self.upload()
        for name, user in self.users.items():
            sees = self.delivery.with_user(user).has_access("read")
            self.assertEqual(proof.with_user(user).has_access("read"), sees, name)

    def test_nothing_but_the_engine_writes(self):
        proof = self.upload()
        for action in (
            lambda: proof.write({"name": "Somebody else"}),
            proof.unlink,
            proof.copy,
            lambda: proof.create({"picking_id": self.delivery.id, "kind": "customer"}),
            lambda: self.delivery.write({"sop_proof_ids": [(0, 0, {"kind": "customer"})]}),
        ):
            with self.assertRaises(AccessError):
                action()

    def test_what_is_no_proof(self):
        file = b64encode(PDF).decode()
        for arguments in (
            (),
            ("Ms Li",),
            ("", file),
            ("Ms Li", "no base64!"),
            ("Ms Li", b64encode(b"<html><script/></html>").decode()),
            ("Ms Li", b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()),
            ("Ms Li", b64encode(b"PK").decode()),
            ("Ms Li", file, "a.pdf", "2999-01-01 00:00:00"),
            ("Ms Li", file, "a.pdf", "soon"),
            ({"x": 1}, file),
            ("Ms Li", [1]),
        ):
            with self.assertRaises(UserError, msg=arguments):
                self.by("logistics").action_sop_prove(*arguments)
        self.assertFalse(self.delivery.sop_proof_ids)
        open_order = self.make_order(process=self.shipping)
        open_order.action_confirm()
        with self.assertRaisesRegex(UserError, "has left"):
            open_order.picking_ids.with_user(self.users["logistics"]).action_sop_prove("Ms Li", file)

    def test_the_same_file_again(self):
        self.upload()
        self.upload()
        self.assertEqual(len(self.delivery.sop_proof_ids), 1)
        self.assertEqual(len(self.env["ir.attachment"].search([("res_id", "=", self.delivery.id)])), 1)

    # -- gone or changed -----------------------------------------------------------------------------------------------

    def test_a_file_that_is_changed_proves_nothing(self):
        for action in (
            lambda file: file.write({"raw": b"%PDF-1.4 forged"}),
            lambda file: file.write({"datas": b64encode(b"%PDF-1.4 forged")}),
            lambda file: file.write({"res_id": self.make_order().id, "res_model": "sale.order"}),
            lambda file: file.unlink(),
        ):
            self.order = self.make_shipped()
            self.delivery = self.order.picking_ids
            self.delivery.date_done -= timedelta(hours=1)
            proof = self.upload()
            self.assertEqual(self.check_proven(), "passed")
            action(proof.attachment_id)
            self.commit()
            self.assertTrue(proof.void_at)
            self.assertFalse(self.delivery.sop_is_proven)
            self.assertEqual([line["proof"] for line in self.log(self.order, "unproven")], proof.ids)
            self.assertNotIn(self.delivery, self.delivery.search([("sop_is_proven", "=", True)]))
            reason = self.judge("proof_of_delivery", None, picking=self.delivery)
            self.assertEqual(reason[0], "no_proof")
            self.upload()
            self.assertTrue(self.delivery.sop_is_proven, "the right one comes back")

    def test_renaming_changes_nothing(self):
        proof = self.upload()
        proof.attachment_id.name = "Receipt.pdf"
        self.assertTrue(proof.is_valid)

    def test_a_file_that_goes_past_the_orm(self):
        proof = self.upload()
        self.cr.execute("DELETE FROM ir_attachment WHERE id = %s", [proof.attachment_id.id])
        self.env.invalidate_all()
        self.assertFalse(proof.is_valid or self.delivery.sop_is_proven)

    def test_other_files_cost_nothing(self):
        self.upload()
        file = self.env["ir.attachment"].create({"name": "x", "raw": b"x", "res_model": "res.partner", "res_id": 1})
        with self.assertQueryCount(0):
            self.env["sop.engine.proof"]._of_files(file)

    def test_the_engine_may(self):
        proof = self.upload()
        as_engine(proof).write({"void_at": "2026-01-01 00:00:00"})
        self.assertFalse(proof.is_valid)
