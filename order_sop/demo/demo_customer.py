from ..engine.guard import as_engine


class DemoCustomer:
    """What customers hear and say in the tales: messages, questions and answers, receipts, ratings."""

    def inform(self, order):
        """The customer gets the messages of the stages that the order has come to, which the engine's cron sends."""
        for visit in order.sop_visit_ids.filtered(lambda visit: visit.message_state == "to_send"):
            self.env["sop.engine.notify"]._send(visit)
            as_engine(visit).write({"message_state": "sent"})
        self.env["sop.engine.evaluation"]._mark(order)
        self.settle(order)

    def ask_for_another_date(self, order, hours, reason):
        """Sales asks the customer whether the goods may come so many hours later than now."""
        date = self.clock.calendar.plan_hours(hours, self.clock.now, compute_leaves=True)
        line = self.by("sales", self.env["sop.stock.line"]).browse(order.order_line[:1].ids)
        line.action_decide("reschedule", reason, {"new_date": str(date)})
        self.settle(order)

    def confirm_receipt(self, order, hours, name):
        """The customer says on his page that he received what was shipped."""
        self.clock.go_on(hours)
        self.env["sop.engine.proof"]._confirm_receipt(self._shipped(order), order.partner_id, name)
        self.settle(order)

    def rate(self, order, value, feedback):
        """The customer rates his order."""
        token = order._sop_get_rating_token()
        order.rating_apply(value, token=token, feedback=feedback)
