from concurrent.futures import ThreadPoolExecutor

from odoo import api
from odoo.exceptions import UserError
from odoo.service import model as service
from odoo.tests import tagged

from .common_committed import CommittedCase
from .common_stock import StockFixture


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestConcurrencyStock(StockFixture, CommittedCase):
    """Two who decide about one line at the same moment: one decision, and a clean word for the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_stock()
        cls.cr.commit()  # pylint: disable=invalid-commit; several sessions are what is tested

    def decide_as(self, name, line_id, kind, seen):
        """Decide as a request of its own does, run again by Odoo where sessions collide; return what became of it."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.users[name].id, {})

            def request():
                return env["sop.stock.line"].browse(line_id).action_decide(kind, "Because", {}, False, seen)

            try:
                return service.retrying(request, env)
            except UserError as error:
                return str(error)

    def test_two_at_once(self):
        order = self.make_confirmed(5)
        line = order.order_line
        seen = self.env["sop.engine.remedy.command"]._get_fingerprint(line)
        self.cr.commit()  # pylint: disable=invalid-commit; as above
        with ThreadPoolExecutor(2) as executor:
            futures = [
                executor.submit(self.decide_as, name, line.id, "replenish", seen)
                for name in ("warehouse", "purchasing")
            ]
            answers = [future.result(timeout=120) for future in futures]
        self.env.transaction.reset()
        self.cr.rollback()
        self.assertEqual(len(order.sop_remedy_ids), 1, answers)
        [refused] = [answer for answer in answers if isinstance(answer, str)]
        self.assertIn("Look again", refused)
        self.assertEqual(
            self.env["purchase.order"].search([("partner_id", "=", self.vendor.id)]).order_line.product_qty, 5
        )
