"""Event logs for process mining: which orders are in them, and for whom."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common_event_log import EventLogFixture
from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestEventExportScope(EventLogFixture, GateCase):
    # -- which orders --------------------------------------------------------------------------------------------------

    def test_filters(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        with freeze_time("2025-01-31 16:30:00"):
            february = self.make_confirmed()
        with freeze_time("2025-01-31 15:30:00"):
            january = self.make_reviewed(partner=self.consumer)
        done = self.make_gated()
        done._action_cancel()
        other = self.make_gated(process=self.make_process({}, code="OTHER"))
        self.make_gated()
        self.assertEqual(self.names(), [february.name, january.name, done.name])
        self.assertEqual(self.names(date_from="2025-02-01", date_to="2025-02-01"), [february.name])
        self.assertEqual(self.names(date_to=date(2025, 1, 31)), [january.name])
        self.assertEqual(self.names(partner_id=self.consumer.id), [january.name])
        contact = self.customer.create({"name": "Buyer", "parent_id": self.customer.id})
        self.assertEqual(self.names(partner_id=contact.id), [february.name, done.name])
        self.assertEqual(self.names(department_id=self.departments["warehouse"].id), [february.name, january.name])
        self.assertEqual(self.names(department_id=self.departments["legal"].id), [])
        self.assertEqual(self.names(status="finished"), [done.name])
        self.assertEqual(self.names(status="open"), [february.name, january.name])
        self.assertEqual(self.names(process="OTHER"), [other.name])

    def test_of_one_company(self):
        """What the map shows of one of two companies, and nothing else."""
        other = self.env["res.company"].create({"name": "Other"})
        mine = self.make_gated(process=self.make_process({}, code="BOTH"))
        theirs = self.make_gated(process=mine.sop_process_id)
        self.commit()
        self.env.cr.execute("UPDATE sop_visit SET company_id = %s WHERE order_id = %s", [other.id, theirs.id])
        self.env.invalidate_all()
        user = self.users["manager"]
        user.company_ids += other
        dialogs = (
            self.env["sop.event.export"].with_user(user).with_context(allowed_company_ids=(self.company | other).ids)
        )
        for company, names in ((self.company, {mine.name}), (dialogs.env["res.company"], {mine.name, theirs.name})):
            dialog = dialogs.create({"process_id": mine.sop_process_id.id, "company_id": company.id})
            log, parameters = dialogs.env["sop.event.log"], dialog._get_parameters()
            self.assertEqual(log._count(parameters), len(names))

    def test_an_order_that_was_moved(self):
        """It is a trace of each process that it was under, with what happened there."""
        self.company.sop_active = True
        vals = {"checkpoints": [{"name": "Wait"}]}
        for code, name in (("ONE", "Consumer"), ("TWO", "Business Customer")):
            self.make_process(vals, code=code, sequence=-1, order_domain=f"[('partner_id.name', '=', '{name}')]")
        order = self.make_order(partner=self.consumer, user_id=self.users["sales"].id)
        self.commit()
        order.partner_id = self.customer
        self.commit()
        [row] = self.rows(process="ONE")
        self.assertEqual((row["outcome"], row["case:concept:name"]), ("moved", order.name))
        self.assertEqual(self.rows(process="TWO"), [])
        self.tick(order, "Wait")
        self.assertEqual([row["outcome"] for row in self.rows(process="TWO")], ["completed"])

    def test_cases(self):
        order = self.make_delivered()
        process = self.make_process(
            {"checkpoints": [{"name": "Heard"}]}, {"checkpoints": [{}]}, code="C", applies_to="sop.case"
        )
        case = self.env["sop.case"].create(
            {"order_id": order.id, "partner_id": order.partner_id.id, "kind": "question"}
        )
        if not case.sop_process_id:
            self.env["sop.engine.flow"]._start(case, process)
        self.tick_case(case)
        [row] = self.rows(process=case.sop_process_id.code)
        self.assertEqual((row["case:concept:name"], row["case:salesperson"]), (case.name, "sales"))

    def tick_case(self, case):
        check = case.sop_check_ids.filtered(lambda check: check.state == "pending")[:1]
        check.with_user(self.users["manager"]).action_waive("Enough")
        self.commit()

    # -- rights --------------------------------------------------------------------------------------------------------

    def test_who_may(self):
        self.make_reviewed()
        for user in ("manager", "officer", "auditor"):
            self.assertEqual(len(self.rows(user)), 1, user)
        for user in ("sales", "finance", "warehouse", "customer_service"):
            with self.assertRaises(AccessError):
                self.export(user)

    def test_only_what_the_user_may_see(self):
        seen, hidden = self.make_reviewed(), self.make_reviewed()
        self.env["ir.rule"].create(
            {
                "name": "Not that one",
                "model_id": self.env["ir.model"]._get_id("sop.visit"),
                "domain_force": f"[('order_id', '!=', {hidden.id})]",
            }
        )
        self.assertEqual(self.names(), [seen.name])

    def test_garbage(self):
        for wrong in (
            {"process": "NONE"},
            {"process": ""},
            {"process": ["GATED"]},
            {"version": 99},
            {"version": "1"},
            {"form": "exe"},
            {"form": None},
            {"status": "x"},
            {"date_from": "x"},
            {"date_from": "0001-01-01"},
            {"date_to": "9999-12-31"},
            {"date_from": "2025-02-02", "date_to": "2025-02-01"},
            {"partner_id": "x"},
            {"partner_id": 10**9},
            {"department_id": [1, "x"]},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                self.export(**wrong)
        self.assertEqual(self.rows(date_from="1970-01-01", date_to="9000-12-31"), [])
