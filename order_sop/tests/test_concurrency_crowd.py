import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ConcurrencyError, UserError
from odoo.service import model as service
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_committed import CommittedCase

CONFLICTS = (ConcurrencyError, *service.PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
PEOPLE = 8
PATIENCE = 10
"""How often somebody presses a button again after the server gave up."""
HABITS = (
    *("check", "check", "check", "check", "complete", "again", "confirm", "back", "line", "cancel"),
    *("hold", "release", "waive", "take", "hand"),
)


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestConcurrencyCrowd(CommittedCase):
    """Eight people do what comes to their mind with three orders, all at once: until everything has happened."""

    order_count, action_count, most_actions = 3, 25, 500
    wanted = {"action_pass", "action_approve", "action_sop_send_back", "action_cancel", "action_draft", "write"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # core lets nobody cancel a confirmed order who may not read the purchases for it
        cls.users["sales"].group_ids += cls.env.ref("stock.group_stock_user")

    def setUp(self):
        super().setUp()
        self.orders = self.make_orders(self.order_count)
        self.done = set()  # what was done by anybody, for all of them to see
        self.lines = {order.id: order.order_line.ids for order in self.orders}
        self.people = {name: user.id for name, user in self.users.items()}
        self.first_stage = self.process.stage_ids[0].id
        self.finance = self.departments["finance"].id
        self.hold_type = self.env.ref("order_sop.hold_type_customer").id

    def choose(self, dice):
        """Return requests at random that follow one another, see :meth:`request`."""
        order = ("sale.order", [dice.choice(self.orders.ids)])
        habit = dice.choice(HABITS)
        sales, manager = self.people["sales"], self.people["manager"]
        line = ("sale.order.line", self.lines[order[1][0]])
        if habit == "check":
            return [self.choose_check(dice, *order[1])]
        if habit in ("release", "waive", "take", "hand"):
            return self.choose_line(dice, habit, *order[1])
        return {
            "complete": [(manager, *order, "action_sop_complete")],
            "again": [(manager, *order, "action_sop_check_again")],
            "confirm": [(sales, *order, "action_confirm")],
            "back": [(manager, *order, "action_sop_send_back", self.first_stage, "Once more")],
            "line": [(sales, *line, "write", {"product_uom_qty": dice.randint(1, 9)})],
            "hold": [(manager, *order, "action_sop_hold", self.hold_type, "Wait")],
            "cancel": [(sales, *order, "action_cancel"), (sales, *order, "action_draft")],
        }[habit]

    def choose_check(self, dice, order_id):
        """Return a request about a check that a list shows as open at the moment, or else about an old one."""
        with self.registry.cursor() as cr:
            checks = api.Environment(cr, SUPERUSER_ID, {})["sop.check"].search(
                [("order_id", "=", order_id), ("kind", "!=", "auto")]
            )
            return self.request_for(dice.choice(self.get_open(checks) or checks))

    def choose_line(self, dice, habit, order_id):
        """Return the requests, if any, that release a hold, waive a check, or take or hand over work of an order."""
        model = {"release": "sop.hold", "waive": "sop.check"}.get(habit, "sop.work")
        with self.registry.cursor() as cr:
            records = api.Environment(cr, SUPERUSER_ID, {})[model].search([("order_id", "=", order_id)])
            records = self.get_open(records) if habit == "waive" else records
            if not records:
                return []
            line = (model, [dice.choice(records.ids)])
        manager, sales = self.people["manager"], self.people["sales"]
        return {
            "release": [(manager, *line, "action_release", "Go on")],
            "waive": [(manager, *line, "action_waive", "Known")],
            "take": [(sales, *line, "action_take")],
            "hand": [(manager, *line, "action_hand_over", sales, "Busy")],
        }[habit]

    def get_open(self, checks):
        return checks.filtered(lambda check: check.state == "pending" and not check.superseded and check.kind != "auto")

    def request_for(self, check):
        """Return the request that does the one ``check``, by somebody of its department."""
        user = "finance" if check.department_id.id == self.finance else "sales"
        return (
            self.people[user],
            check._name,
            check.ids,
            "action_approve" if check.kind == "approval" else "action_pass",
        )

    def work(self, number):
        """Do things at random, at least :attr:`action_count`, and go on while nobody has done something that is wanted.

        :return: how they ended: ``Counter`` of ``(method, ending)``
        """
        dice, endings = random.Random(number), Counter()
        for action in range(self.most_actions):
            if action >= self.action_count and self.wanted <= self.done:
                break
            for request in self.choose(dice):
                endings += self.insist(request)
        return endings

    def insist(self, request):
        """Make ``request``, again where the server gave up for the crowd; anything but a refusal in words is raised."""
        endings = Counter()
        for _try in range(PATIENCE):
            try:
                self.request(*request)
            except CONFLICTS:
                endings[request[3], "given up"] += 1
                continue
            except UserError:
                endings[request[3], "refused"] += 1
            else:
                endings[request[3], "done"] += 1
                self.done.add(request[3])
            return endings
        raise AssertionError(f"never done: {request}")

    def finish(self, order):
        """Bring ``order`` to its end, one by one."""
        sales = self.people["sales"]
        for _step in range(20):
            self.refresh()
            if order.sop_status == "done":
                return
            checks = self.get_open(order.sop_check_ids)
            if holds := order._sop_open_holds():
                self.request(self.people["manager"], "sop.hold", holds.ids, "action_release", "Over")
            elif checks:
                self.request(*self.request_for(checks[0]))
            elif order.state == "draft" and order.sop_stage_id != self.process.stage_ids[0]:
                self.request(sales, order._name, order.ids, "action_confirm")
            else:
                self.request(self.people["manager"], order._name, order.ids, "action_sop_complete")

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_everybody_at_once(self):
        hurry = SimpleNamespace(sleep=lambda seconds: time.sleep(seconds / 20))
        with patch.object(service, "time", hurry), ThreadPoolExecutor(PEOPLE) as executor:
            endings = sum(executor.map(self.work, range(PEOPLE)), Counter())
        self.assertLessEqual(self.wanted, self.done, endings)
        self.assert_sound(self.orders)
        for order in self.orders:
            self.finish(order)
        statuses = self.orders.mapped("sop_status")
        self.assertEqual(statuses, ["done"] * self.order_count, "what the crowd left can be finished")
        self.assert_sound(self.orders)


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestConcurrencyFifty(TestConcurrencyCrowd):
    """The same eight people with fifty orders: less in each other's way, and everything happens."""

    order_count = 50
    wanted = TestConcurrencyCrowd.wanted | {"action_sop_hold", "action_release", "action_waive", "action_take"}
