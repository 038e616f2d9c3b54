"""Rules about the customer's side of a delivery: he was told (customer informed), and he signed (proof)."""

from datetime import timedelta

from odoo.tests import tagged

from .common_fulfilment import FulfilmentCase


@tagged("post_install", "-at_install")
class TestRuleCustomerInformed(FulfilmentCase):
    """``customer_informed``: a message reached the customer about the shipment."""

    def setUp(self):
        super().setUp()
        self.order, self.delivery = self.confirm()
        self.contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id, "email": "buyer@example.com"}
        )

    def _judge(self, delivery=None):
        return self.judge("customer_informed", None, picking=delivery or self.delivery)

    def _tell(self, record, partner=None, **kwargs):
        values = {
            "body": "On its way",
            "subtype_xmlid": "mail.mt_comment",
            "partner_ids": (partner or self.customer).ids,
        }
        return record.message_post(**{**values, **kwargs})

    def test_before_shipping(self):
        code, text = self._judge()
        self.assertEqual(code, "not_shipped")
        self.assertIn(self.delivery.name, text)

    def test_message_from_the_delivery(self):
        self.ship(self.delivery)
        code, text = self._judge()
        self.assertEqual(code, "not_informed")
        self.assertIn(self.customer.name, text)
        self._tell(self.delivery, self.contact)
        self.assertIsNone(self._judge())

    def test_shipping_confirmation_of_odoo(self):
        self.company.stock_move_email_validation = True
        self.ship(self.delivery)
        self.assertIsNone(self._judge())

    def test_message_before_the_delivery_was_done(self):
        self._tell(self.delivery).date = "2025-01-01 00:00:00"
        self.ship(self.delivery)
        self.assertEqual(self._judge()[0], "not_informed")

    def test_message_from_the_order_in_the_same_stage(self):
        self.put_under(self.order, self.make_process({"checkpoints": [{"name": "Look", "kind": "manual"}]}))
        self.ship(self.delivery)
        message = self._tell(self.order)
        message.date = self.order.sop_visit_id.entered_at
        self.delivery.date_done = message.date + timedelta(hours=2)
        self.assertIsNone(self._judge(), "sent as the order entered the stage, before the goods left")
        message.date -= timedelta(hours=1)
        self.assertEqual(self._judge()[0], "not_informed", "sent in an earlier stage")

    def test_backorder_wants_its_own_message(self):
        self.put_under(self.order, self.make_process({"checkpoints": [{"name": "Look", "kind": "manual"}]}))
        self.ship(self.delivery, 1)
        message = self._tell(self.order)
        rest = self.order.picking_ids - self.delivery
        self.ship(rest)
        rest.date_done = message.date + timedelta(hours=1)
        results = self.evaluate_rule("customer_informed", (), pickings=self.delivery | rest)
        self.assertIsNone(results[self.delivery])
        self.assertEqual(results[rest]["code"], "not_informed")

    def test_what_does_not_inform(self):
        self.ship(self.delivery)
        self._tell(self.delivery, subtype_xmlid="mail.mt_note")
        self._tell(self.delivery, self.users["sales"].partner_id)
        self._tell(self.delivery, self.consumer)
        self._tell(self.delivery, author_id=self.contact.id)
        self._tell(self.delivery).notification_ids.notification_status = "bounce"
        self.assertEqual(self._judge()[0], "not_informed")

    def test_batch_cost(self):
        deliveries = self.make_orders().picking_ids
        self.ship(deliveries)
        for delivery in deliveries:
            self._tell(delivery, self.consumer)
        self.assert_batch_cost("customer_informed", deliveries)


@tagged("post_install", "-at_install")
class TestRuleProofOfDelivery(FulfilmentCase):
    """``proof_of_delivery``: signed, or the signed receipt attached."""

    PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

    def setUp(self):
        super().setUp()
        _order, self.delivery = self.confirm()

    def _judge(self):
        return self.judge("proof_of_delivery", None, picking=self.delivery)

    def _attach(self, delivery=None):
        delivery = delivery or self.delivery
        return self.env["ir.attachment"].create(
            {"name": "签收单.jpg", "raw": b"signed", "res_model": delivery._name, "res_id": delivery.id}
        )

    def _ship_yesterday(self, deliveries):
        # what a test attaches bears the time at which its transaction began
        self.ship(deliveries)
        deliveries.date_done = deliveries[0].date_done - timedelta(days=1)

    def test_before_shipping(self):
        self._attach()
        code, text = self._judge()
        self.assertEqual(code, "not_shipped")
        self.assertIn(self.delivery.name, text)

    def test_signature(self):
        self.ship(self.delivery)
        code, text = self._judge()
        self.assertEqual(code, "no_proof")
        self.assertIn(self.delivery.name, text)
        self.delivery.signature = self.PIXEL
        self.assertIsNone(self._judge())

    def test_attached_receipt(self):
        self._ship_yesterday(self.delivery)
        self.assertEqual(self._judge()[0], "no_proof")
        self._attach()
        self.assertIsNone(self._judge())

    def test_attached_before_it_was_done(self):
        self._attach()
        self.ship(self.delivery)
        self.delivery.date_done += timedelta(days=1)
        self.assertEqual(self._judge()[0], "no_proof")

    def test_receipt_in_a_note_or_from_the_customer(self):
        for kwargs in ({"message_type": "comment"}, {"message_type": "email", "author_id": self.customer.id}):
            _order, self.delivery = self.confirm()
            self._ship_yesterday(self.delivery)
            self.delivery.message_post(body="Signed", attachments=[("签收单.pdf", b"signed")], **kwargs)
            self.assertIsNone(self._judge(), kwargs)

    def test_own_papers_prove_nothing(self):
        """Neither a carrier's label nor the delivery slip that goes to the customer."""
        self._ship_yesterday(self.delivery)
        self.delivery.message_post(body="Shipped", attachments=[("Label.pdf", b"label")])
        self.delivery.message_post(
            body="Here is it",
            message_type="comment",
            partner_ids=self.customer.ids,
            attachments=[("Delivery slip.pdf", b"slip")],
        )
        self.assertEqual(self._judge()[0], "no_proof")

    def test_batch_cost(self):
        deliveries = self.make_orders().picking_ids
        self._ship_yesterday(deliveries)
        for delivery in deliveries[::2]:
            self._attach(delivery)
        self.assert_batch_cost("proof_of_delivery", deliveries)
