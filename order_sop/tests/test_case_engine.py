from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Datetime

from ..engine.guard import as_engine
from .common_case import CaseCase


class TestCaseEngine(CaseCase):
    """What the engine does for orders it does for cases: holds, alerts, My Work, hand-overs, waiting for time."""

    def setUp(self):
        super().setUp()
        self.order = self.sell()

    def test_waiting_for_the_customer(self):
        """While a case waits for its customer its clock stands; his message starts it again."""
        case = self.open_case(self.order)
        self.assertTrue(case.sop_deadline)
        hold_type = self.env.ref("order_sop.hold_type_case_customer")
        case.action_sop_hold(hold_type.id, "He sends photos")
        self.assertEqual((case.sop_status, case.sop_deadline), ("on_hold", False))
        self.assertTrue(case.sop_paused_at)
        case.sudo().message_post(
            body="Here they are",
            author_id=case.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.commit()
        hold = case.sudo().sop_hold_ids
        self.assertEqual((case.sop_status, hold.outcome), ("running", "answered"))
        self.assertTrue(case.sop_deadline)

    def test_late(self):
        """A case that is late alerts its department's people, once; the alert ends with the stage."""
        case = self.open_case(self.order)
        past = Datetime.now() - timedelta(days=1)
        visit = case.sudo().sop_visit_id
        as_engine(visit).write({"deadline": past, "warn_at": past, "next_at": past, "told": 1})
        self.run_cron("alarm_cron")
        self.run_cron("alarm_cron")
        alert = self.env["sop.alert"].search([("case_id", "=", case.id), ("kind", "=", "breach")])
        self.assertEqual((len(alert), alert.order_id.id, alert.partner_id), (1, False, case.partner_id))
        self.assertIn(case.name, alert.display_name)
        self.assertTrue(case.sop_late or case.sop_alerted)
        self.run_cron("alert_cron")
        alert.with_user(self.users["after_sales"]).action_acknowledge()
        case.action_sop_complete()
        self.commit()
        self.assertEqual((alert.state, alert.ending), ("closed", "left"))

    def test_my_work(self):
        """Its stages and checks stand in My Work beside those of orders; they are taken and handed over alike."""
        case = self.open_case(self.order)
        work = self.env["sop.work"].with_user(self.users["after_sales"]).search([("case_id", "=", case.id)])
        self.assertEqual(work.mapped("kind"), ["stage"])
        self.assertEqual((work.order_id.id, work.partner_id, work.for_me), (False, case.partner_id, True))
        work.action_take()
        self.assertEqual(case.sop_user_id, self.users["after_sales"])
        self.assertFalse(self.env["sop.work"].with_user(self.users["legal"]).search([("case_id", "=", case.id)]))
        self.assertEqual(work.action_open()["res_model"], "sop.case")
        work.invalidate_recordset()
        work.action_do()
        self.commit()
        self.assertEqual(case.sop_stage_id.name, "Goods back")

    def test_silence_is_a_yes(self):
        case = self.open_case(self.order, kind="complaint", solution="none", goods_back=False)
        self.assess(case)
        self.assertEqual(case.sop_stage_id.name, "Conclusion")
        self.run_cron("evaluation_cron")
        self.assertEqual(case.state, "open")
        as_engine(case.sudo().sop_visit_id).write({"entered_at": Datetime.now() - timedelta(days=8)})
        self.run_cron("evaluation_cron")
        self.assertEqual((case.state, case.sop_status), ("closed", "done"))

    def test_the_order_waits_for_its_cases(self):
        rule = self.env["sop.rule.returns_open"]
        case = self.open_case(self.order, kind="complaint", solution="none", goods_back=False)
        self.assertIn(case.name, rule._get_open_documents(self.order)[self.order])
        self.assess(case)
        self.agree(case)
        self.assertEqual(rule._get_open_documents(self.order)[self.order], [])

    def test_who_sees_it(self):
        case = self.open_case(self.order)
        for name in ("after_sales", "customer_service", "finance", "auditor", "manager"):
            self.assertTrue(case.with_user(self.users[name]).has_access("read"), name)
        for name in ("legal", "purchasing", "warehouse"):
            self.assertFalse(case.with_user(self.users[name]).has_access("read"), name)
        self.assess(case)
        self.take_back(case, receive=False)
        self.assertTrue(case.with_user(self.users["warehouse"]).has_access("read"), "it has work for it by now")
        self.order.user_id = self.users["sales"]
        case.invalidate_recordset()
        self.assertTrue(case.with_user(self.users["sales"]).has_access("read"), "his order")
        for name in ("auditor", "finance", "legal"):
            with self.assertRaises(AccessError):
                case.with_user(self.users[name]).write({"subject": "Mine"})
        with self.assertRaises(AccessError):
            case.with_user(self.users["sales"]).action_refuse("No")
        with self.assertRaises(AccessError):
            case.sudo().write({"state": "closed"})

    def test_many_cases_cost_no_more_queries_each(self):
        def count(number):
            orders = [self.sell() for _number in range(number)]
            cases = self.env["sop.case"].union(*(self.open_case(order).sudo() for order in orders))
            self.commit()
            self.env.invalidate_all()
            with self.assertQueryCount(500):
                start = self.cr.sql_log_count
                self.env["sop.engine.evaluation"]._run(cases)
                return self.cr.sql_log_count - start

        few, many = count(2), count(8)
        self.assertLessEqual(many - few, 12, (few, many))

    def test_a_question_without_an_order_is_closed_too(self):
        case = self.env["sop.case"].create({"kind": "question", "partner_id": self.customer.id})
        self.put_under(case, self.process)
        as_engine(case).write({"answered_at": Datetime.now()})
        self.env["sop.engine.evaluation"]._run(case)
        case.with_user(self.users["after_sales"]).action_sop_complete()
        self.commit()
        self.assertEqual(case.sop_stage_id.name, "Conclusion", case.sop_missing)
        as_engine(case.sop_visit_id).write({"entered_at": Datetime.now() - timedelta(days=8)})
        self.run_cron("evaluation_cron")
        self.assertEqual(case.state, "closed")

    def test_other_orders_go_on_beside_cases(self):
        """Odoo merges a new move into an open one: once there are documents of cases that must not stop anybody."""
        case = self.open_case(self.order)
        self.assess(case)
        self.take_back(case, receive=False)
        other, _transfers = self.confirm(lines=[(self.product, 1, 100.0)])
        self.commit()
        other.order_line.product_uom_qty = 3
        self.commit()
        self.assertEqual(other.picking_ids.move_ids.product_uom_qty, 3)

    def test_one_solution_for_one_line(self):
        """What was credited is not made good by something else as well; who reopens finds the goods taken meanwhile."""
        case = self.open_case(self.order)
        self.assess(case)
        self.take_back(case)
        case.line_ids.solution = "refund"
        for line in case.line_ids:
            line.with_user(self.users["warehouse"]).action_inspect(1, 0, 0)
        self.commit()
        case.action_solve()
        self.commit()
        with self.assertRaisesRegex(UserError, "documents were made"), self.cr.savepoint():
            case.line_ids.write({"solution": "voucher", "agreed_amount": 100.0})
        first = self.open_case(self.order, qty=2)
        first.action_cancel("Entered in error")
        self.commit()
        self.open_case(self.order, qty=2)
        with self.assertRaisesRegex(ValidationError, "can come back"), self.cr.savepoint():
            first.action_reopen("After all")
