"""The life of a batch of orders, from entry to payment, with the queries that each step takes."""

import base64
import contextlib
import re
import sys
import threading
from pathlib import Path

from odoo import Command
from odoo.fields import Datetime

from .common import SopCase

STEPS = ("create", "confirm", "deliver", "invoice", "post", "pay")
MOST = 20
ADDON = str(Path(__file__).resolve().parents[1])
FRAMEWORK = re.compile(r"/odoo/(orm|tools|api|models|fields|sql_db|tests)\b|/tests/common_life")
# guard.py and gate.py lie in the way of every order: they look at its process and hand it on
OWN_CODE = re.compile(r"/order_sop/(engine/(?!guard|gate)|rules/)")
OWN_TABLE = re.compile(r'\b(FROM|JOIN|INTO|UPDATE)\s+"?sop_')
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")


class LifeCase(SopCase):
    """Takes batches of up to ``MOST`` orders from entry to payment, each step with an empty cache.

    After :meth:`walk`, ``queries`` has for each step how many it took in all, ``own_queries`` the texts of those that
    came from the engine or a rule or touched the addon's tables, ``asked`` how many code of the addon asked for at all
    (some of them read what Odoo would have read a moment later).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.env["product.product"].create(
            [
                {"name": f"No {n}", "is_storable": True, "list_price": 100.0, "invoice_policy": "delivery"}
                for n in range(MOST)
            ]
        )
        for product in cls.products:
            cls.add_stock(product, 1_000_000)
        term = cls.env.ref("account.account_payment_term_30days")
        cls.businesses = cls._copy(cls.customer, property_payment_term_id=term.id)
        cls.consumers = cls._copy(cls.consumer)
        cls.carrier = cls.env.ref("delivery.free_delivery_carrier")
        provider = cls.env["payment.provider"].create({"name": "Card", "code": "none", "state": "test"})
        cls.payment = {
            "provider_id": provider.id,
            "payment_method_id": cls.env["payment.method"].search([], limit=1).id,
        }
        cls.number = 0

    @classmethod
    def _copy(cls, partner, **vals):
        """Return as many contacts like ``partner`` as the largest batch has orders."""
        return cls.env["res.partner"].union(*(partner.copy({"name": f"No {n}", **vals}) for n in range(MOST)))

    def walk(self, size, partners, active):
        """Take ``size`` orders of ``partners`` through all steps; every order must be paid in the end.

        :param bool active: whether new orders go under their process
        """
        if self.company.sop_active != active:
            self.company.sop_active = active
        self.records, self.queries, self.own_queries, self.asked = {}, {}, {}, dict.fromkeys(STEPS, 0)
        for step in STEPS:
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.watched(step):
                getattr(self, f"_do_{step}")(size, partners)
                self.commit()
            self.queries[step] = self.env.cr.sql_log_count - before
            if paperwork := getattr(self, f"_after_{step}", None):
                paperwork()
            if active:
                self._press_buttons()
        orders, invoices = self.records["orders"], self.records["invoices"]
        self.assertLessEqual(set(invoices.mapped("payment_state")), {"in_payment", "paid"})
        phases = {order.sop_stage_id.phase for order in orders}
        self.assertEqual(phases, {"after_sales"} if active else {False}, orders[:1].sop_missing)

    @contextlib.contextmanager
    def watched(self, step):
        """Keep what the engine, the rules or the addon's tables are asked in the block."""
        own_queries = self.own_queries[step] = []

        def note(cr, query, params, start, delay):
            frame, files = sys._getframe(), []
            while frame := frame.f_back:
                files.append(frame.f_code.co_filename)
            asker = next((file for file in files if not FRAMEWORK.search(file)), "")
            own = OWN_TABLE.search(str(query)) or any(map(OWN_CODE.search, files))
            if own:
                own_queries.append(str(query)[:300])
            self.asked[step] += bool(own or asker.startswith(ADDON))

        thread = threading.current_thread()
        before = getattr(thread, "query_hooks", ())
        thread.query_hooks = [*before, note]
        try:
            yield
        finally:
            thread.query_hooks = before

    # -- the steps -----------------------------------------------------------------------------------------------------

    def _do_create(self, size, partners):
        vals_list = []
        for partner in partners[:size]:
            type(self).number += 1
            lines = [(self.products[self.number % MOST], 50 + self.number), (self.products[-self.number % MOST], 10)]
            vals_list.append(
                {
                    "partner_id": partner.id,
                    "client_order_ref": f"PO {self.number}",
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": quantity})
                        for product, quantity in lines
                    ],
                }
            )
        self.records["orders"] = self.env["sale.order"].create(vals_list)

    def _after_create(self):
        orders = self.records["orders"]
        self._attach(orders)
        self.env["payment.transaction"].create(
            [
                {
                    **self.payment,
                    "reference": order.name,
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_ids": [Command.set(order.ids)],
                    "state": "done",
                }
                for order in orders
            ]
        )
        orders.action_sop_check_again()

    def _do_confirm(self, size, partners):
        self.records["orders"].action_confirm()

    def _after_confirm(self):
        self.records["pickings"] = pickings = self.records["orders"].picking_ids
        pickings.carrier_id = self.carrier
        pickings.move_ids.picked = True
        self.commit()

    def _do_deliver(self, size, partners):
        self.records["pickings"].with_context(skip_sms=True).button_validate()

    def _after_deliver(self):
        pickings = self.records["pickings"]
        self.assertEqual(set(pickings.mapped("state")), {"done"})
        for picking in pickings:
            picking.carrier_tracking_ref = f"T{picking.id}"
            picking.message_post(body="On its way", partner_ids=picking.partner_id.ids, subtype_xmlid="mail.mt_comment")
        receipts = self._attach(pickings)
        # in a test's one transaction all is created at its start, but a receipt is signed after the delivery
        self.env.cr.execute("UPDATE ir_attachment SET create_date = %s WHERE id IN %s", (Datetime.now(), receipts._ids))
        self.commit()

    def _do_invoice(self, size, partners):
        self.records["invoices"] = self.records["orders"]._create_invoices(grouped=True)

    def _do_post(self, size, partners):
        self.records["invoices"].action_post()

    def _do_pay(self, size, partners):
        context = {"active_model": "account.move", "active_ids": self.records["invoices"].ids}
        register = self.env["account.payment.register"].with_context(**context)
        register.create({"group_payment": False})._create_payments()

    def _attach(self, records):
        """Attach a file to each of ``records``: contract or signed receipt."""
        return self.env["ir.attachment"].create(
            [{"name": "paper.png", "res_model": r._name, "res_id": r.id, "raw": PIXEL} for r in records]
        )

    def _press_buttons(self):
        """Let finance approve and the departments tick what is open for them."""
        photo = {"name": "photo.png", "raw": PIXEL}
        checks = self.records["orders"].sop_check_ids.filtered(lambda check: check.state == "pending")
        for name, department in self.departments.items():
            mine = checks.filtered(lambda c, d=department: c.department_id == d).with_user(self.users[name])
            file = mine.env["ir.attachment"].create(photo)
            mine.filtered(lambda check: check.kind == "manual").action_pass(attachment_ids=file.ids)
            mine.filtered(lambda check: check.kind == "approval").action_approve("Fine")
