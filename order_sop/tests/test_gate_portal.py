"""A customer signs online: his signature is kept, the order is held and explained when its gate is closed."""

import base64

from odoo.tests import tagged

from .common_http import SopHttpCase

SIGNATURE = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
)


@tagged("post_install", "-at_install")
class TestGatePortal(SopHttpCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_gated(require_signature=True, require_payment=False, state="sent")

    def sign(self, order):
        """Sign as the customer does with the link that he got; return the page's answer and the page after it."""
        token = order._portal_ensure_token()
        self.commit()
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": token, "name": "Customer", "signature": SIGNATURE.decode()},
            timeout=60,
        )
        page = self.url_open(answer["redirect_url"], timeout=60) if answer.get("redirect_url") else None
        self.env.invalidate_all()
        return answer, page

    def test_a_closed_gate_keeps_the_signature_and_holds_the_order(self):
        answer, page = self.sign(self.order)
        self.assertTrue(answer["force_refresh"])
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Reviewed", page.text, "what is missing inside the house is none of the customer's business")
        order = self.order
        self.assertEqual((order.state, order.signed_by, order.sop_status), ("sent", "Customer", "on_hold"))
        self.assertTrue(order.signature)
        hold = order.sop_hold_ids
        self.assertEqual(hold.type_id.code, "signature")
        self.assertIn("Reviewed", hold.reason)
        self.assertEqual(order.activity_ids.user_id, self.users["sales"])
        self.assertIn("Reviewed", order.activity_ids.note)
        self.assertTrue(order.message_ids.filtered(lambda message: "signed by" in (message.body or "")))

    def test_signed_once_more_it_is_told_so(self):
        self.sign(self.order)
        answer, _page = self.sign(self.order)
        self.assertIn("error", answer)
        self.assertEqual(len(self.order.sop_hold_ids), 1)

    def test_somebody_mends_and_confirms(self):
        self.sign(self.order)
        self.tick(self.order, "Reviewed")
        self.order.with_user(self.users["sales"]).action_confirm()
        self.assertEqual((self.order.state, self.order.sop_status), ("sale", "running"))
        self.assertTrue(self.order.sop_hold_ids.released_at)

    def test_an_open_gate_confirms(self):
        self.tick(self.order, "Reviewed")
        _answer, page = self.sign(self.order)
        self.assertEqual((page.status_code, self.order.state, self.order.sop_hold_ids.ids), (200, "sale", []))

    def test_legacy_orders_are_confirmed(self):
        legacy = self.make_order(require_signature=True, require_payment=False, state="sent")
        self.sign(legacy)
        self.assertEqual(legacy.state, "sale")

    def test_the_customer_with_a_login(self):
        """A portal user signs his own order; over RPC he neither confirms it nor reads what the house says of it."""
        portal = self.env["res.users"].create(
            {
                "login": "portal_customer",
                "password": "portal_customer",
                "partner_id": self.customer.id,
                "group_ids": [self.env.ref("base.group_portal").id],
            }
        )
        self.users["portal"] = portal
        self.addCleanup(self.users.pop, "portal")
        order = self.order
        access = "odoo.exceptions.AccessError"
        for method, *args in (
            ("action_confirm",),
            ("write", {"state": "sale"}),
            ("action_sop_check_again",),
            ("action_sop_complete",),
            ("action_sop_send_back", self.gated.stage_ids[0].id, "No"),
        ):
            self.assert_refused(
                lambda m=method, a=args: self.rpc("sale.order", m, order.ids, *a, user="portal"), name=access
            )
        for field in ("sop_missing", "sop_panel", "sop_status", "sop_stage_id", "sop_check_ids", "sop_hold_ids"):
            self.assert_refused(
                lambda f=field: self.rpc("sale.order", "read", order.ids, [f], user="portal"), name=access
            )
            self.assert_refused(
                lambda f=field: self.rpc("sale.order", "search_read", [(f, "!=", False)], ["name"], user="portal"),
                name=access,
            )
        [values] = self.rpc("sale.order", "read", order.ids, ["name"], user="portal")
        self.assertEqual(values["name"], order.name)
        _answer, page = self.sign(order)
        self.assertEqual((page.status_code, order.state, order.sop_status), (200, "sent", "on_hold"))
