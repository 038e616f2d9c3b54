"""Each gate on each path from outside: what the web client, an integration or an import may call."""

from odoo.tests import tagged

from .common_http import SopHttpCase


@tagged("post_install", "-at_install")
class TestGatePathsHttp(SopHttpCase):
    def assert_stopped(self, path, *texts):
        with self.subTest(path=path[:3]):
            model, method, *args = path
            self.assert_refused(lambda: self.rpc(model, method, *args), *texts)
            if args and isinstance(args[0], list):
                names = {"write": ["vals"], "web_save": ["vals", "specification"]}.get(method, [])
                params = dict(zip(names, args[1:], strict=True))
                self.assert_refused(lambda: self.json2(model, method, ids=args[0], **params), *texts)

    def test_confirm(self):
        order = self.make_gated()
        line = order.order_line
        for path in (
            ("sale.order", "action_confirm", order.ids),
            ("sale.order", "write", order.ids, {"state": "sale"}),
            ("sale.order", "write", order.ids, {"state": "sale", "order_line": [[1, line.id, {"price_unit": 1}]]}),
            ("sale.order", "web_save", order.ids, {"state": "sale"}, {"name": {}}),
            ("sale.order", "web_save", order.ids, {"state": "sale", "note": "x"}, {"name": {}}),
        ):
            self.assert_stopped(path, order.name, "Reviewed", "(Sales)")
            self.assertEqual((order.state, line.price_unit), ("draft", 100))
        self.assert_refused(
            lambda: self.rpc("sale.order", "web_save_multi", order.ids, [{"state": "sale"}], {}), "Reviewed"
        )
        self.tick(order, "Reviewed")
        self.rpc("sale.order", "action_confirm", order.ids, user="sales")
        self.assertEqual(order.state, "sale")

    def test_ship(self):
        order = self.make_confirmed()
        delivery = order.picking_ids
        delivery.action_assign()
        move = delivery.move_ids
        move.write({"quantity": 2, "picked": True})
        done_move = {
            "product_id": self.product.id,
            "product_uom_qty": 1,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
            "state": "done",
            "sale_line_id": order.order_line.id,
        }
        for path in (
            ("stock.picking", "button_validate", delivery.ids),
            ("stock.picking", "write", delivery.ids, {"state": "done"}),
            ("stock.picking", "write", delivery.ids, {"move_ids": [[1, move.id, {"state": "done"}]]}),
            ("stock.picking", "web_save", delivery.ids, {"move_ids": [[0, 0, done_move]]}, {"name": {}}),
            ("stock.move", "write", move.ids, {"state": "done"}),
        ):
            self.assert_stopped(path, order.name, "Packed", "(Warehouse)")
            self.assertEqual((delivery.state, move.state, order.order_line.qty_delivered), ("assigned", "assigned", 0))
        self.assert_refused(lambda: self.rpc("stock.move", "create", [done_move]), "Packed")
        self.tick(order, "Packed")
        self.rpc("stock.picking", "button_validate", delivery.ids, user="warehouse")
        self.assertEqual(delivery.state, "done")

    def test_invoice(self):
        order = self.make_delivered()
        invoice = order._create_invoices()
        for path in (
            ("account.move", "action_post", invoice.ids),
            ("account.move", "write", invoice.ids, {"state": "posted"}),
            ("account.move", "web_save", invoice.ids, {"state": "posted", "ref": "x"}, {"name": {}}),
        ):
            self.assert_stopped(path, order.name, "Receipt proven", "(Finance)")
            self.assertEqual((invoice.state, invoice.ref), ("draft", order.name))
        wizard = self.rpc(
            "validate.account.move", "create", {}, context={"active_model": "account.move", "active_ids": invoice.ids}
        )
        self.assert_refused(lambda: self.rpc("validate.account.move", "validate_move", [wizard]), "Receipt proven")
        self.tick(order, "Receipt proven")
        self.tick(order, "Amount agrees")
        self.rpc("account.move", "action_post", invoice.ids, user="finance")
        self.assertEqual(invoice.state, "posted")

    def test_close(self):
        order = self.make_settled()
        for path in (
            ("sale.order", "action_lock", order.ids),
            ("sale.order", "write", order.ids, {"locked": True}),
            ("sale.order", "web_save", order.ids, {"locked": True, "note": "x"}, {"name": {}}),
        ):
            self.assert_stopped(path, order.name, "Nothing open")
            self.assertFalse(order.locked)

    def test_orders_that_come_in_confirmed(self):
        """Made over RPC or imported: in one go, with a default, as a copy."""
        self.company.sop_active = True
        line = [0, 0, {"product_id": self.product.id, "price_unit": 100}]
        vals = {"partner_id": self.customer.id, "order_line": [line]}
        before = self.env["sale.order"].search_count([])
        draft = self.make_gated()
        for action in (
            lambda: self.rpc("sale.order", "create", [vals | {"state": "sale"}]),
            lambda: self.json2("sale.order", "create", vals_list=[vals | {"state": "sale"}]),
            lambda: self.rpc("sale.order", "create", [vals], context={"default_state": "sale"}),
            lambda: self.rpc("sale.order", "web_save", [], vals | {"state": "sale"}, {"name": {}}),
            lambda: self.rpc("sale.order", "copy", draft.ids, {"state": "sale"}),
            lambda: self.rpc("sale.order", "copy", draft.ids, context={"default_state": "sale"}),
        ):
            self.assert_refused(action, "Reviewed")
        self.env["ir.default"].set("sale.order", "state", "sale")
        self.assert_refused(lambda: self.rpc("sale.order", "create", [vals]), "Reviewed")
        self.assertEqual(self.env["sale.order"].search_count([]), before + 1)

    def test_import(self):
        self.company.sop_active = True
        order = self.make_gated()
        answer = self.rpc("sale.order", "load", [".id", "state"], [[str(order.id), "Sales Order"]])
        self.assertIn("Reviewed", answer["messages"][0]["message"])
        self.assertEqual((answer["ids"], order.state), (False, "draft"))
        names = ["client_order_ref", "partner_id/.id", "order_line/product_id/.id", "state"]
        rows = [
            ["one", str(self.customer.id), str(self.product.id), "Quotation"],
            ["two", str(self.customer.id), str(self.product.id), "Sales Order"],
        ]
        for answer in (
            self.rpc("sale.order", "load", names, rows),
            self.json2("sale.order", "load", fields=names, data=rows),
        ):
            self.assertFalse(answer["ids"])
            self.assertIn("Reviewed", answer["messages"][0]["message"])
        self.assertFalse(self.env["sale.order"].search([("client_order_ref", "in", ["one", "two"])]))
        answer = self.rpc("sale.order", "load", names, rows[:1])
        imported = self.env["sale.order"].browse(answer["ids"])
        self.assertEqual((imported.sop_process_id, imported.sop_stage_id.name), (self.gated, "Review"))

    def test_a_context_from_outside_proves_nothing(self):
        order = self.make_gated()
        contexts = (
            {"sop_engine": True},
            {"sop_engine": {}, "sop_passed": order.ids},
            {"sop_unattended": True},
            {"active_test": False, "install_mode": True, "import_file": True, "_force_unlink": True},
        )
        for context in contexts:
            for method, *args in (("action_confirm",), ("write", {"state": "sale"})):
                self.assert_refused(
                    lambda m=method, a=args, c=context: self.rpc("sale.order", m, order.ids, *a, context=c), "Reviewed"
                )
        self.assertEqual(order.state, "draft")
