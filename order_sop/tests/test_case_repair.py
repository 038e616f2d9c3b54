from .common_case import CaseCase


class TestCaseRepair(CaseCase):
    """Goods are repaired, under warranty or for money, and go back to whom they belong."""

    def bring(self, cause):
        order = self.sell()
        case = self.open_case(order, solution="repair", cause=cause, kind="repair")
        self.assess(case)
        self.take_back(case)
        self.assertEqual(order.order_line.qty_delivered, 3, "it is still the customer's")
        self.inspect(case, repair_qty=1)
        return order, case, self.solve(case).repair_id

    def finish(self, order, case, repair):
        repair.action_validate() if repair.state == "draft" else None
        repair.action_repair_start()
        repair.action_repair_end()
        self.commit()
        self.assertEqual(case.sop_stage_id.name, "Solution", "it is not with the customer yet")
        back = self.solve(case)
        self.assertEqual(back.kind, "sent_back")
        self.ship(back.picking_id)
        self.commit()
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.agree(case)
        self.assert_settled(order)

    def test_under_warranty(self):
        order, case, repair = self.bring("product")
        self.assertTrue(repair.under_warranty)
        self.finish(order, case, repair)

    def test_paid(self):
        self.product.product_tmpl_id.sop_warranty_months = -1
        order, case, repair = self.bring("product")
        self.assertFalse(repair.under_warranty)
        repair.action_create_sale_order()
        self.assertEqual(repair.sale_order_id.partner_id, case.partner_id, "Odoo's own quotation")
        self.finish(order, case, repair)
