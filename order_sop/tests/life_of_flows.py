"""Random lives of orders under the SOP: people do what people do, in any sequence, right and wrong, as time passes."""

from collections import Counter
from datetime import timedelta
from random import Random

from odoo import Command
from odoo.exceptions import UserError


class FlowLives:
    """Lets orders of a test case live by chance; the same seed gives the same lives.

    :param case: the :class:`TestCase`, with the makers of ``GateFixture`` and ``FulfilmentCase``
    :param clock: of ``freeze_time``, which is moved on
    """

    ACTS = {
        "tick": 30,
        "confirm": 8,
        "ship": 8,
        "bill": 5,
        "pay": 3,
        "complete": 10,
        "send_back": 2,
        "waive": 1,
        "hold": 1,
        "release": 8,
        "cancel": 1,
        "reopen": 1,
        "return": 2,
        "credit": 1,
        "case": 2,
        "cancel_case": 1,
        "rate": 3,
        "edit": 2,
        "promise": 2,
        "move": 1,
    }

    def __init__(self, case, clock, seed, processes):
        self.case, self.env, self.clock, self.random = case, case.env, clock, Random(seed)
        self.processes = processes
        self.orders = self.env["sale.order"]
        self.acts, self.refused = Counter(), Counter()

    def play(self, orders, acts):
        """Begin so many orders and let so many things happen to them."""
        for number in range(acts):
            if len(self.orders) < orders and (not self.orders or self.random.random() < orders / acts * 1.5):
                self._begin()
            name = self.random.choices(list(self.ACTS), self.ACTS.values())[0]
            self._do(name, self.random.choice(self.orders))
            self.clock.tick(timedelta(minutes=self.random.choice((0, 1, 7, 50, 240, 1000))))
            if number % 7 == 0:
                self.case.commit()
        self.case.commit()
        return self

    def _begin(self):
        choose = self.random.choice
        products = [self.case.product, self.case.other_product, self.case.service]
        lines = [
            (product, choose((1, 2, 5)), choose((10.0, 99.99, 1000.0))) for product in self.random.sample(products, 2)
        ]
        vals = {"commitment_date": self._in_days(choose((2, 30, 200)))} if self.random.random() < 0.5 else {}
        partner = choose((self.case.customer, self.case.consumer))
        self.orders |= self.case.make_order(partner=partner, lines=lines, process=choose(self.processes), **vals)

    def _do(self, name, order):
        try:
            with self.env.cr.savepoint():
                getattr(self, f"_{name}")(order)
                self.case.commit()
            self.acts[name] += 1
        except UserError:
            self.env.invalidate_all()
            self.refused[name] += 1

    def _in_days(self, days):
        return self.clock().replace(microsecond=0) + timedelta(days)

    def _manager(self, records):
        return records.with_user(self.case.users["manager"])

    # -- what can happen -----------------------------------------------------------------------------------------------

    def _tick(self, order):
        checks = order.sop_check_ids.filtered(
            lambda check: check.state in ("pending", "failed") and check.kind == "manual"
        )
        for check in checks.filtered(lambda check: not check.superseded)[:2]:
            member = next(
                self.case.users[key] for key, value in self.case.departments.items() if value == check.department_id
            )
            check.with_user(member).action_pass()

    def _confirm(self, order):
        if order.state in ("draft", "sent"):
            order.action_confirm()

    def _ship(self, order):
        for picking in order.picking_ids.filtered(lambda picking: picking.state in ("confirmed", "assigned"))[:1]:
            self.case.ship(picking, self.random.choice((None, None, 1)))

    def _bill(self, order):
        if order.invoice_status == "to invoice":
            order._create_invoices(final=True).action_post()

    def _pay(self, order):
        if invoices := order.invoice_ids.filtered(lambda move: move.payment_state == "not_paid"):
            self.case.pay(invoices[0], **self.random.choice(({}, {"amount": 7.0})))

    def _complete(self, order):
        self._manager(order).action_sop_complete()

    def _send_back(self, order):
        earlier = order.sop_process_id.stage_ids.filtered(lambda stage: stage._is_before(order.sop_stage_id))
        if earlier:
            self._manager(order).action_sop_send_back(self.random.choice(earlier).id, "Once more")

    def _waive(self, order):
        checks = order.sop_check_ids.filtered(
            lambda check: check.state in ("pending", "failed") and not check.superseded
        )
        self._manager(checks[:1]).action_waive("Nobody has the time")

    def _hold(self, order):
        self.env["sop.engine.holds"]._set(order, "manual")

    def _release(self, order):
        self._manager(order.sop_hold_ids.filtered(lambda hold: not hold.released_at)).action_release("Over")

    def _cancel(self, order):
        order._action_cancel()

    def _reopen(self, order):
        if order.state == "cancel":
            order.action_draft()

    def _return(self, order):
        for delivery in order.picking_ids.filtered(
            lambda picking: picking.state == "done" and picking.picking_type_code == "outgoing"
        )[:1]:
            self.case.send_back(delivery, 1)

    def _credit(self, order):
        for invoice in order.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )[:1]:
            invoice._reverse_moves().action_post()

    def _case(self, order):
        line = order.order_line.filtered("qty_delivered")[:1]
        kind = self.random.choice(("complaint", "question"))
        vals = {"order_id": order.id, "partner_id": order.partner_id.id, "kind": kind}
        if line and kind == "complaint":
            vals["line_ids"] = [Command.create({"order_line_id": line.id})]
        self.env["sop.case"].create(vals)

    def _cancel_case(self, order):
        case = self.env["sop.case"].search([("order_id", "=", order.id), ("state", "=", "open")], limit=1)
        if case:
            self._manager(case).action_cancel()

    def _rate(self, order):
        order.rating_apply(self.random.choice((1, 3, 5)), token=order._sop_get_rating_token())

    def _edit(self, order):
        order.order_line[:1].product_uom_qty += 1

    def _promise(self, order):
        order.commitment_date = self._in_days(self.random.choice((1, 20, 100)))

    def _move(self, order):
        order.user_id = self.random.choice((self.case.users["sales"], self.case.users["customer_service"]))
