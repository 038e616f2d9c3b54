"""A process with all four gates, each behind a manual checkpoint, so that a test opens and closes them at will."""

from odoo.exceptions import UserError

from .common import SopCase, SopFixture


class GateFixture(SopFixture):
    """Makes the gated process and orders in front of each of its gates."""

    @classmethod
    def set_up_gates(cls):
        cls.set_up_company()
        cls.gated = cls.make_process(
            cls.stage("Review", "confirm", {"name": "Reviewed"}),
            cls.stage("Pack", "ship", {"name": "Packed", "scope": "delivery"}, department="warehouse"),
            cls.stage(
                "Settle",
                "invoice",
                {"name": "Receipt proven"},
                {"name": "Amount agrees", "scope": "invoice"},
                department="finance",
            ),
            cls.stage("Close", "close", {"name": "Nothing open"}, department="finance"),
            cls.stage("After-sales", False, {"name": "Asked the customer"}),
            code="GATED",
        )
        cls.product.invoice_policy = "order"

    @classmethod
    def stage(cls, name, gate, *checkpoints, department="sales", **vals):
        """Return the values of a stage for ``make_process``."""
        return {
            "name": name,
            "gate": gate,
            "department_id": cls.departments[department].id,
            "checkpoints": checkpoints,
            **vals,
        }

    @classmethod
    def tick(cls, order, name, item=None):
        """Tick the open checks called ``name``, for one delivery or invoice where ``item`` is given."""
        cls.commit()
        checks = cls.check(order, name).filtered(lambda check: check.state in ("pending", "failed"))
        if item is not None:
            checks = checks.filtered(lambda check: check._get_document() == item)
        assert checks, f"no open check {name} on {order.name}"
        member = cls.users[next(key for key, value in cls.departments.items() if value == checks.department_id)]
        checks.with_user(member).action_pass()

    @classmethod
    def make_gated(cls, process=None, **vals):
        """Return an order of the salesperson in front of the first gate."""
        return cls.make_order(process=process or cls.gated, **{"user_id": cls.users["sales"].id, **vals})

    @classmethod
    def make_reviewed(cls, **vals):
        """Return an order whose confirm gate is open."""
        order = cls.make_gated(**vals)
        cls.tick(order, "Reviewed")
        return order

    @classmethod
    def make_confirmed(cls, **vals):
        """Return a confirmed order with its delivery, which is not packed."""
        order = cls.make_reviewed(**vals)
        order.action_confirm()
        cls.commit()
        return order

    @classmethod
    def make_delivered(cls, **vals):
        """Return an order whose delivery is done."""
        order = cls.make_confirmed(**vals)
        cls.tick(order, "Packed")
        cls.ship(order.picking_ids)
        cls.commit()
        return order

    @classmethod
    def make_settled(cls, **vals):
        """Return an order that is delivered, invoiced and posted: in front of the close gate."""
        order = cls.make_delivered(**vals)
        invoice = order._create_invoices()
        cls.tick(order, "Receipt proven")
        cls.tick(order, "Amount agrees")
        invoice.action_post()
        cls.commit()
        return order

    @classmethod
    def events(cls, order):
        """Return the log of ``order``, oldest line first."""
        cls.commit()
        return cls.env["sop.event"].search([("order_id", "=", order.id)], order="id")

    @classmethod
    def ship(cls, picking, quantity=None):
        """Do ``picking`` as its button does, ``quantity`` of each move (all by default), a backorder for the rest."""
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
        picking.move_ids.picked = True
        return picking.with_context(skip_backorder=True, picking_ids_not_to_backorder=[]).button_validate()


class GateCase(GateFixture, SopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_gates()

    def assert_closed(self, action, *texts):
        """Assert that ``action()`` is refused by a gate whose message has all ``texts``; return the message."""
        self.commit()
        with self.assertRaises(UserError) as caught:
            action()
        message = str(caught.exception)
        self.assertIn("is not possible yet", message)
        for text in texts:
            self.assertIn(text, message)
        return message
