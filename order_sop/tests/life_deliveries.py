"""What happens to goods in a random life: parts, too many, returns that update the order or do not."""

from datetime import timedelta
from random import Random

from odoo.fields import Datetime


class DeliveryActs:
    """Deliveries of :class:`Life`."""

    def do_deliver(self):
        """Deliver an open transfer: all, a part (with or without a backorder) or more than that."""
        pickings = self.orders.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel") and picking.picking_type_code == "outgoing"
        )
        if not pickings:
            return False
        picking = self.rng.choice(pickings)
        picking.action_assign()
        how = self.rng.random()
        if self.chance(0.08):
            self.add_unordered(picking)
        self.fill(picking, lambda demand: demand)
        if how < 0.35:
            self.fill(picking, lambda demand: self.rng.choice((0, round(demand / 2), round(demand * 0.3, 2), demand)))
        elif how < 0.5:
            self.fill(picking, lambda demand: demand + self.rng.randint(0, 3))
        if not any(move.quantity for move in picking.move_ids):
            self.fill(picking, lambda demand: demand)
        self.finish(picking, backorder=self.chance(0.7))
        return True

    def add_unordered(self, picking):
        """Put a product into a transfer that is on no line: Odoo adds a line of quantity 0 to the order."""
        product = self.rng.choice(self.world.goods)
        self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": self.rng.randint(1, 4),
                "product_uom": product.uom_id.id,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )._action_confirm()

    @staticmethod
    def fill(picking, quantity_of):
        """Set what is moved, by what is demanded."""
        for move in picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel")):
            move.quantity = quantity_of(move.product_uom_qty)
            move.picked = True

    def finish(self, picking, *, backorder):
        """Validate a transfer; one in five was done some hours or days before it was entered."""
        picking = picking.with_context(skip_sms=True, skip_sanity_check=True, skip_backorder=True)
        if not backorder:
            picking = picking.with_context(picking_ids_not_to_backorder=picking.ids)
        picking.button_validate()
        if picking.state == "done" and self.chance(0.2):
            picking.move_ids.filtered(lambda move: move.state == "done").write(
                {"date": Datetime.now() - self.rng.random() * timedelta(days=4)}
            )
        self.prove(picking)

    def prove(self, picking):
        """Let the customer say that he received a delivery, half of the times; by chance of its own, so that lives
        are the same with and without."""
        if Random(f"{self.lives.seed} {picking.name}").random() < 0.5 and picking._sop_is_delivered():
            self.env["sop.engine.proof"]._confirm_receipt(picking, picking.partner_id, "Received")

    def do_bring_back(self):
        """Return something of a delivery, or deliver once more what was returned."""
        pickings = self.orders.picking_ids.filtered(lambda picking: picking.state == "done")
        if not pickings:
            return False
        picking = self.rng.choice(pickings)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model="stock.picking")
            .create({})
        )
        update = self.chance(0.7)
        for line in wizard.product_return_moves:
            most = line.move_id.quantity
            line.quantity = self.rng.choice((0, most, min(1, most), round(most / 2)))
        if not any(line.quantity for line in wizard.product_return_moves):
            return False
        back = wizard._create_return()
        back.move_ids.to_refund = update
        self.fill(back, lambda demand: demand)
        self.finish(back, backorder=False)
        return True

    def do_work(self):
        """Enter what was done of a service that is invoiced as it is done."""
        lines = self.confirmed().order_line.filtered(lambda line: line.product_id == self.world.done_service)
        if not lines:
            return False
        line = self.rng.choice(lines)
        line.qty_delivered = self.rng.choice((0.5, 1, line.product_uom_qty, line.product_uom_qty + 1))
        return True
