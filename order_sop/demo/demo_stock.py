class DemoStock:
    """What is decided about short lines of demo orders."""

    def decide(self, order, kind, by, product, reason, **wishes):
        """A department decides about the line of ``product`` and what becomes of it; return the remedy."""
        self.clock.go_on(1)
        order_line = order.order_line.filtered(lambda line: line.product_id == self.ref(f"product_{product}"))
        agreed = wishes.pop("agreed", False)
        line = self.by(by, self.env["sop.stock.line"]).browse(order_line.ids)
        remedy = self.env["sop.remedy"].browse(line.action_decide(kind, reason, wishes, agreed))
        self.settle(self.by(by, order))
        return remedy

    def ask(self, remedy):
        """The customer gets the question, which the engine's cron sends."""
        self.env["sop.engine.remedy.teller"]._tell(remedy)

    def tell_of_date(self, order):
        """The customer is told of the new date, which the engine's cron does."""
        self.env["sop.engine.promise"]._tell(order, order.sop_promise_ids)
