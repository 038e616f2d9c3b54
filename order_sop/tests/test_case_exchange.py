from .common_case import CaseCase


class TestCaseExchange(CaseCase):
    """Goods are exchanged: by the same, by dearer ones, by cheaper ones."""

    def exchange(self, order, **line_vals):
        case = self.open_case(order, solution="replace", cause="ours", kind="exchange", line_vals=line_vals)
        self.assess(case)
        self.take_back(case)
        self.inspect(case)
        return case

    def test_by_the_same(self):
        order = self.sell()
        case = self.exchange(order)
        links = self.solve(case)
        self.assertEqual(links.kind, "replacement")
        self.assertEqual(links.stock_move_id.sale_line_id, order.order_line)
        self.assertEqual(links.stock_move_id.date_deadline, case.promised_at, "and not when the order was due")
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.ship(links.picking_id)
        self.commit()
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.agree(case)
        self.assert_settled(order)

    def check_other(self, price):
        self.other_product.list_price = price
        self.add_stock(self.other_product, 5)
        order = self.sell()
        case = self.exchange(order, exchange_product_id=self.other_product.id)
        links = self.solve(case)
        new, note = links.order_id, links.move_id
        self.assertEqual((new.amount_total, note.amount_total), (price, 100.0))
        note.action_post()
        new.action_confirm()
        self.ship(new.picking_ids)
        invoice = self.invoice(new)
        self.commit()
        receivable = (invoice | note).line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        receivable.filtered(lambda line: not line.reconciled).reconcile()
        if note.amount_residual:
            self.pay(note)
        self.agree(case)
        self.assert_settled(order)
        return invoice

    def test_by_a_dearer_one(self):
        invoice = self.check_other(130.0)
        self.assertEqual(invoice.amount_residual, 30.0, "the difference is to be paid")

    def test_by_a_cheaper_one(self):
        invoice = self.check_other(70.0)
        self.assertEqual(invoice.amount_residual, 0.0)
