from odoo import api, models

from .demo_clock import DemoClock
from .demo_steps import DemoSteps

SUSPICIOUS = "[('partner_id.is_company', '=', False), ('sop_amount_company', '>=', 5000)]"


class SopDemo(models.AbstractModel):
    """Makes the demo orders: some for each stage of both default processes, and what can go wrong on the way.

    The farther an order has got, the earlier it was taken: the tales go from the end of the process to its beginning.
    Numbers are working hours ago.
    """

    _name = "sop.demo"
    _description = "SOP demo orders"

    @api.model
    def _make_orders(self):
        """Publish the default processes and make the demo orders, unless they are there already."""
        if self.env.ref("order_sop.demo_b2b_done", raise_if_not_found=False) or self._are_left():
            return
        newest = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        parameters = self.env["ir.config_parameter"]
        at_once = parameters.get_param("sale.async_emails")
        parameters.set_param("sale.async_emails", True)  # no PDF is printed for a mail that nobody gets
        with DemoClock(self.env.ref("base.main_company")) as clock:
            steps = DemoSteps(self.env, clock)
            steps.publish()
            steps.open_online_payment()
            steps.tell_of_past_months(self)
            self._tell_of_settled_business_orders(steps)
            self._tell_of_business_orders_on_their_way(steps)
            self._tell_of_business_orders_in_review(steps)
            self._tell_of_consumers(steps)
            self._tell_of_cases(steps)
            steps.draft_stricter_version()
            steps.be_away("head_of_finance", "manager", 7)
            open_ones = self.env["sop.approval"].search([("state", "=", "open")])
            self.env["sop.engine.approval"]._refresh_people(open_ones)
        self._look_at_the_time()
        self._add_up()
        self._settle_accounts()
        self.env["sop.demo.statements"]._make_statements()
        parameters.set_param("sale.async_emails", at_once)
        self._forget_mail(newest)

    @api.model
    def _look_at_the_time(self):
        """Learn from what has happened how long stages take, judge the open promises by that, tell what is due, and
        give those who have to act on it their activities.

        One order is promised for when it will usually, but not always, be ready.
        """
        pace, alarm = self.env["sop.engine.pace"], self.env["sop.engine.alarm"]
        pace._cron_learn()
        order = self.env.ref("order_sop.demo_b2b_receipt_discount")
        stages = self.env["sop.stage"].union(*pace._get_stages_left(order)[order])
        usual, seldom = (pace._sum_hours(stages, order, kind) for kind in (0, 1))
        order.commitment_date = pace._plan(order, self.env["sop.engine.clock"]._now(), (usual + seldom) / 2)
        pace._follow(self.env["sale.order"].search([("sop_visit_id", "!=", False)]))
        for model in ("sop.visit", "sop.check"):
            for due in self.env[model].search(alarm._get_due_domain(self.env[model]))._by_model():
                alarm._tell(due)
        for alerts in self.env["sop.alert"].search([("to_tell", "=", True)])._by_model():
            self.env["sop.engine.alert.teller"]._tell(alerts)
        delay = self.env["sop.engine.delay"]
        for order in delay._search_due():
            delay._tell_once(order)

    @api.model
    def _add_up(self):
        """Add up for the KPIs what has happened, as their cron does."""
        for _batch in self.env["sop.engine.tally"]._catch_up():
            pass

    @api.model
    def _are_left(self):
        """Tell whether orders of an earlier installation are there: Odoo's documents outlive the addon."""
        customers = self.env["res.partner"].search([("name", "=", self.env.ref("order_sop.demo_customer_chain").name)])
        return bool(self.env["sale.order"].search_count([("partner_id", "in", customers.ids)], limit=1))

    @api.model
    def _tell_of_settled_business_orders(self, s):
        """Shipped and invoiced: one finished, one with a return, one that is paid, some that are not."""
        order = self._ship(s, "b2b_done", 400, "chain", chair=40, desk=20)
        self._settle(s, order, pay_after=180)
        s.rate(order, 5, "All there, on time, and well packed.")
        order = self._ship(s, "b2b_settlement_overdue", 380, "west", desk=8)
        self._settle(s, order)
        order = s.take("b2b_deviated", 300, "south", discount=25, desk=4, lamp=12)
        s.waive(order, "Discounts within the limit", "The last ones of the old series: the customer knows.")
        self._review(s, order)
        self._deliver(s, order)
        self._track(s, order)
        self._settle(s, order, pay_after=30)
        order = self._ship(s, "b2b_after_sales_return", 150, "north", chair=10, lamp=10)
        self._settle(s, order, pay_after=40)
        s.take_back(order, 2)
        order = self._ship(s, "b2b_after_sales", 120, "authority", desk=6, assembly=6)
        self._settle(s, order, pay_after=60)
        order = self._ship(s, "b2b_settlement", 34, "east", chair=24, lamp=24)
        self._settle(s, order)

    @api.model
    def _tell_of_business_orders_on_their_way(self, s):
        """Confirmed: one with a waived check, one partly delivered, some to be packed or held, one short of stock."""
        order = s.take("b2b_waived", 26, "chain", discount=25, desk=10)
        s.waive(order, "Discounts within the limit", "Agreed in the framework contract for this year.")
        self._review(s, order)
        self._deliver(s, order)
        self._track(s, order)
        s.tell(order, "in_transit", "Distribution centre", hours=4)
        s.tell(order, "failed", order.partner_shipping_id.city, "Nobody at the gate; we try again tomorrow", hours=4)
        order = self._confirm(s, "b2b_parts", 14, "chain", lamp=10, chair=6)
        self._deliver(s, order, share=0.5)
        s.track(order)
        s.tell(order, "out_for_delivery", order.partner_shipping_id.city, hours=2)
        self._ship(s, "b2b_logistics", 18, "south", chair=12, riser=12, track=False)
        order = self._confirm(s, "b2b_backorder", 16, "north", lamp=40)
        s.send_back(order, "warehouse", "review", "Twenty lamps are here: is the customer content with two deliveries?")
        s.review_again(order)
        self._deliver(s, order, share=0.5)
        order = self._confirm(s, "b2b_pack", 7, "authority", chair=8, riser=8)
        s.choose_carrier(order)
        s.pick(order)
        s.pack(order, photo=False)
        order = self._confirm(s, "b2b_pack_address", 7, "east", chair=6)
        s.hold(order, "address", "customer_service", "The street has no such number: we have asked the customer.")
        order = self._confirm(s, "b2b_pack_line", 7, "chain", chair=4, desk=2)
        desk = order.order_line.filtered(lambda line: line.product_id == s.ref("product_desk"))
        s.hold(order, "quality", "warehouse", "Both desks came scratched from the supplier.", line=desk)
        order = self._confirm(s, "b2b_stock", 6, "chain", table=10, chair=4)
        s.decide(order, "replenish", "purchasing", "table", "Nothing is on its way: ordered from Table Works.")
        order = self._confirm(s, "b2b_stock_parts", 6, "authority", sofa=5)
        s.ask(s.decide(order, "parts", "warehouse", "sofa", "Three are here; the rest is not even ordered."))
        order = self._confirm(s, "b2b_question", 5, "chain", table=6)
        date = s.clock.calendar.plan_hours(60, s.clock.now, compute_leaves=True)
        s.decide(
            order, "reschedule", "sales", "table", "The vendor has no tables before next week.", new_date=str(date)
        )

    @api.model
    def _tell_of_business_orders_in_review(self, s):
        """Not confirmed: late, sent back, cancelled, blocked by an overdue invoice, under way, with wrong data."""
        s.take("b2b_review_late", 40, "east", desk=20)
        order = self._confirm(s, "b2b_sent_back", 12, "south", table=6)
        s.send_back(
            order, "purchasing", "review", "The tables come two weeks late: agree on the delivery clause again."
        )
        order = s.take("b2b_cancelled", 30, "authority", lamp=15)
        s.cancel(order)
        s.take("b2b_blocked", 5, "west", promised=22, chair=10)
        order = s.take("b2b_review", 4, "north", promised=60, desk=12, chair=12)
        s.sign(order)
        s.read_contract(order, "scope and delivery", "price and payment")
        order = s.take("b2b_approval", 4, "chain", desk=30, chair=30)
        s.attach_contract(order)
        s.read_contract(order)
        s.approve_step(order, "finance", "Pays on time.")
        order = s.take("b2b_rejected", 4, "east", desk=15)
        s.attach_contract(order)
        s.reject(order, "Two invoices are open: ask for a deposit first.")
        s.take("b2b_receipt", 3, "new", promised=48, chair=4)
        s.take("b2b_receipt_discount", 1, "south", discount=35, desk=2, lamp=4)

    @api.model
    def _tell_of_consumers(self, s):
        """Consumers pay before we confirm; one has paid an order that cannot be confirmed, one has ordered twice, and
        one has ordered so much that it is held by itself."""
        order = self._pay(s, "b2c_done", 170, "returning", chair=1, lamp=1)
        self._deliver(s, order)
        self._track(s, order)
        s.confirm_receipt(order, 60, "Returning Customer")
        s.invoice(order)
        s.rate(order, 3, "Nice lamp. The parcel took a while.")
        order = self._pay(s, "b2c_after_sales", 30, "home_office", desk=1, riser=2)
        self._deliver(s, order)
        self._track(s, order)
        s.invoice(order)
        order = self._pay(s, "b2c_settlement", 22, "online", chair=2)
        self._deliver(s, order)
        self._track(s, order)
        order = self._pay(s, "b2c_logistics", 15, "student", lamp=1, riser=1)
        self._deliver(s, order)
        self._pay(s, "b2c_pack", 5, "phone", chair=1)
        order = self._pay(s, "b2c_stock", 6, "home_office", table=1)
        new = s.clock.calendar.plan_days(12, s.clock.now)
        s.decide(
            order, "reschedule", "sales", "table", "Called: two weeks later suits as well.", new_date=new, agreed=True
        )
        s.tell_of_date(order)
        s.take("b2c_review", 5, "returning", promised=40, desk=1)
        self._pay(s, "b2c_on_hold", 2, "gift", lamp=2)
        s.take("b2c_receipt_twice", 1, "returning", desk=1)
        s.hold_by_itself("fraud", SUSPICIOUS)
        s.take("b2c_suspicion", 2, "online", desk=12)

    # -- parts of the tales --------------------------------------------------------------------------------------------

    def _review(self, s, order):
        s.attach_contract(order)
        s.read_contract(order)
        s.approve(order)
        s.confirm(order)
        s.inform(order)

    def _confirm(self, s, name, hours, customer, **quantities):
        order = s.take(name, hours, customer, **quantities)
        self._review(s, order)
        return order

    def _pay(self, s, name, hours, customer, **quantities):
        order = s.take(name, hours, customer, **quantities)
        s.pay_online(order)
        return order

    def _deliver(self, s, order, share=1):
        s.choose_carrier(order)
        s.pick(order, share)
        s.pack(order)
        s.ship(order)

    def _track(self, s, order):
        s.track(order)
        s.inform(order)

    def _ship(self, s, name, hours, customer, track=True, **quantities):
        order = self._confirm(s, name, hours, customer, **quantities)
        self._deliver(s, order)
        if track:
            self._track(s, order)
        return order

    def _settle(self, s, order, pay_after=None):
        s.prove_receipt(order)
        s.invoice(order)
        if pay_after:
            s.pay(order, pay_after)
            s.inform(order)

    @api.model
    def _forget_mail(self, newest):
        """Let the mail that the tales wrote, after the one with id ``newest``, count as sent: it was, in the past."""
        mails = self.env["mail.mail"].search([("id", ">", newest), ("state", "=", "outgoing")])
        mails.notification_ids.notification_status = "sent"
        mails.state = "sent"
        orders = self.env["sale.order"].search([("pending_email_template_id", "!=", False)])
        orders.pending_email_template_id = False
