"""Rules of pick & pack: picked, packing list."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_fulfilment import FulfilmentCase


@tagged("post_install", "-at_install")
class TestRulePicked(FulfilmentCase):
    """``picked``: picked as demanded, or it is decided what becomes of the rest."""

    def _pick(self, delivery, quantity):
        delivery.move_ids.write({"quantity": quantity, "picked": True})

    def test_reserved_is_not_picked(self):
        _order, delivery = self.confirm()
        self.assertEqual(delivery.move_ids.quantity, 2)
        code, text = self.judge("picked", None, picking=delivery)
        self.assertEqual(code, "not_picked")
        self.assertIn(delivery.name, text)

    def test_picked_in_full_holds(self):
        _order, delivery = self.confirm()
        self._pick(delivery, 2)
        self.assertIsNone(self.judge("picked", None, picking=delivery))

    def test_less_waits_for_a_decision(self):
        _order, delivery = self.confirm(lines=[(self.product, 5, 10)])
        self._pick(delivery, 3)
        code, text = self.judge("picked", None, picking=delivery)
        self.assertEqual(code, "short")
        self.assertIn("Chair × 2 Units", text)
        for policy in ("always", "never"):
            delivery.picking_type_id.create_backorder = policy
            self.assertIsNone(self.judge("picked", None, picking=delivery), policy)

    def test_one_product_left_out(self):
        self.add_stock(self.other_product, 5)
        _order, delivery = self.confirm(lines=[(self.product, 5, 10), (self.other_product, 1, 10)])
        delivery.move_ids[0].picked = True
        code, text = self.judge("picked", None, picking=delivery)
        self.assertEqual(code, "short")
        self.assertIn("Table × 1 Units", text)
        self.assertNotIn("Chair", text)

    def test_answer_of_the_user_decides(self):
        """Validating asks first; the answer reaches the gate while the delivery is still open."""
        _order, delivery = self.confirm(lines=[(self.product, 5, 10)])
        self._pick(delivery, 3)
        question = delivery.button_validate()
        self.assertEqual(question["res_model"], "stock.backorder.confirmation")
        rule = self.env["sop.rule.picked"].with_context(skip_backorder=True)
        self.assertIsNone(rule._judge(delivery))
        self._pick(delivery, 0)
        self.assertEqual(rule._judge(delivery)["code"], "not_picked", "no answer replaces the picking")

    def test_ship_gate_hears_the_answer(self):
        picked = {"kind": "auto", "rule": "picked", "scope": "delivery"}
        order, delivery = self.confirm(lines=[(self.product, 5, 10)])
        later = {"checkpoints": [{"name": "Later", "kind": "manual"}]}
        self.put_under(order, self.make_process({"checkpoints": [picked], "gate": "ship"}, later))
        self._pick(delivery, 3)
        with self.assertRaisesRegex(UserError, "Chair × 2 Units"):
            delivery._action_done()
        question = delivery.with_context(button_validate_picking_ids=delivery.ids).button_validate()
        Form.from_action(self.env, question).save().process()
        self.assertEqual(delivery.state, "done")
        self.commit()
        rest = self.check(order, "picked").filtered(lambda check: check.picking_id != delivery)
        self.assertEqual(rest.reason_code, "not_picked", "the backorder is picked by itself")

    def test_more_than_demanded_is_wrong(self):
        _order, delivery = self.confirm(lines=[(self.product, 5, 10)])
        self._pick(delivery, 6)
        code, text = self.judge("picked", None, picking=delivery)
        self.assertEqual(code, "too_much")
        self.assertIn("Chair × 1 Units", text)

    def test_validated_holds_with_backorder_and_without(self):
        for backorder in (True, False):
            order, delivery = self.confirm(lines=[(self.product, 5, 10)])
            self.ship(delivery, 3, backorder=backorder)
            self.assertIsNone(self.judge("picked", None, picking=delivery))
            rest = order.picking_ids - delivery
            self.assertEqual(bool(rest), backorder)
            if rest:
                self.assertEqual(self.judge("picked", None, picking=rest)[0], "not_picked")

    def test_split_beforehand_holds(self):
        _order, delivery = self.confirm(lines=[(self.product, 5, 10)])
        self._pick(delivery, 3)
        delivery.action_split_transfer()
        self.assertIsNone(self.judge("picked", None, picking=delivery))

    def test_dozens(self):
        order = self.make_order(lines=[(self.product, 1, 10)])
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self._pick(order.picking_ids, 12)
        self.assertIsNone(self.judge("picked", None, picking=order.picking_ids))
        self._pick(order.picking_ids, 11)
        self.assertIn("Chair × 1 Units", self.judge("picked", None, picking=order.picking_ids)[1])

    def test_batch_cost(self):
        deliveries = self.make_orders().picking_ids
        self._pick(deliveries, 1)
        self.assert_batch_cost("picked", deliveries)


@tagged("post_install", "-at_install")
class TestRulePackingList(FulfilmentCase):
    """``packing_list``: where packages are used, they hold all that is picked, and nothing else."""

    def setUp(self):
        super().setUp()
        self.add_stock(self.other_product, 10)
        self.order, self.delivery = self.confirm(lines=[(self.product, 5, 10), (self.other_product, 1, 10)])
        self.chairs, self.tables = (
            self.delivery.move_line_ids.filtered(lambda line, product=product: line.product_id == product)
            for product in (self.product, self.other_product)
        )

    def _judge(self, delivery=None, **parameters):
        return self.judge("packing_list", None, picking=delivery or self.delivery, **parameters)

    def _box(self, *lines):
        package = self.env["stock.package"].create({"name": "BOX"})
        for line in lines:
            line.result_package_id = package
        return package

    def test_without_packages(self):
        self.assertIsNone(self._judge())
        self.assertEqual(self._judge(rule_flag=True)[0], "no_package")

    def test_all_in_a_package_holds(self):
        self._box(self.chairs, self.tables)
        self.assertIsNone(self._judge(rule_flag=True))
        self.ship(self.delivery)
        self.assertIsNone(self._judge(rule_flag=True), "still true when the packages are with the customer")

    def test_product_outside(self):
        self._box(self.chairs)
        code, text = self._judge()
        self.assertEqual(code, "outside")
        self.assertIn("Table × 1 Units", text)
        self.assertNotIn("Chair", text)

    def test_what_is_not_picked_needs_no_package(self):
        self._box(self.chairs)
        self.chairs.picked = True
        self.assertIsNone(self._judge())

    def test_empty_package(self):
        self._box(self.chairs)
        empty = self._box(self.tables)
        empty.name = "EMPTY"
        self.tables.quantity = 0
        code, text = self._judge()
        self.assertEqual(code, "empty")
        self.assertIn("EMPTY", text)

    def test_shared_package(self):
        package = self._box(self.chairs, self.tables)
        _order, other = self.confirm()
        other.move_line_ids.result_package_id = package
        code, text = self._judge()
        self.assertEqual(code, "shared")
        self.assertIn(other.name, text)
        other.action_cancel()
        self.assertIsNone(self._judge())

    def test_own_package_travels_through_pack_and_ship(self):
        """The packing step names the same package: that is no other delivery."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        order, pick = self.confirm()
        self.ship(pick)
        pack = order.picking_ids - pick
        self._box(pack.move_line_ids)
        self.ship(pack)
        delivery = order.picking_ids - pick - pack
        self.assertEqual(delivery.move_line_ids.result_package_id.name, "BOX")
        self.assertIsNone(self._judge(delivery, rule_flag=True))

    def test_batch_cost(self):
        deliveries = self.make_orders(lines=[(self.product, 1, 10), (self.other_product, 0.1, 10)]).picking_ids
        for delivery in deliveries:
            self._box(delivery.move_line_ids[0])
        self.assert_batch_cost("packing_list", deliveries)
