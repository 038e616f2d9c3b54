"""An order that was delivered and paid, what its customer comes back with, and what the books must say afterwards."""

from unittest import SkipTest

from odoo import Command
from odoo.tests import tagged

from .common_fulfilment import FulfilmentCase


@tagged("-at_install", "post_install")
class CaseCase(FulfilmentCase):
    """A company at work that takes cases under their process, and whose orders are settled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.env.ref("order_sop.process_case")
        cls.tax = cls.env["account.tax"].create({"name": "Case 20%", "amount": 20.0, "amount_type": "percent"})
        cls.reasons = {
            cause: cls.env.ref(f"order_sop.case_reason_{name}")
            for cause, name in (
                ("customer", "mind"),
                ("product", "defective"),
                ("carrier", "damaged"),
                ("ours", "wrong"),
            )
        }

    def sell(self, lines=None, bill=True, pay=True, **vals):
        """Return an order that was delivered, and billed and paid unless told otherwise."""
        order, transfers = self.confirm(lines=lines or [(self.product, 3, 100.0)], **vals)
        self.ship(transfers)
        if bill:
            invoices = self.invoice(order)
            if pay:
                self.pay(invoices)
        return order

    def pay(self, invoices):
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoices.ids).create(
            {}
        )._create_payments()

    def open_case(self, order, qty=1.0, solution="refund", cause="product", line=None, kind="return", **vals):
        """Return a case of Customer Service on ``qty`` of a line of ``order``, answered and under its process."""
        line = line or order.order_line[:1]
        line_vals = {
            "order_line_id": line.id,
            "qty": qty,
            "reason_id": self.reasons[cause].id,
            "solution": solution,
        } | vals.pop("line_vals", {})
        case = (
            self.env["sop.case"]
            .with_user(self.users["customer_service"])
            .create({"order_id": order.id, "kind": kind, "line_ids": [Command.create(line_vals)]} | vals)
        )
        self.put_under(case.sudo(), self.process)
        case.message_post(body="We look at it.", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.commit()
        return case.with_user(self.users["after_sales"])

    def assess(self, case):
        """Have After-Sales complete the assessment, and Finance approve what is to be approved."""
        self.assertEqual(case.sop_stage_id.name, "Assessment", case.sop_missing)
        case.action_sop_complete()
        self.commit()
        for check in case.sudo().sop_check_ids.filtered(lambda c: c.kind == "approval" and c.state == "pending"):
            check.with_user(self.users["finance"]).action_approve()
            self.commit()

    def take_back(self, case, receive=True):
        """Expect the goods of ``case``, and receive them; return the transfers."""
        case.action_expect_goods()
        self.commit()
        transfers = case.sudo().document_ids.filtered(lambda link: link.kind == "return").picking_id
        if receive:
            self.ship(transfers)
            self.commit()
        return transfers

    def inspect(self, case, **quantities):
        """Have the warehouse find all that came back fit for stock, or as ``quantities`` say."""
        for line in case.line_ids:
            found = quantities or {"restock_qty": line.sudo().received_qty}
            line.with_user(self.users["warehouse"]).action_inspect(**found)
        self.commit()

    def solve(self, case):
        """Make what solves ``case``; return the links to it."""
        known = case.sudo().document_ids
        case.action_solve()
        self.commit()
        return case.sudo().document_ids - known

    def agree(self, case):
        case.action_agree()
        self.commit()
        self.assertEqual((case.state, case.sop_status), ("closed", "done"), case.sop_missing)

    def get_back(self, case, **quantities):
        """Assess ``case``, have its goods come back, and inspect them, see :meth:`inspect`; return the transfers."""
        self.assess(case)
        transfers = self.take_back(case)
        self.inspect(case, **quantities)
        return transfers

    def credit(self, case, pay=True):
        """Solve ``case``, post the credit notes that this makes, and pay them out unless told otherwise."""
        notes = self.solve(case).move_id
        notes.action_post()
        if pay:
            self.pay(notes)
        self.commit()
        return notes

    @classmethod
    def make_kit(cls):
        """Return a set of four chairs and a table, which is sold as one; skip the test without manufacturing."""
        if "mrp.bom" not in cls.env:
            raise SkipTest("sale_mrp is not installed")
        cls.add_stock(cls.other_product, 20)
        kit = cls.env["product.product"].create(
            {"name": "Dining set", "type": "consu", "is_storable": True, "list_price": 500.0, "taxes_id": []}
        )
        parts = ((cls.product, 4), (cls.other_product, 1))
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [Command.create({"product_id": part.id, "product_qty": qty}) for part, qty in parts],
            }
        )
        return kit

    def assert_settled(self, *orders):
        """Assert that nothing about the money of ``orders`` is different from what it should be."""
        orders = self.env["sale.order"].union(*orders)
        self.env.flush_all()
        self.env["sop.engine.difference"]._look(orders)
        found = self.env["sop.difference"].search([("order_id", "in", orders.ids), ("state", "=", "open")])
        found = found.filtered(lambda one: one.kind not in ("no_proof", "overdue"))
        self.assertEqual(found.mapped(lambda one: (one.display_name, one.amount)), [])
