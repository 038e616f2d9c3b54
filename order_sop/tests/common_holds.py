"""Orders in front of the gates of the gated process, people who hold and release them, and types of holds."""

from .common_gates import GateCase


class HoldCase(GateCase):
    """The gated process; Finance, Customer Service and Warehouse see every order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = {
            code: cls.env.ref(f"order_sop.hold_type_{code}")
            for code in ("manual", "credit", "address", "customer", "fraud", "quality", "blocked")
        }
        for name in ("finance", "customer_service", "warehouse", "legal", "purchasing", "logistics"):
            cls.users[name].group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")

    def hold(self, name, orders, code, reason="Because", lines=None, expires_at=None):
        """Have the user called ``name`` put ``orders`` on hold; return what the action returns."""
        orders = orders.with_user(self.users[name])
        return orders.action_sop_hold(self.types[code].id, reason, lines and lines.ids, expires_at)

    def release(self, name, holds, reason="Clarified"):
        """Have the user called ``name`` release ``holds``."""
        return holds.with_user(self.users[name]).action_release(reason)

    def open_holds(self, order):
        """Return the codes of the types of the open holds of ``order``."""
        return sorted(order.sop_hold_ids.filtered(lambda hold: not hold.released_at).type_id.mapped("code"))

    def open_dialog(self, name, action):
        """Return the dialog that ``action`` opens, as the web client makes it for the user called ``name``."""
        self.assertFalse(action["res_id"], "what exists is shown in red from the start")
        dialogs = self.env[action["res_model"]].with_user(self.users[name])
        return dialogs.with_context(**action["context"]).create({})

    def panel(self, name, order):
        """Return the SOP panel of ``order`` as the user called ``name`` sees it."""
        self.env.invalidate_all()
        return order.with_user(self.users[name]).sop_panel

    def pick(self, delivery, *products):
        """Pick those moves of ``delivery`` that are of ``products``, in full, and nothing else."""
        delivery.action_assign()
        for move in delivery.move_ids:
            move.picked = move.product_id in products
            move.quantity = move.product_uom_qty if move.picked else 0
        return delivery.with_context(skip_backorder=True, picking_ids_not_to_backorder=[])

    def pay(self, invoice):
        """Register the payment of ``invoice`` in full."""
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        self.env["account.payment.register"].with_context(**context).create({})._create_payments()
        self.commit()
