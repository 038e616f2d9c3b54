from odoo.tests import tagged

from .common_cases import CasePortalCase


class CaseTours(CasePortalCase):
    """The customer in his browser comes back with what he got; on a desk and on a phone."""

    def walk(self):
        self.commit()
        self.start_tour(
            f"/my/orders/{self.order.id}", "order_sop_customer_opens_a_case", login="sop_buyer", timeout=180
        )
        self.env.invalidate_all()
        case = self.env["sop.case"].search([("order_id", "=", self.order.id)])
        self.assertEqual((case.kind, case.wish, case.subject), ("return", "refund", "Broken legs"))
        self.assertEqual((case.line_ids.qty, case.line_ids.reason_id), (2, self.reason))
        self.assertEqual(case.photo_ids.mapped("name"), ["leg.png"])
        self.answer(case, "The money is on its way")
        self.commit()
        self.start_tour("/my/cases", "order_sop_customer_says_it_is_solved", login="sop_buyer", timeout=180)
        self.env.invalidate_all()
        self.assertEqual(case.agreed_by_id, self.users["buyer"].partner_id)
        [rating] = case._sop_get_ratings().values()
        self.assertEqual(rating.rating, 5)


@tagged("post_install", "-at_install")
class TestTourCasePortal(CaseTours):
    def test_on_a_desk(self):
        self.walk()


@tagged("post_install", "-at_install")
class TestTourCasePortalPhone(CaseTours):
    browser_size = "375x667"
    touch_enabled = True

    def test_on_a_phone(self):
        self.walk()
