"""After-Sales in the browser: from the customer's order to a return that is closed."""

from odoo.tests import HttpCase, tagged

from .common_case import CaseCase


@tagged("post_install", "-at_install")
class TestTourCase(CaseCase, HttpCase):
    def walk(self, tour, path):
        """Let After-Sales do ``tour``, beginning at ``path``."""
        self.commit()
        url = f"/odoo/{path}"
        self.start_tour(url, f"order_sop_after_sales_{tour}", login="sop_after_sales", timeout=180)
        self.env.invalidate_all()

    def test_from_the_order_to_a_closed_return(self):
        self.customer.write({"name": "Tour Customer", "email": "tour@example.com"})
        order = self.sell()
        self.put_under(
            order,
            self.make_process(
                {"name": "Any", "department_id": self.departments["after_sales"].id, "auto_advance": False}
            ),
        )
        self.company.sop_active = True
        self.walk("opens_a_case", f"sop-orders/{order.id}")
        case = self.env["sop.case"].search([("order_id", "=", order.id)])
        self.assertEqual((case.answered_by_id, case.line_ids.cause), (self.users["after_sales"], "product"))
        self.walk("assesses_a_case", "sop-cases")
        transfer = case.document_ids.picking_id
        self.assertEqual(transfer.move_ids.product_uom_qty, 1)
        self.ship(transfer)
        self.walk("solves_a_case", f"sop-cases/{case.id}")
        self.assertEqual((case.line_ids.restock_qty, case.line_ids.inspection_note), (1, "Oiled, as new"))
        note = case.document_ids.move_id
        note.action_post()
        self.pay(note)
        self.walk("closes_a_case", f"sop-cases/{case.id}")
        self.assertEqual((case.state, case.sop_status), ("closed", "done"))
        self.assert_settled(order)
