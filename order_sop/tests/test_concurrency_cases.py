from concurrent.futures import ThreadPoolExecutor

from odoo import Command, api
from odoo.exceptions import UserError
from odoo.service import model as service
from odoo.tests import tagged

from .common_committed import CommittedCase


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestConcurrencyCases(CommittedCase):
    """Two people who enter a case on the same goods at the same moment: one of them is told that nothing is left."""

    def enter_as(self, name, order_id, line_id, qty):
        """Enter a case as a request of its own does, run again by Odoo where sessions collide; return what became of
        it."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.users[name].id, {})

            def request():
                line = Command.create({"order_line_id": line_id, "qty": qty})
                return env["sop.case"].create({"order_id": order_id, "line_ids": [line]}).id

            try:
                return service.retrying(request, env)
            except UserError as error:
                cr.rollback()
                return str(error)

    def test_two_at_once(self):
        order = self.make_order(lines=[(self.product, 3, 100.0)])
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        line = order.order_line
        self.cr.commit()  # pylint: disable=invalid-commit; several sessions are what is tested
        people = ("customer_service", "after_sales", "manager", "customer_service")
        with ThreadPoolExecutor(4) as executor:
            futures = [executor.submit(self.enter_as, name, order.id, line.id, 2) for name in people]
            answers = [future.result(timeout=120) for future in futures]
        self.env.transaction.reset()
        self.cr.rollback()
        self.assertEqual(len([answer for answer in answers if isinstance(answer, int)]), 1, answers)
        self.assertEqual(self.env["sop.case"].search_count([("order_id", "=", order.id)]), 1)
        for refused in (answer for answer in answers if isinstance(answer, str)):
            self.assertIn("only 1 ", refused)

    def solve_as(self, name, case_id):
        """Solve a case as a request of its own does; return what became of it."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.users[name].id, {})
            try:
                service.retrying(lambda: env["sop.case"].browse(case_id).action_solve(), env)
                return True
            except UserError as error:
                cr.rollback()
                return str(error)

    def test_one_price_is_given_back_once(self):
        """All of the price is granted by two cases on two pieces of one line, and both are solved at once."""
        order = self.make_order(lines=[(self.product, 2, 100.0)])
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        order._create_invoices().action_post()
        line = {"order_line_id": order.order_line.id, "qty": 1, "solution": "goodwill", "agreed_amount": 150.0}
        vals = {"order_id": order.id, "kind": "complaint", "goods_back": False, "line_ids": [Command.create(line)]}
        cases = self.env["sop.case"].create([vals, vals])
        self.env.flush_all()
        self.cr.commit()  # pylint: disable=invalid-commit; several sessions are what is tested
        with ThreadPoolExecutor(2) as executor:
            people = ("after_sales", "manager")
            futures = [executor.submit(self.solve_as, *one) for one in zip(people, cases.ids, strict=True)]
            answers = [future.result(timeout=120) for future in futures]
        self.env.transaction.reset()
        self.cr.rollback()
        self.assertEqual(answers.count(True), 1, answers)
        [refused] = [answer for answer in answers if answer is not True]
        self.assertIn("can be given back", refused)
