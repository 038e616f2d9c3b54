"""Rules of logistics: carrier, tracking, shipped on time."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_fulfilment import FulfilmentCase


@tagged("post_install", "-at_install")
class TestRuleCarrier(FulfilmentCase):
    """``carrier`` and ``tracking``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fee = cls.env["product.product"].create({"name": "Freight", "type": "service"})
        cls.carrier = cls.env["delivery.carrier"].create({"name": "Own van", "product_id": fee.id})

    def setUp(self):
        super().setUp()
        self.order, self.delivery = self.confirm()

    def test_carrier_to_be_chosen(self):
        code, text = self.judge("carrier", None, picking=self.delivery)
        self.assertEqual(code, "no_carrier")
        self.assertIn(self.delivery.name, text)
        self.delivery.carrier_id = self.carrier
        self.assertIsNone(self.judge("carrier", None, picking=self.delivery))

    def test_shipped_without_carrier(self):
        self.ship(self.delivery)
        self.assertEqual(self.judge("carrier", None, picking=self.delivery)[0], "left_without")

    def test_tracking_number(self):
        self.delivery.carrier_id = self.carrier
        code, text = self.judge("tracking", None, picking=self.delivery)
        self.assertEqual(code, "no_tracking")
        self.assertIn(self.delivery.name, text)
        self.delivery.carrier_tracking_ref = "T 1"
        self.assertIsNone(self.judge("tracking", None, picking=self.delivery))

    def test_tracking_of_carriers_without_service(self):
        """With the option only carriers with an online service have to give a number."""
        for carrier in (self.carrier, self.carrier.browse()):
            self.delivery.carrier_id = carrier
            self.assertIsNone(self.judge("tracking", None, picking=self.delivery, rule_flag=True))
            self.assertEqual(self.judge("tracking", None, picking=self.delivery)[0], "no_tracking")

    def test_number_that_comes_with_shipping(self):
        """An online service gives the number as the delivery is validated: no stage before that can wait for it."""
        # none of the services' modules is installed here
        self.env.cr.execute("UPDATE delivery_carrier SET delivery_type = 'online' WHERE id = %s", [self.carrier.id])
        self.carrier.invalidate_recordset(["delivery_type"], flush=False)
        self.delivery.carrier_id = self.carrier
        self.delivery.picking_type_id.print_label = True
        tracking = {"kind": "auto", "rule": "tracking", "scope": "delivery"}
        for stages in (
            ({"checkpoints": [tracking], "gate": "ship"}, {}),
            ({"gate": "ship"}, {"checkpoints": [tracking]}),
        ):
            order, delivery = self.confirm()
            delivery.carrier_id = self.carrier
            self.put_under(order, self.make_process(*stages))
            waits = "checkpoints" in stages[1]
            self.assertEqual(self.check(order, "tracking").state, "pending" if waits else "passed")
        self.assertEqual(self.judge("tracking", None, picking=self.delivery)[0], "no_tracking", "no gate, no wait")

    def test_batch_cost(self):
        deliveries = self.make_orders().picking_ids
        deliveries.carrier_id = self.carrier
        self.assert_batch_cost("carrier", deliveries)
        self.assert_batch_cost("tracking", deliveries, rule_flag=True)


@tagged("post_install", "-at_install")
class TestRuleShippedOnTime(FulfilmentCase):
    """``shipped_on_time``: by the promised day, as the company counts days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"

    def _make(self, promised, shipped=None):
        _order, delivery = self.confirm(commitment_date=promised)
        if shipped:
            self.ship(delivery)
            delivery.date_done = shipped
        return delivery

    def _judge(self, delivery, **parameters):
        return self.judge("shipped_on_time", None, picking=delivery, **parameters)

    def test_not_shipped(self):
        code, text = self._judge(self._make(fields.Datetime.now() + timedelta(days=2)))
        self.assertEqual(code, "not_shipped")
        self.assertIn("Logistics", text)

    def test_overdue(self):
        delivery = self._make("2025-03-03 08:00:00")
        code, text = self._judge(delivery)
        self.assertEqual(code, "overdue")
        self.assertIn("2025-03-03", text)

    def test_on_the_promised_day(self):
        """23:30 in Shanghai is still the promised day; half an hour later it is the next one, though not in UTC."""
        self.assertIsNone(self._judge(self._make("2025-03-03 01:00:00", "2025-03-03 15:30:00")))
        code, text = self._judge(self._make("2025-03-03 01:00:00", "2025-03-03 16:00:00"))
        self.assertEqual(code, "late")
        self.assertIn("2025-03-04, 1 day(s) after the promised 2025-03-03", text)

    def test_tolerance(self):
        delivery = self._make("2025-03-03 01:00:00", "2025-03-05 08:00:00")
        self.assertIsNone(self._judge(delivery, rule_days=2))
        self.assertEqual(self._judge(delivery, rule_days=1)[0], "late")

    def test_deadline_of_the_delivery_without_a_promise(self):
        order, delivery = self.confirm()
        self.assertFalse(order.commitment_date)
        self.ship(delivery)
        self.assertIsNone(self._judge(delivery))
        delivery.date_done = delivery.date_deadline + timedelta(days=3)
        self.assertEqual(self._judge(delivery)[0], "late")

    def test_batch_cost(self):
        deliveries = self.make_orders(commitment_date="2025-03-03 01:00:00").picking_ids
        self.assert_batch_cost("shipped_on_time", deliveries)
