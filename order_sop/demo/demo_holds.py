class DemoHolds:
    """What the tales tell of holds: people stop an order, or one line of it, and a customer who does not pay."""

    def hold(self, order, name, department, reason, line=None):
        """Have ``department`` put ``order``, or one ``line`` of it, on a hold of the type called ``name``."""
        hold_type = self.env.ref(f"order_sop.hold_type_{name}")
        self.by(department, order).action_sop_hold(hold_type.id, reason, line and line.ids)

    def hold_by_itself(self, name, order_domain):
        """Have the manager let holds of the type called ``name`` set themselves on orders of ``order_domain``."""
        hold_type = self.by("manager", self.env.ref(f"order_sop.hold_type_{name}"))
        hold_type.write({"automatic": True, "order_domain": order_domain})

    def release(self, order, department, reason):
        """Have ``department`` release what ``order`` is on hold for."""
        self.by(department, order.sop_hold_ids.filtered(lambda hold: not hold.released_at)).action_release(reason)

    def block(self, customer, reason):
        """Have finance block the customer called ``customer``."""
        self.by("finance", self.ref(f"customer_{customer}")).action_sop_block(reason)
