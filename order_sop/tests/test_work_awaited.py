"""*My Work* asks to complete a stage only where that can be done: not while its delivery or invoice is awaited."""

from odoo.tests import tagged

from .common_work import WorkCase, manual


@tagged("post_install", "-at_install")
class TestWorkAwaited(WorkCase):
    def make_stage(self, scope):
        """Return a process with one stage that checks each delivery or invoice and waits for *Complete*."""
        self.product.invoice_policy = "order"
        stage = {"name": "Handle", "department_id": self.house.id, "auto_advance": False}
        checkpoints = [manual("Seen", scope=scope), manual("Nice", scope=scope, blocking=False)]
        return self.make_process({**stage, "checkpoints": checkpoints}, code="AWAIT")

    def kinds(self, order):
        """Return what the warehouse is shown to do on ``order``; where that is to complete it, it can be done."""
        self.commit()
        works = self.work("anna", [("order_id", "=", order.id)])
        complete = self.env["sop.engine.evaluation"]._is_complete(order)
        self.assertEqual("stage" in works.mapped("kind"), complete)
        return sorted(works.mapped("kind"))

    def test_until_there_is_a_delivery(self):
        order = self.make_orders(1, self.make_stage("delivery"))
        self.assertEqual(self.kinds(order), [], "nothing can be done yet")
        order.action_confirm()
        self.assertEqual(self.kinds(order), ["manual", "manual"])
        self.check(order, "Seen").with_user(self.users["anna"]).action_pass()
        self.assertEqual(self.kinds(order), ["manual", "stage"])
        order.picking_ids.action_cancel()
        self.assertEqual(self.kinds(order), [], "another one has to come")

    def test_until_there_is_an_invoice(self):
        order = self.make_orders(1, self.make_stage("invoice"))
        order.action_confirm()
        self.assertEqual(self.kinds(order), [])
        invoice = order._create_invoices()
        self.assertEqual(self.kinds(order), ["manual", "manual"])
        self.check(order, "Seen").with_user(self.users["anna"]).action_pass()
        self.assertEqual(self.kinds(order), ["manual", "stage"])
        invoice.button_cancel()
        self.assertEqual(self.kinds(order), [])

    def test_where_none_will_come(self):
        free, service = self.make_orders(2, self.make_stage("invoice"))
        free.order_line.price_unit = 0
        self.assertEqual(self.kinds(free), ["stage"])
        process = self.make_stage("delivery")
        service = self.make_orders(1, process)
        service.order_line.product_id = self.service
        self.assertEqual(self.kinds(service), ["stage"])
