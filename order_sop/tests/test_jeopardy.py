"""Will the promised date be kept: by the hours that stages usually take in this company, and why."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common_promise import PromiseCase


@tagged("post_install", "-at_install")
class TestJeopardy(PromiseCase):
    def state(self, order):
        """Return how ``order`` stands, after asserting that lists and the order itself agree."""
        self.env.invalidate_all()
        for state in ("on_track", "at_risk", "late", False):
            found = order in order.search([("id", "=", order.id), ("sop_jeopardy", "=", state)])
            self.assertEqual(found, order.sop_jeopardy == state, f"searched for {state}")
            found = order in order.search([("id", "=", order.id), ("sop_jeopardy", "!=", state)])
            self.assertEqual(found, order.sop_jeopardy != state, f"searched for all but {state}")
        return order.sop_jeopardy

    # -- without history: limits ---------------------------------------------------------------------------------------

    def test_from_on_track_to_late(self):
        """15 hours are to be done, 17 are left until Tuesday evening."""
        order = self.make_promised(self.at(3, 17, 30))
        self.assertEqual(self.state(order), "on_track")
        self.assertEqual((order.sop_promised_at, order.sop_expected_finish), (self.at(3, 17, 30), self.at(3, 15, 30)))
        self.assertEqual(order.sop_jeopardy_reason, "3 stages left, usually 15 h, 17 h remain.")
        self.move_to(2, 14, 45)  # 5.75 hours in the first stage, which usually takes 4
        self.assertEqual(self.state(order), "on_track")
        self.assertEqual(order.sop_jeopardy_reason, "3 stages left, usually 11 h, 11.2 h remain.")
        self.move_to(2, 15, 30)
        self.assertEqual((order.sop_miss_at, self.state(order)), (self.at(2, 15), "late"))
        self.assertEqual(order.sop_expected_finish, self.at(4, 8, 30))
        self.do(order)
        self.assertEqual(self.state(order), "late")
        self.assertEqual(order.sop_jeopardy_reason, "2 stages left, usually 11 h, 10.5 h remain.")
        self.do(order)
        self.assertEqual(self.state(order), "on_track", "that went faster than usual")
        self.assertEqual(order.sop_jeopardy_reason, "One stage left, usually 6 h, 10.5 h remain.")
        self.move_to(3, 18)
        self.assertEqual(self.state(order), "late")
        self.assertRegex(order.sop_jeopardy_reason, "^Promised for .*; one stage left, usually 0 h.$")
        self.do(order)
        self.assertEqual((self.state(order), order.sop_miss_at), (False, False))

    def test_a_promise_that_was_never_possible(self):
        order = self.make_promised(self.at(2, 12))
        self.assertEqual((order.sop_miss_at, self.state(order)), (self.at(2, 8), "late"))

    def test_another_promise(self):
        order = self.make_promised(self.at(2, 12))
        order.commitment_date = self.at(9, 12)
        self.commit()
        self.assertEqual(self.state(order), "on_track")
        order.commitment_date = False
        self.commit()
        self.assertEqual((self.state(order), order.sop_jeopardy_reason), (False, False))

    def test_lead_times_promise_too(self):
        order, nothing = self.make_timed(*self.STAGES, count=2)
        self.assertFalse(self.state(nothing), "a lead time of 0 days promises nothing")
        order.order_line.customer_lead = 3
        self.commit()
        self.assertEqual(order.sop_promised_at, order.date_order + timedelta(days=3))
        self.assertEqual(self.state(order), "on_track")
        order.order_line.customer_lead = 1
        self.commit()
        self.assertEqual(self.state(order), "late")

    def test_goods_that_may_leave_are_there(self):
        """What comes after the stage that lets goods leave does not count, nor what such an order does afterwards."""
        stages = ({"time_limit_hours": 4}, {"time_limit_hours": 4, "gate": "ship"}, {"time_limit_hours": 40})
        order = self.make_promised(self.at(2, 17, 30), *stages)
        self.assertEqual((self.state(order), order.sop_expected_finish), ("on_track", self.at(2, 17)))
        self.do(order)
        self.assertEqual(order.sop_jeopardy_reason, "One stage left, usually 4 h, 8.5 h remain.")
        self.do(order)
        self.assertEqual((self.state(order), order.sop_expected_finish), (False, False))

    def test_stages_that_do_not_apply_do_not_count(self):
        stages = (*self.STAGES[:2], {"time_limit_hours": 40, "order_domain": "[('amount_total', '>', 10000)]"})
        order = self.make_promised(self.at(3, 12), *stages)
        self.assertEqual(order.sop_jeopardy_reason, "2 stages left, usually 9 h, 12.5 h remain.")
        order.order_line.product_uom_qty = 1000
        self.commit()
        self.assertEqual(self.state(order), "late")

    def test_a_clock_that_stands(self):
        order = self.make_promised(self.at(3, 17, 30))
        self.move_to(2, 9)
        hold = self.hold(order)
        self.move_to(2, 12)
        self.assertEqual(order.sop_expected_finish, self.at(4, 9), "as if it went on now")
        self.assertEqual(order.sop_jeopardy_reason, "3 stages left, usually 14 h, 13 h remain.")
        self.release(hold)
        self.assertEqual(self.state(order), "late")

    def test_cancelled_orders_promise_nothing(self):
        order = self.make_promised(self.at(2, 12))
        order.action_cancel()
        self.commit()
        self.assertEqual((self.state(order), order.sop_risk_at), (False, False))

    # -- with history --------------------------------------------------------------------------------------------------

    def test_history_of_this_company(self):
        process = self.make_promised(self.at(3, 17, 30)).sop_process_id
        self.learn(process, [[1] * 8, [2] * 6 + [7, 7, 7, 7], [3] * 7])
        paces = (
            self.env["sop.pace"].search([("process_code", "=", "TIMED")]).sorted(lambda pace: pace.stage_id.sequence)
        )
        self.assertEqual(paces.mapped("visit_count"), [8, 10, 7])
        self.assertEqual((paces[1].median_hours, paces[1].p80_hours), (2, 7))
        order = self.make_order(user_id=self.users["sales"].id, process=process, commitment_date=self.at(3, 9, 30))
        # 1 + 2 + 6 (the limit: seven visits are too few); now and then 1 + 7 + 6; 10 are left
        self.assertEqual(self.state(order), "at_risk")
        self.assertEqual(order.sop_jeopardy_reason, "3 stages left, usually 9 h but now and then 14 h; 10 h remain.")
        self.assertEqual((order.sop_risk_at, order.sop_miss_at), (self.at(2, 8), self.at(2, 10)))
        other = self.env["res.company"].create({"name": "Elsewhere"})
        hours = self.env["sop.engine.pace"]._get_hours(process.stage_ids[0], other)
        self.assertEqual(hours, (4, 4), "every company has its own history")

    def test_history_outlives_a_new_version(self):
        process = self.make_timed(*self.STAGES).sop_process_id
        self.learn(process, [[1] * 8, [2] * 8, [3] * 8])
        draft = process.browse(process.action_new_version()["res_id"])
        stage = draft.stage_ids._in_order()[1]
        stage.name = "Renamed"
        draft.stage_ids = [Command.create({"name": "New", "department_id": stage.department_id.id, "sequence": 9})]
        draft.action_publish()
        pace = self.env["sop.engine.pace"]
        hours = [pace._get_hours(each, self.company)[0] for each in draft.stage_ids._in_order()]
        self.assertEqual(hours, [1, 2, 3, 0])

    def test_history_is_forgotten(self):
        process = self.make_timed(*self.STAGES).sop_process_id
        self.learn(process, [[1] * 8, [2] * 8, [3] * 8])
        self.time.tick(timedelta(days=181))
        self.env["sop.engine.pace"]._cron_learn()
        self.assertFalse(self.env["sop.pace"].search([("process_code", "=", "TIMED")]))

    # -- cost ----------------------------------------------------------------------------------------------------------

    def test_many_cost_as_few(self):
        orders = self.make_promised(self.at(3, 17, 30), count=12)
        counts = []
        for batch in (orders, orders[:2], orders):
            self.commit()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            batch.mapped(lambda order: (order.sop_jeopardy, order.sop_expected_finish, order.sop_jeopardy_reason))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
