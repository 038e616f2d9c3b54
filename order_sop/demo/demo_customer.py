from ..engine.guard import as_engine


class DemoCustomer:
    """What customers hear and say in the tales: messages, questions and answers, receipts, ratings."""

    def inform(self, order):
        """The customer gets the messages of the stages that the order has come to, which the engine's cron sends."""
        for visit in order.sop_visit_ids.filtered(lambda visit: visit.message_state == "to_send"):
            self.env["sop.engine.notify"]._post(order, visit.stage_id.message_template_id)
            as_engine(visit).write({"message_state": "sent"})
        self.env["sop.engine.evaluation"]._mark(order)
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
