"""A contract that is replaced after somebody judged it is noticed; files that say nothing of it are not minded."""

import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalFiles(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.make_watching("manual")

    @classmethod
    def make_watching(cls, kind, *facts, code="FILES"):
        """Return a process that judges the contract in its first stage and opens ``confirm`` in its second."""
        watches = [Command.create({"fact": fact}) for fact in facts or ("attachments",)]
        return cls.make_process(
            {
                "name": "Review",
                "department_id": cls.departments["finance"].id,
                "checkpoints": [{"kind": kind, "name": "Approve it", "watch_ids": watches if facts != (None,) else []}],
            },
            {"name": "Confirm", "gate": "confirm", "checkpoints": [{"kind": "manual", "name": "Last look"}]},
            {"name": "Deliver", "checkpoints": [{"kind": "manual", "name": "Delivered"}]},
            code=code,
        )

    def attach(self, order, name="contract.pdf", content=b"10 chairs", **vals):
        home = {"res_model": "sale.order", "res_id": order.id}
        file = self.env["ir.attachment"].create({"name": name, "raw": content, **home, **vals})
        self.commit()
        return file

    def make_judged(self, process=None):
        """Return an order whose contract somebody judged, and the contract."""
        order = self.make_waiting(process or self.process)
        file = self.attach(order)
        check = self.check_of(order).with_user(self.users["clerk"])
        check.action_approve() if check.kind == "approval" else check.action_pass()
        self.assertEqual(order.sop_stage_id.name, "Confirm")
        return order, file

    def assert_asked_again(self, order, again=True, text=""):
        self.commit()
        self.assertEqual(self.check_of(order).state, "pending" if again else "passed")
        self.assertEqual(order.sop_stage_id.name == "Review", again)
        if again:
            [item] = [item for item in order.sop_panel["checks"] if item["id"] == self.check_of(order).id]
            self.assertIn("Attached files: contract.pdf (", item["reason"])
            self.assertIn(text, item["reason"])

    def test_replaced_by_another_file(self):
        order, file = self.make_judged()
        file.with_user(self.users["customer_service"]).sudo().unlink()
        self.assert_asked_again(order, text=") → –")
        self.attach(order, "contract_2.pdf", b"100 chairs")
        self.assert_asked_again(order, text=") → contract_2.pdf (")
        self.check_of(order).with_user(self.users["clerk"]).action_pass()
        self.assert_asked_again(order, again=False)
        lines = self.env["sop.event"].search([("order_id", "=", order.id), ("code", "=", "files")], order="id")
        self.assertEqual(
            [[name for name, _sum in line.data["files"]] for line in lines], [["contract.pdf"], [], ["contract_2.pdf"]]
        )
        self.assertFalse(self.env["sop.engine.log"]._verify([order.id]))

    def test_other_ways_to_replace_it(self):
        other = self.make_waiting(self.process)
        for change in (
            lambda file: file.write({"raw": b"100 chairs"}),
            lambda file: file.write({"datas": base64.b64encode(b"100 chairs")}),
            lambda file: file.write({"name": "draft.pdf"}),
            lambda file: file.write({"res_id": other.id}),
            lambda file: file.write({"res_model": False, "res_id": False}),
            lambda file: file.copy({"name": "contract_2.pdf"}),
        ):
            order, file = self.make_judged()
            change(file)
            self.assert_asked_again(order)

    def test_what_says_nothing_of_the_contract(self):
        order, _file = self.make_judged()
        self.attach(order, f"Quotation - {order.name}.pdf")
        self.attach(order, "image", res_field="signature")
        self.attach(self.make_order())
        self.env["ir.attachment"].create({"name": "loose.pdf", "raw": b"loose"})
        order.message_post(body="Hello")
        self.assert_asked_again(order, again=False)

    def test_once_it_is_confirmed(self):
        """Mails and receipts come in with files; only that the contract is gone, or another, matters still."""
        order, file = self.make_judged()
        self.check(order, "Last look").with_user(self.users["sales"]).action_pass()
        order.action_confirm()
        self.assertEqual(order.sop_stage_id.name, "Deliver")
        self.attach(order, "signed_receipt.jpg")
        order.client_order_ref = "Other"
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Deliver")
        file.raw = b"100 chairs"
        self.assert_asked_again(order)

    def test_only_who_minds_files(self):
        """An approval that watches nothing in particular minds what the order says, and that is not its files."""
        order, file = self.make_judged(self.make_watching("approval", None, code="ALL"))
        file.unlink()
        self.assert_asked_again(order, again=False)
        order, file = self.make_judged(self.make_watching("approval", "amount", code="AMOUNT"))
        file.unlink()
        self.assert_asked_again(order, again=False)
        order, file = self.make_judged(self.make_watching("approval", "attachments", code="FILE"))
        file.unlink()
        self.assert_asked_again(order)

    def test_replaced_while_he_looked(self):
        order = self.make_waiting(self.make_watching("approval", "attachments", code="LOOK"))
        file = self.attach(order)
        approval = self.approvals(order)
        seen = {approval.id: approval.seen}
        file.raw = b"100 chairs"
        self.assertIn("was changed while", self.decide(order, "clerk", seen=seen))

    def test_a_waiver_outlasts_a_file(self):
        order = self.make_waiting(self.process)
        self.check_of(order).with_user(self.users["manager"]).action_waive("Known by heart")
        self.attach(order)
        self.assertEqual(self.check_of(order).state, "waived")

    def test_a_mail_that_came_meanwhile(self):
        """While mail is fetched nothing is marked, or the mail would be lost; the gate looks for itself."""
        order, _file = self.make_judged()
        self.check(order, "Last look").with_user(self.users["sales"]).action_pass()
        fetched = order.with_context(fetchmail_cron_running=True)
        fetched.message_post(body="Please see our contract", attachments=[("contract_2.pdf", b"100 chairs")])
        self.commit()
        self.assertEqual(self.check_of(order).state, "passed")
        with self.assertRaisesRegex(UserError, "Approve it"):
            order.action_confirm()

    def test_what_was_there_before_the_process(self):
        order = self.make_order()
        self.attach(order)
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = create_date - interval '1 day' WHERE id = %s", [order.id]
        )
        order.invalidate_recordset()
        self.company.sop_active = True
        self.env["sop.engine.evaluation"]._mark(order, "new")
        self.commit()
        self.assertEqual([name for name, _sum in order.sop_files], ["contract.pdf"])

    def test_it_is_the_engines(self):
        order, _file = self.make_judged()
        with self.assertRaises(AccessError):
            order.with_user(self.users["manager"]).write({"sop_files": []})
        self.assertFalse(order.copy().sop_files)

    def test_as_shipped(self):
        clauses = self.env.ref("order_sop.process_b2b").stage_ids.checkpoint_ids.filtered(
            lambda checkpoint: checkpoint.kind == "manual" and checkpoint.department_id == self.departments["legal"]
        )
        self.assertEqual(len(clauses), 3)
        self.assertTrue(all(clause.watch_ids._minds_files() for clause in clauses))

    def test_many_cost_no_query_each(self):
        counts = {}
        for number in (2, 5, 50):
            orders = self.make_waiting(self.process).browse()
            for _number in range(number):
                orders |= self.make_waiting(self.process)
            self.commit()
            self.env["ir.attachment"].create(
                [{"name": "c.pdf", "raw": b"x", "res_model": "sale.order", "res_id": order.id} for order in orders]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.commit()
            counts[number] = self.env.cr.sql_log_count - before
            self.assertTrue(all(orders.mapped("sop_files")))
        self.assertLessEqual(counts[50], counts[5] * 1.1 + 1, counts)
