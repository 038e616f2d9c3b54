from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common_committed import CommittedCase, manual

MODES = ("round_robin", "least_loaded", "rules", "lead", "none")
SESSIONS, EACH = 8, 10


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestConcurrencyRouting(CommittedCase):
    """Orders enter in several sessions at the same moment: nobody waits for anybody, and all is fair in the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.house = cls.departments["warehouse"]
        before = {name: cls.house[name] for name in ("assignment", "lead_id")}
        cls.addClassCleanup(cls.restore, before)
        for name in ("anna", "bert", "carl"):
            cls.users[name] = new_test_user(cls.env, login=f"sop_{name}", groups="order_sop.group_warehouse", name=name)
        cls.house.lead_id = cls.users["warehouse"]
        cls.house.route_ids = [
            Command.create(
                {"order_domain": f"[('partner_id', '=', {cls.customer.id})]", "user_id": cls.users["anna"].id}
            )
        ]
        cls.packing = cls.make_process(
            {
                "department_id": cls.house.id,
                "time_limit_hours": 2,
                "checkpoints": [manual("Packed"), {"name": "Paid", "department_id": cls.departments["finance"].id}],
            },
            code="PACK",
        )

    @classmethod
    def restore(cls, values):
        with cls.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["sop.department"].browse(cls.house.id).write(values)

    def make_loose(self, count):
        """Return ``count`` committed orders without a process."""
        orders = self.env["sale.order"].union(
            *(self.make_order(user_id=self.users["sales"].id) for _number in range(count))
        )
        self.refresh()
        return orders

    def enter(self, cr, order_ids):
        """Put orders under the process in the session of ``cr``, which gives up as soon as it has to wait."""
        cr.execute("SET LOCAL lock_timeout = '1s'")
        env = api.Environment(cr, SUPERUSER_ID, {})
        orders = env["sale.order"].browse(order_ids)
        env["sop.engine.flow"]._start(orders, env["sop.process"].browse(self.packing.id))
        env.flush_all()

    def enter_and_commit(self, order_ids):
        with self.registry.cursor() as cr:
            for order_id in order_ids:
                self.enter(cr, [order_id])
                cr.commit()  # pylint: disable=invalid-commit; several sessions are what is tested

    def test_nobody_waits(self):
        for mode in MODES:
            self.house.assignment = mode
            first, second = self.make_loose(2)
            with self.subTest(mode=mode), self.registry.cursor() as cr, ThreadPoolExecutor(1) as executor:
                self.enter(cr, first.ids)  # and does not commit yet
                executor.submit(self.enter_and_commit, second.ids).result(timeout=30)
                cr.commit()  # pylint: disable=invalid-commit; as above
            self.refresh()
            self.assertEqual((first | second).sop_stage_id, self.packing.stage_ids)
            self.assertEqual(bool(second.sop_user_id), mode != "none")
            self.assert_sound(first | second)

    def test_turns_are_fair_over_sessions(self):
        self.house.assignment = "round_robin"
        orders = self.make_loose(SESSIONS * EACH)
        parts = [orders.ids[start::SESSIONS] for start in range(SESSIONS)]
        with ThreadPoolExecutor(SESSIONS) as executor:
            for future in [executor.submit(self.enter_and_commit, part) for part in parts]:
                future.result(timeout=120)
        self.refresh()
        counts = Counter(order.sop_user_id.name for order in orders)
        self.assertEqual(len(counts), 4)
        self.assertLessEqual(max(counts.values()) - min(counts.values()), 2, counts)

    def test_two_take_the_same(self):
        self.house.assignment = "none"
        order = self.make_loose(1)
        self.enter_and_commit(order.ids)
        self.refresh()
        work = self.env["sop.work"].search([("order_id", "=", order.id), ("department_id", "=", self.house.id)])[0]
        error = self.collide(self.step("anna", work, "action_take"), self.step("bert", work, "action_take"))
        self.assertIsInstance(error, UserError)
        self.assertIn("anna has", str(error))
        self.assertEqual(order.sop_user_id, self.users["anna"])
        self.assertEqual(len(self.events(order, "assigned")), 1)
        self.assert_sound(order)

    def test_taken_while_it_is_handed_over(self):
        self.house.assignment = "none"
        order = self.make_loose(1)
        self.enter_and_commit(order.ids)
        self.refresh()
        work = self.env["sop.work"].search([("order_id", "=", order.id), ("department_id", "=", self.house.id)])[0]
        error = self.collide(
            self.step("anna", work, "action_take"),
            self.step("manager", work, "action_hand_over", self.users["carl"].id, "He is free"),
        )
        self.assertIsNone(error, "the manager's word counts, after hers")
        self.assertEqual(order.sop_user_id, self.users["carl"])
        self.assertEqual(len(self.events(order, "assigned")), 2)
        self.assert_sound(order)
