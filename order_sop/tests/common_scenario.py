"""Orders from their confirmation to their settlement on real stock moves, under a process that asks rules."""

from odoo.tests import TransactionCase

from .common_delivery import PDF, DeliveryFixture


def auto(rule, scope="delivery", **vals):
    """Return the values of an automatic checkpoint."""
    return {"kind": "auto", "rule": rule, "scope": scope, **vals}


class DeliveryScenario(DeliveryFixture, TransactionCase):
    """The process, and what the departments do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_deliveries()
        cls.process = cls.make_process(
            cls.stage(
                "Pack",
                "ship",
                auto("picked"),
                auto("packing_list"),
                {"name": "Packed", "scope": "delivery"},
                department="warehouse",
            ),
            cls.stage("Ship", False, auto("tracking"), department="logistics"),
            cls.stage(
                "Settle", "invoice", auto("proof_of_delivery"), auto("delivered", "order"), department="logistics"
            ),
            cls.stage("Work", False, auto_advance=False),
            code="SCENARIO",
        )
        cls.product.invoice_policy = "delivery"

    @classmethod
    def take(cls, *lines, **vals):
        """Return a confirmed order of ``lines`` (product, quantity) under the process."""
        lines = [(product, quantity, 10.0) for product, quantity in lines or [(cls.product, 5)]]
        order = cls.make_order(process=cls.process, lines=lines, user_id=cls.users["sales"].id, **vals)
        order.action_confirm()
        cls.commit()
        return order

    @classmethod
    def leaving(cls, order):
        """Return what of ``order`` is still to leave for the customer."""
        return order._sop_deliveries()[order].filtered(lambda picking: picking.state not in ("done", "cancel"))

    @classmethod
    def pick(cls, delivery, *quantities):
        """Pick ``quantities`` of the moves of ``delivery``, all by default."""
        delivery.action_assign()
        moves = delivery.move_ids.sorted("id")
        for move, quantity in zip(moves, quantities or moves.mapped("product_uom_qty"), strict=True):
            move.write({"quantity": quantity, "picked": True})
        cls.commit()

    @classmethod
    def send(cls, delivery, backorder=True):
        """Validate ``delivery`` as the warehouse does, having answered Odoo's question about the rest."""
        kept = {} if backorder else {"picking_ids_not_to_backorder": delivery.ids}
        as_warehouse = delivery.with_user(cls.users["warehouse"])
        result = as_warehouse.with_context(skip_backorder=True, **kept).button_validate()
        cls.commit()
        return result

    @classmethod
    def finish(cls, delivery, number="TRACK"):
        """Give the done ``delivery`` its number and its proof."""
        delivery.carrier_tracking_ref = number
        cls.env["sop.engine.proof"].with_user(cls.users["logistics"])._upload(
            delivery.with_user(cls.users["logistics"]), "Ms Li", False, "签收单.pdf", PDF
        )
        cls.commit()

    @classmethod
    def states(cls, order, delivery):
        """Return ``{name: state}`` of the live checks of ``order`` on ``delivery``."""
        cls.commit()
        return {
            check.checkpoint_id.name: check.state
            for check in order.sop_check_ids
            if not check.superseded and check.picking_id == delivery
        }

    def assert_closed(self, action, *texts):
        """Assert that the ship gate refuses ``action()`` with all ``texts``."""
        self.commit()
        with self.assertRaisesRegex(Exception, "is not possible yet") as caught:
            action()
        for text in texts:
            self.assertIn(text, str(caught.exception))
