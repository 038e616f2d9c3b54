"""A delivery on its way: what Logistics and carriers tell of it, in any order, each event once."""

from itertools import permutations
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL

from ..engine.guard import as_engine
from .common_delivery import DeliveryFixture


@tagged("post_install", "-at_install")
class TestTracking(DeliveryFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_deliveries()
        cls.order = cls.make_shipped()
        cls.delivery = cls.order.picking_ids

    def by(self, name):
        return self.delivery.with_user(self.users[name])

    def alerts(self):
        return self.env["sop.alert"].search([("kind", "=", "undelivered"), ("order_id", "=", self.order.id)])

    # -- the story -----------------------------------------------------------------------------------------------------

    def test_picked_up_failed_delivered(self):
        self.by("logistics").action_sop_track("picked_up", "2026-01-05 08:00:00", "Shanghai")
        self.assertEqual(self.delivery.sop_tracking_state, "picked_up")
        event = self.delivery.sop_tracking_ids
        self.assertEqual((event.source, event.user_id, event.place), ("hand", self.users["logistics"], "Shanghai"))
        self.assertEqual(event.order_id, self.order)

        self.tell(self.item("failed", "2026-01-06T09:00:00Z", note="Nobody at home"))
        self.assertEqual(self.delivery.sop_tracking_state, "failed")
        alert = self.alerts()
        self.assertEqual((alert.department_id, alert.state), (self.departments["logistics"], "open"))
        self.assertIn(self.delivery.name, alert.message)
        self.assertIn(self.delivery.name, alert.display_name)
        self.tell(self.item("failed", "2026-01-06T15:00:00Z"))
        self.assertEqual(self.alerts(), alert, "one is enough as long as it is open")

        self.tell(self.item("delivered", "2026-01-07T11:30:00+08:00"))
        self.assertEqual(self.delivery.sop_tracking_state, "delivered")
        self.assertEqual(str(self.delivery.sop_delivered_at), "2026-01-07 03:30:00")
        self.assertEqual((alert.state, alert.ending), ("closed", "delivered"))
        told = [data["what"] for data in self.log(self.order, "tracked")]
        self.assertEqual(told, ["picked_up", "failed", "failed", "delivered"])
        self.assertFalse(self.env["sop.engine.log"]._verify([self.order.id]))

    def test_whatever_order_they_come_in(self):
        items = [
            self.item("picked_up", "2026-01-05T08:00:00"),
            self.item("failed", "2026-01-06T08:00:00"),
            self.item("delivered", "2026-01-07T08:00:00"),
        ]
        for order in permutations(items):
            with self.cr.savepoint() as savepoint:
                for item in order:
                    self.tell(item)
                self.assertEqual(self.delivery.sop_tracking_state, "delivered")
                open_ones = self.alerts().filtered(lambda alert: alert.state != "closed")
                self.assertFalse(open_ones, "what has been made good since is no trouble")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_of_one_moment_the_further_counts(self):
        for codes in (("delivered", "in_transit"), ("in_transit", "delivered")):
            with self.cr.savepoint() as savepoint:
                for code in codes:
                    self.tell(self.item(code, "2026-01-07T00:00:00"))
                self.assertEqual(self.delivery.sop_tracking_state, "delivered")
                self.assertIn(self.delivery, self.delivery.search([("sop_tracking_state", "=", "delivered")]))
                savepoint.rollback()
            self.env.invalidate_all()

    # -- once ----------------------------------------------------------------------------------------------------------

    def test_told_again(self):
        item = self.item()
        self.assertEqual(self.tell(item, item), ["created", "duplicate"])
        self.assertEqual(self.tell(item), ["duplicate"])
        self.assertEqual(self.tell(item | {"event": "delivered"}), ["duplicate"], "an id has one event")
        self.assertEqual(len(self.delivery.sop_tracking_ids), 1)
        for _time in range(2):
            self.by("logistics").action_sop_track("delivered", "2026-01-08 08:00:00")
        self.assertEqual(len(self.delivery.sop_tracking_ids), 2)

    # -- which delivery ------------------------------------------------------------------------------------------------

    def test_numbers(self):
        other = self.make_shipped("TRACK-2, TRACK-1").picking_ids
        self.assertEqual(self.tell(self.item(number="TRACK-2")), ["created"])
        self.assertEqual((len(other.sop_tracking_ids), len(self.delivery.sop_tracking_ids)), (1, 0))
        self.assertEqual(self.tell(self.item(number="TRACK-1")), ["created"], "two deliveries in one shipment")
        self.assertEqual((len(other.sop_tracking_ids), len(self.delivery.sop_tracking_ids)), (2, 1))
        self.assertEqual(self.tell(self.item(number="TRACK")), ["unknown"])
        self.assertEqual(self.tell(self.item(number="track-1", moment="2026-01-06T10:00:00")), ["unknown"])

    def test_of_another_carrier_it_is_unknown(self):
        self.delivery.sudo().carrier_id = self.carrier.copy()
        self.assertEqual(self.tell(self.item()), ["unknown"])

    def test_what_goes_to_no_customer_is_not_tracked(self):
        wizard = self.env["stock.return.picking"].create({"picking_id": self.delivery.id})
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        returned.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "BACK-1"})
        self.assertEqual(self.tell(self.item(number="BACK-1")), ["unknown"])
        with self.assertRaisesRegex(UserError, "brings nothing to a customer"):
            returned.with_user(self.users["logistics"]).action_sop_track("delivered")
        self.assertFalse(returned.sop_leaves)

    def test_without_a_process_there_is_no_log_and_no_alert(self):
        plain = self.make_order()
        plain.action_confirm()
        plain.picking_ids.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "PLAIN"})
        self.ship(plain.picking_ids)
        self.assertEqual(self.tell(self.item("failed", number="PLAIN")), ["created"])
        self.assertEqual(plain.picking_ids.sop_tracking_state, "failed")
        self.assertFalse(self.events(plain))

    # -- who -----------------------------------------------------------------------------------------------------------

    def test_who_may_tell(self):
        for name in self.users:
            may = name in ("logistics", "manager")
            if may:
                self.by(name).action_sop_track("in_transit", "2026-01-05 08:00:00", name)
                continue
            with self.assertRaises(AccessError, msg=name):
                self.by(name).action_sop_track("in_transit")
        self.assertEqual(len(self.delivery.sop_tracking_ids), 1, "the manager told the same")

    def test_who_may_read(self):
        self.tell(self.item())
        event = self.delivery.sop_tracking_ids
        stranger = self.make_order()  # of no process
        for name, user in self.users.items():
            sees = self.delivery.with_user(user).has_access("read")
            self.assertEqual(event.with_user(user).has_access("read"), sees, name)
        self.assertFalse(stranger.sop_process_id)

    def test_nothing_but_the_engine_writes(self):
        self.tell(self.item())
        event = self.delivery.sop_tracking_ids
        for action in (
            lambda: event.write({"code": "delivered"}),
            lambda: as_engine(event).write({"code": "delivered"}),
            event.unlink,
            lambda: as_engine(event).unlink(),
            lambda: event.copy(),
            lambda: event.create({"picking_id": self.delivery.id, "code": "delivered"}),
            lambda: self.delivery.write({"sop_tracking_ids": [(0, 0, {"code": "delivered"})]}),
        ):
            with self.assertRaises(UserError):
                action()

    def test_nonsense(self):
        for arguments in (("lost",), (), ("delivered", "2999-01-01 00:00:00"), ("delivered", "yesterday"), (["x"],)):
            with self.assertRaises(UserError):
                self.by("logistics").action_sop_track(*arguments)
        self.assertFalse(self.delivery.sop_tracking_ids)

    def test_nothing_of_it_is_for_the_customer(self):
        self.tell(self.item())
        customer = new_test_user(self.env, login="sop_portal", groups="base.group_portal")
        customer.partner_id.parent_id = self.customer
        delivery = self.delivery.with_user(customer)
        for name in ("sop_tracking_state", "sop_tracking_ids", "sop_days_late", "sop_proof_ids"):
            with self.assertRaises(AccessError, msg=name):
                delivery.search_read([("id", "=", delivery.id)], [name])
            with self.assertRaises(AccessError, msg=name):
                delivery.search([(name, ">" if name == "sop_days_late" else "!=", False)])
        for model in ("sop.tracking.event", "sop.proof"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(customer).search([])

    # -- lists and cost ------------------------------------------------------------------------------------------------

    def test_search_by_state(self):
        other = self.make_shipped("TRACK-2").picking_ids
        self.tell(self.item("failed", "2026-01-05T10:00:00"), self.item("failed", "2026-01-05T10:00:00", "TRACK-2"))
        self.tell(self.item("out_for_delivery", "2026-01-06T10:00:00"))
        mine = self.delivery | other
        for codes in (("failed",), ("out_for_delivery", "picked_up"), (False,), ("failed", False), ("delivered",)):
            expected = mine.filtered(lambda picking, codes=codes: picking.sop_tracking_state in codes)
            domain = [("sop_tracking_state", "in", codes), ("id", "in", mine.ids)]
            self.assertEqual(mine.search(domain), expected, codes)
            self.assertEqual(mine.filtered_domain(domain), expected, codes)
            rest = [("sop_tracking_state", "not in", codes), ("id", "in", mine.ids)]
            self.assertEqual(mine.search(rest), mine - expected, codes)

    def test_queries_do_not_grow_with_the_events(self):
        orders = [self.make_shipped(f"N-{number}") for number in range(12)]
        self.cost(orders[:2], "2026-01-04T10:00:00")
        few = self.cost(orders[:2], "2026-01-05T10:00:00")
        many = self.cost(orders, "2026-01-06T10:00:00")
        self.assertLessEqual(many, few, f"{few} queries for 2 events, {many} for 12")

    def test_a_number_is_found_by_its_index(self):
        self.cr.execute("SET LOCAL enable_seqscan = off")
        self.cr.execute("SET LOCAL enable_indexscan = off")
        with patch.object(type(self.delivery), "search", autospec=True, side_effect=lambda *_args, **_kw: ()) as found:
            self.env["sop.engine.tracking"]._find_deliveries(["TRACK-1"], self.carrier)
        query = self.env["stock.picking"].sudo()._search(found.call_args.args[1])
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        self.assertIn("sop_numbers_idx", str(plan))

    def cost(self, orders, moment):
        items = [self.item("in_transit", moment, f"N-{number}") for number in range(len(orders))]
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.assertEqual(set(self.tell(*items)), {"created"})
        return self.cr.sql_log_count - before
