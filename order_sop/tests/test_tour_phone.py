from odoo.tests import HttpCase, tagged

from .common import SopFixture


@tagged("post_install", "-at_install")
class TestTourPhone(SopFixture, HttpCase):
    """The warehouse packs with a phone in its hand."""

    browser_size = "375x667"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_company()
        cls.customer.property_payment_term_id = cls.env.ref("account.account_payment_term_30days")
        cls.order = cls.make_order(lines=[(cls.product, 2, 100.0)], client_order_ref="PO-4711")
        cls.put_under(cls.order, cls.env.ref("order_sop.process_b2b"))
        cls.env["ir.attachment"].create(
            {"name": "contract.pdf", "res_model": "sale.order", "res_id": cls.order.id, "raw": b"%PDF-"}
        )
        clauses = cls.order.sop_check_ids.filtered(lambda check: check.kind == "manual")
        clauses.with_user(cls.users["legal"]).action_pass()
        cls.order.action_confirm()
        cls.order.picking_ids.carrier_id = cls.env["delivery.carrier"].search([], limit=1)
        cls.commit()

    def test_track_and_prove_by_phone(self):
        delivery = self.order.picking_ids
        for name in ("Packaging intact", "Labels right"):
            packed = self.check(self.order, name)
            photo = self.env["ir.attachment"].with_user(self.users["warehouse"]).create({"name": "p.png", "raw": b"x"})
            packed.with_user(self.users["warehouse"]).action_pass(attachment_ids=photo.ids)
        delivery.move_ids.picked = True
        delivery.button_validate()
        delivery.carrier_tracking_ref = "TRACK-1"
        self.commit()
        url = f"/odoo/deliveries/{delivery.id}"
        self.start_tour(url, "order_sop_logistics_tracks_by_phone", login="sop_logistics", timeout=180)
        self.env.invalidate_all()
        event, proof = delivery.sop_tracking_ids, delivery.sop_proof_ids
        self.assertEqual((event.code, event.place, event.user_id), ("delivered", "Gate 3", self.users["logistics"]))
        self.assertEqual((proof.kind, proof.name, proof.is_valid), ("upload", "Ms Li", True))
        self.assertEqual(proof.attachment_id.mimetype, "image/png")

    def test_pack_by_phone(self):
        self.assertEqual(self.order.sop_stage_id.phase, "pack", self.order.sop_missing)
        delivery = self.order.picking_ids
        url = f"/odoo/deliveries/{delivery.id}"
        self.start_tour(url, "order_sop_warehouse_packs_by_phone", login="sop_warehouse", timeout=180)
        self.env.invalidate_all()
        self.assertEqual(delivery.state, "done")
        self.assertEqual(self.check(self.order, "Packaging intact").attachment_ids.mimetype, "image/png")
        self.assertEqual(self.order.sop_stage_id.phase, "logistics")
