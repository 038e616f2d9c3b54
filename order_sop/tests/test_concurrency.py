from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_committed import CommittedCase, manual


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestConcurrency(CommittedCase):
    """Two sessions at one order at the same moment: each step is done once, and told once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["colleague"] = new_test_user(cls.env, login="sop_colleague", groups="order_sop.group_finance")
        cls.product.invoice_policy = "order"

    def test_two_tick_one_check(self):
        order = self.make_orders(1)
        check = self.check(order, "Looked at")
        tick = self.step("sales", check, "action_pass", "Seen")
        error = self.collide(tick, tick)
        self.assertIsInstance(error, UserError)
        self.assertIn("not open", str(error))
        self.assertEqual(check.state, "passed")
        ticks = self.events(order, "checks").filtered(lambda event: event.data.get("by") == "person")
        self.assertEqual(len(ticks), 1)
        self.assert_sound(order)

    def test_two_decide_one_approval(self):
        order = self.make_orders(1)
        self.request(*self.step("sales", self.check(order, "Looked at"), "action_pass"))
        self.refresh()
        check = self.check(order, "Approved")
        error = self.collide(
            self.step("finance", check, "action_approve", "Pays on time"),
            self.step("colleague", check, "action_reject", "Never pays"),
        )
        self.assertIsInstance(error, UserError)
        self.assertIn("not open", str(error))
        self.assertEqual(check.decision_ids.user_id, self.users["finance"])
        self.assertEqual(check.state, "passed")
        self.assert_sound(order)

    @mute_logger("odoo.sql_db")
    def test_who_looked_before_is_stopped(self):
        """The other has committed already, but this session still sees the check open: it may not act on that."""
        order = self.make_orders(1)
        check = self.check(order, "Looked at")
        with self.registry.cursor() as cr:
            stale = check.with_env(api.Environment(cr, self.users["sales"].id, {}))
            self.assertEqual(stale.state, "pending")
            self.request(*self.step("sales", check, "action_pass"))
            with self.assertRaises(SerializationFailure):
                stale.action_pass()
        self.assert_sound(order)

    def test_deliver_while_invoicing(self):
        process = self.make_process(
            {"name": "Ship", "gate": "ship"},
            {"name": "Invoice", "gate": "invoice"},
            {"name": "Rest", "checkpoints": [manual("Looked at")]},
            code="OPEN",
        )
        orders = self.make_orders(2, process)
        orders.action_confirm()
        orders.picking_ids.move_ids.picked = True
        for order in orders:
            order._create_invoices()
        self.refresh()
        for order, deliver_first in zip(orders, (True, False), strict=True):
            steps = [
                self.step("warehouse", order.picking_ids, "button_validate"),
                self.step("finance", order.invoice_ids, "action_post"),
            ]
            self.assertIsNone(self.collide(*(steps if deliver_first else reversed(steps))))
            self.assertEqual(order.picking_ids.state, "done")
            self.assertEqual(order.invoice_ids.state, "posted")
            gates = [event.data["gate"] for event in self.events(order, "passed_gate")]
            self.assertEqual(gates, ["confirm", "ship", "invoice"] if deliver_first else ["confirm", "invoice", "ship"])
        self.assert_sound(orders)

    # -- the cron that writes to customers -----------------------------------------------------------------------------

    def make_shipping(self, **vals):
        """Return an order in a stage that tells the customer so."""
        template = self.env.ref("order_sop.mail_template_shipping")
        process = self.make_process(
            {"checkpoints": [manual("Looked at"), manual("Handed over")], "message_template_id": template.id, **vals},
            code="TELL",
        )
        return self.make_orders(1, process)

    def send_messages(self):
        cron = self.env.ref("order_sop.notify_cron")
        self.request(SUPERUSER_ID, cron._name, cron.ids, "method_direct_trigger")
        self.refresh()

    def test_messages_wait_for_whoever_works_on_the_order(self):
        order, other = self.make_shipping(), self.make_shipping()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.users["sales"].id, {})
            self.check(order, "Looked at").with_env(env).action_pass()
            cr.flush()
            self.send_messages()
            states = (order.sop_visit_id.message_state, other.sop_visit_id.message_state)
            self.assertEqual(states, ("to_send", "sent"), "the others are not held up")
            cr.commit()  # pylint: disable=invalid-commit; several sessions are what is tested
        self.send_messages()
        self.assertEqual(order.sop_visit_id.message_state, "sent")
        self.assertEqual(len(self.events(order, "informed")), 1)
        self.assert_sound(order | other)

    @mute_logger("odoo.sql_db")
    def test_who_has_not_seen_the_message_is_stopped(self):
        """Or his line of the log would follow the same line as the message's, and the chain would fork."""
        order = self.make_shipping()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.users["sales"].id, {})
            stale = self.check(order, "Looked at").with_env(env)
            self.assertEqual(stale.state, "pending")
            self.send_messages()
            self.assertEqual(order.sop_visit_id.message_state, "sent")
            with self.assertRaises(SerializationFailure):
                stale.action_pass()
        self.assert_sound(order)

    @mute_logger("odoo.addons.order_sop.engine.notify", "odoo.addons.mail.models.mail_render_mixin")
    def test_a_message_that_cannot_be_made_stops_no_other(self):
        template = self.env["mail.template"].create(
            {
                "name": "Broken",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "subject": "{{ object.nothing }}",
            }
        )
        broken, other = self.make_shipping(message_template_id=template.id), self.make_shipping()
        self.send_messages()
        states = (broken.sop_visit_id.message_state, other.sop_visit_id.message_state)
        self.assertEqual(states, ("failed", "sent"))
