"""Whoever is not the customer gets what Odoo gives, on every route: nothing is shown, and nothing is done."""

from odoo.tests import new_test_user, tagged

from .common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestCustomerAttacks(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user", name="Employee")
        cls.users["relative"] = new_test_user(
            cls.env, login="sop_relative", groups="base.group_portal", name="Relative"
        )
        cls.add_stock(cls.table, 3)
        cls.order = cls.send()
        cls.asked = cls.confirm(lines=[(cls.table, 5, 300.0)])
        cls.foreign = cls.send(partner=cls.consumer, number="TRACK-9")

    def setUp(self):
        super().setUp()
        self.remedy = self.ask(self.asked)

    def get_routes(self):
        """Return ``[(order, path, form or None)]``: each route as the customer would use it."""
        delivery = self.order.picking_ids
        return [
            (self.order, f"/my/orders/{self.order.id}", None),
            (self.order, f"/my/orders/{self.order.id}/packing_list/{delivery.id}", None),
            (self.order, f"/my/orders/{self.order.id}/receipt", {"picking_id": delivery.id}),
            (self.asked, f"/my/orders/{self.asked.id}/answer/{self.remedy.id}", {"answer": "agreed"}),
        ]

    def go(self, path, form, token=None):
        """Return the answer to ``path``, where it does not lead on."""
        if form is not None:
            return self.send_form(path, token, **form)
        self.commit()
        url = path + (f"?access_token={token}" if token is not None else "")
        response = self.url_open(url, timeout=60, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def assert_nothing(self, response, *context):
        """Assert that ``response`` shows nothing and that nothing was done."""
        self.assertIn(response.status_code, (303, 403, 404, 400), context)
        if response.status_code == 303:
            self.assertIn(
                response.headers["Location"].split("?")[0].removeprefix(self.base_url()), ("/my", "/web/login")
            )
        self.assertNotIn("TRACK-", response.text, context)
        self.assertNotIn("Chair", response.text, context)
        deliveries = (self.order | self.asked | self.foreign).picking_ids
        self.assertFalse(deliveries.sop_proof_ids, context)
        self.assertEqual(self.remedy.state, "asked", context)

    def test_foreign_missing_and_wrong_tokens(self):
        foreign = self.token(self.foreign)
        right = {order: self.token(order) for order in (self.order, self.asked)}
        for name in (None, "stranger", "relative", "employee"):
            self.visit_as(name)
            for order, path, form in self.get_routes():
                tokens = [None, "", "é", foreign, right[order][:-1]]
                if path.endswith(f"/{order.id}"):
                    tokens.remove("é")  # Odoo's own page
                for token in tokens:
                    self.assert_nothing(self.go(path, form, token), name, path, token)

    def test_own_order_but_others_things(self):
        """The customer himself, with the ids of another order's delivery or question, or with none."""
        token = self.token(self.order)
        other = self.foreign.picking_ids
        for name in ("buyer", None):
            self.visit_as(name)
            for wrong in (other.id, 0, -1, 10**9, 10**12, "", "x", f"{self.order.picking_ids.id} "):
                answer = self.go(f"/my/orders/{self.order.id}/receipt", {"picking_id": wrong}, token)
                self.assert_nothing(answer, name, wrong)
                self.assertEqual(answer.status_code, 404)
            for wrong in (self.remedy.id, 0, 10**9, 10**12):
                answer = self.go(f"/my/orders/{self.order.id}/answer/{wrong}", {"answer": "agreed"}, token)
                self.assert_nothing(answer, name, wrong)
                self.assertEqual(answer.status_code, 404)
            for wrong in (other.id, self.asked.picking_ids.id, 0, 10**9, 10**12):
                answer = self.go(f"/my/orders/{self.order.id}/packing_list/{wrong}", None, token)
                self.assertEqual(answer.status_code, 404)

    def test_orders_that_are_none(self):
        self.visit_as("buyer")
        for number in (0, 10**9, 2**31, 10**12):
            for path, form in (
                ("receipt", {"picking_id": 1}),
                ("answer/1", {"answer": "agreed"}),
                ("packing_list/1", None),
            ):
                self.assert_nothing(self.go(f"/my/orders/{number}/{path}", form, "x"), number, path)

    def test_without_the_form_of_the_page(self):
        """No token of the form: somebody else's page sent it."""
        self.visit_as("buyer")
        for order, path, form in self.get_routes()[2:]:
            self.assert_nothing(self.send_form(path, self.token(order), csrf=False, **form), path)
            self.assertIn(self.url_open(path, timeout=60, allow_redirects=False).status_code, (404, 405))

    def test_an_order_that_was_cancelled(self):
        order, remedy = self.asked, self.remedy
        token = self.token(order)
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.commit()
        self.visit_as("buyer")
        self.assertNotIn("Where your order is", self.look(order, token).text)
        answer = self.go(f"/my/orders/{order.id}/answer/{remedy.id}", {"answer": "agreed"}, token)
        self.assertIn("sop=answered_before", answer.headers["Location"])
        self.assertEqual((remedy.state, remedy.answer), ("cancelled", False))
        answer = self.go(f"/my/orders/{order.id}/receipt", {"picking_id": order.picking_ids.id}, token)
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(order.picking_ids.sop_proof_ids)

    def test_what_has_not_left_cannot_be_received(self):
        token = self.token(self.asked)
        self.visit_as(None)
        answer = self.go(f"/my/orders/{self.asked.id}/receipt", {"picking_id": self.asked.picking_ids.id}, token)
        self.assertEqual(answer.status_code, 404)

    def test_an_order_of_another_company(self):
        """The customer buys from two companies: each order is its own company's, whatever he is logged in to."""
        company = self.env["res.company"].create({"name": "Sister"})
        user = self.users["buyer"]
        self.assertNotIn(company, user.company_ids)
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        self.env["stock.quant"]._update_available_quantity(self.product, warehouse.lot_stock_id, 10)
        order = self.make_order(company_id=company.id, require_signature=False, require_payment=False)
        self.put_under(order, self.followed)
        self.assertEqual(order.company_id, company)
        token = self.token(order)
        self.visit_as("stranger")
        self.assert_nothing(self.go(f"/my/orders/{order.id}", None, "wrong"))
        self.visit_as(None)
        self.assertIn("Where your order is", self.look(order, token).text)

    def test_what_he_writes_is_text(self):
        evil = "<script>alert(1)</script>"
        self.visit_as("buyer")
        self.send_form(
            f"/my/orders/{self.order.id}/receipt", picking_id=self.order.picking_ids.id, name=evil + "x" * 500
        )
        [proof] = self.order.picking_ids.sop_proof_ids
        self.assertEqual(len(proof.name), 100)
        page = self.look(self.order).text
        self.assertNotIn(evil, page)
        self.assertIn("&lt;script&gt;", page)
        path = f"/my/orders/{self.asked.id}/answer/{self.remedy.id}"
        self.send_form(path, answer="refused", note=evil * 200)
        self.assertEqual(len(self.remedy.answer_note), 2000)
        self.assertIn("&lt;script&gt;", self.asked.activity_ids.note)
        for notice in (evil, "internal", "received\n", ""):
            page = self.url_open(f"/my/orders/{self.order.id}", params={"sop": notice}, timeout=60).text
            self.assertNotIn("sop_notice", page)
            self.assertNotIn(evil, page)

    def test_fields_are_not_read_over_rpc(self):
        self.visit_as("buyer")
        for field in ("sop_delay_told_for", "sop_rating_text"):
            answer = self.make_jsonrpc_error("sale.order", field)
            self.assertIn("AccessError", answer)

    def make_jsonrpc_error(self, model, field):
        """Return the name of the exception by which reading ``field`` is refused."""
        self.commit()
        params = {"model": model, "method": "read", "args": [self.order.ids, [field]], "kwargs": {}}
        response = self.url_open(f"/web/dataset/call_kw/{model}/read", json={"params": params})
        return response.json()["error"]["data"]["name"]
