"""Which serial number comes back: the customer chooses among those that he got by that line, and no other."""

from odoo.tests import tagged

from .common_cases import CasePortalCase


@tagged("post_install", "-at_install")
class TestCasePortalLots(CasePortalCase):
    def test_only_ones_own_numbers(self):
        self.visit_as("buyer")
        self.line.product_id.tracking = "serial"
        product = self.line.product_id
        lots = self.env["stock.lot"].create([{"name": f"P{n}", "product_id": product.id} for n in range(3)])
        mine, other = lots[0], lots[2]
        self.line.move_ids.move_line_ids[:1].lot_id = mine
        self.commit()
        page = self.get(f"/my/orders/{self.order.id}/case").text
        self.assertIn(f'name="lot_{self.line.id}"', page)
        self.assertIn(">P0<", page)
        self.assertNotIn(">P2<", page)
        form = self.form(quantity="1")
        before = self.env["sop.case"].search_count([])
        for number in (other.id, "x", -1):
            self.open_case(**form, **{f"lot_{self.line.id}": str(number)})
            self.assertEqual(self.env["sop.case"].search_count([]), before, number)
        case = self.open_case(**form, **{f"lot_{self.line.id}": str(mine.id)})
        self.assertEqual(case.line_ids.lot_id, mine)
        self.assertNotIn(">P0<", self.get(f"/my/orders/{self.order.id}/case").text, "it is on its way already")
