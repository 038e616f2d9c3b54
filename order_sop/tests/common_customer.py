"""What customers see: a process with names for them, deliveries of their orders, and they themselves with a login."""

from odoo.tests import new_test_user

from .common_delivery import DeliveryFixture
from .common_stock import StockFixture

INTERNAL = "Secret of the house"


class CustomerFixture(StockFixture, DeliveryFixture):
    """Orders under a process all of whose internal words have :data:`INTERNAL` in them."""

    @classmethod
    def set_up_customers(cls):
        cls.set_up_deliveries()
        cls.set_up_stock()
        template = cls.env.ref("order_sop.mail_template_completed")
        cls.followed = cls.make_process(
            cls.stage(f"Receive {INTERNAL}", False, customer_name="Order received", auto_advance=True),
            cls.stage(f"Review {INTERNAL}", "confirm", cls.secret("Reviewed"), customer_name="Order received"),
            cls.stage(f"Match {INTERNAL}", False, cls.secret("Matched")),
            cls.stage(
                f"Pack {INTERNAL}",
                "ship",
                cls.secret("Packed", scope="delivery"),
                department="warehouse",
                customer_name="In preparation",
            ),
            cls.stage(f"Send {INTERNAL}", "invoice", cls.secret("Sent"), customer_name="On its way"),
            cls.stage(f"Settle {INTERNAL}", False, cls.secret("Settled"), phase="settlement"),
            cls.stage(
                f"Care {INTERNAL}",
                False,
                cls.secret("Cared for"),
                phase="after_sales",
                message_template_id=template.id,
            ),
            code="FOLLOWED",
            name=f"Process {INTERNAL}",
        )
        for name, partner in (("buyer", cls.customer), ("stranger", cls.consumer)):
            user = new_test_user(cls.env, login=f"sop_{name}", groups="base.group_portal", name=name.capitalize())
            user.partner_id.parent_id = partner if partner.is_company else False
            cls.users[name] = user

    @classmethod
    def secret(cls, name, **vals):
        """Return the values of a manual checkpoint that nobody outside may read."""
        return {"name": f"{name} {INTERNAL}", "kind": "manual", "instruction": f"Look at it. {INTERNAL}", **vals}

    @classmethod
    def take(cls, lines=None, **vals):
        """Return a new order of the customer that he need not sign or pay."""
        vals = {"user_id": cls.users["sales"].id, "require_signature": False, "require_payment": False, **vals}
        return cls.make_order(process=cls.followed, lines=lines, **vals)

    @classmethod
    def do(cls, order, *names, item=None):
        """Tick the checks with these ``names`` of ``order``."""
        for name in names:
            cls.tick(order, f"{name} {INTERNAL}", item)
            cls.commit()

    @classmethod
    def confirm(cls, **vals):
        """Return a confirmed order whose goods are being packed."""
        order = cls.take(**vals)
        cls.do(order, "Reviewed")
        order.action_confirm()
        cls.do(order, "Matched")
        return order

    @classmethod
    def send(cls, order=None, quantity=None, number="TRACK-1", **vals):
        """Return an order of which ``quantity`` (of each line, all by default) has left with the carrier."""
        order = order or cls.confirm(**vals)
        picking = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        picking.write({"carrier_id": cls.carrier.id, "carrier_tracking_ref": number})
        cls.do(order, "Packed", item=picking)
        cls.ship(picking, quantity)
        cls.commit()
        return order

    @classmethod
    def log(cls, order, *codes):
        """Return the data of the lines with ``codes`` in the log of ``order``, oldest first."""
        cls.commit()
        domain = [("order_id", "=", order.id), ("code", "in", codes)]
        return cls.env["sop.event"].search(domain, order="id").mapped("data")

    @classmethod
    def hold(cls, order):
        """Put ``order`` on hold for a reason that is the house's."""
        hold_type = cls.env["sop.hold.type"].create({"name": f"Type {INTERNAL}", "code": "house", "close_ship": True})
        order.with_user(cls.users["manager"]).action_sop_hold(hold_type.id, f"Reason {INTERNAL}")
        cls.commit()

    def steps(self, order):
        """Return the steps of the tracker of ``order`` as ``[(name, state)]``."""
        self.commit()
        self.env.invalidate_all()
        return [(step["name"], step["state"]) for step in order._sop_get_tracker()["steps"]]

    def parcels(self, order):
        """Return the deliveries in the tracker of ``order``."""
        self.commit()
        self.env.invalidate_all()
        return order._sop_get_tracker()["deliveries"]
