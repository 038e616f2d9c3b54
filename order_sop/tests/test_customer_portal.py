"""The customer opens his order in the portal, follows it, answers, confirms what he received and rates it."""

import re
from ast import literal_eval

from odoo.tests import tagged

from ..engine.guard import as_engine
from .common_customer import INTERNAL
from .common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestCustomerPortal(PortalCase):
    def test_with_a_login(self):
        order = self.send(quantity=1)
        self.hold(order)
        self.tell(self.item("in_transit", place="Ghent", note=f"Note {INTERNAL}"))
        self.visit_as("buyer")
        page = self.look(order)
        self.assertEqual(page.status_code, 200)
        for text in (
            "Order received",
            "In preparation",
            "Courier",
            "TRACK-1",
            "In Transit",
            "Ghent",
            "I have received it",
        ):
            self.assertIn(text, page.text)
        self.assertNotIn(INTERNAL, page.text)
        first = order.picking_ids.sorted("id")[0]
        answer = self.send_form(f"/my/orders/{order.id}/receipt", picking_id=first.id, name="Ms Buyer")
        self.assertEqual(answer.status_code, 303)
        [proof] = first.sop_proof_ids
        self.assertEqual((proof.kind, proof.name, proof.user_id), ("customer", "Ms Buyer", self.users["buyer"]))
        page = self.url_open(answer.headers["Location"], timeout=60).text
        self.assertIn("We have noted that you received the delivery", page)
        self.assertIn("Ms Buyer", page)
        self.assertNotIn("I have received it", page)
        again = self.send_form(f"/my/orders/{order.id}/receipt", picking_id=first.id, name="Somebody else")
        self.assertIn("sop=received_before", again.headers["Location"])
        self.assertEqual(first.sop_proof_ids, proof)

    def test_with_the_link_alone(self):
        order = self.send()
        token = self.token(order)
        self.visit_as(None)
        page = self.look(order, token)
        self.assertIn("TRACK-1", page.text)
        answer = self.send_form(f"/my/orders/{order.id}/receipt", token, picking_id=order.picking_ids.id)
        self.assertEqual(answer.status_code, 303)
        [proof] = order.picking_ids.sop_proof_ids
        self.assertEqual((proof.kind, proof.name), ("customer", self.customer.name))
        [line] = self.log(order, "proven")
        self.assertEqual(line["partner"], self.customer.id)

    def test_agree_by_login_and_refuse_by_link(self):
        for name, answer, state in (("buyer", "agreed", "done"), (None, "refused", "refused")):
            with self.subTest(answer=answer):
                self.add_stock(self.table, 3)
                order = self.confirm(lines=[(self.table, 5, 300.0)])
                remedy = self.ask(order, "parts", new_date="2031-05-05 10:00:00")
                self.assertEqual(remedy.state, "asked")
                token = self.token(order)
                self.visit_as(name)
                page = self.look(order, token).text
                self.assertIn("We need your answer", page)
                self.assertIn(remedy.question.split("\n")[0], page)
                self.assertNotIn("Because", page, "the reason is the house's")
                path = f"/my/orders/{order.id}/answer/{remedy.id}"
                unclear = self.send_form(path, token, answer="perhaps")
                self.assertIn("sop=unclear", unclear.headers["Location"])
                self.assertEqual(remedy.state, "asked")
                done = self.send_form(path, token, answer=answer, note=" As you like ")
                self.assertIn("sop=answered", done.headers["Location"])
                self.assertEqual((remedy.state, remedy.answer), (state, answer), remedy.problem)
                self.assertEqual(remedy.answer_note, "As you like")
                self.assertEqual(remedy.answered_by, "Buyer" if name else self.customer.name)
                page = self.url_open(done.headers["Location"], timeout=60).text
                self.assertIn("Thank you for your answer", page)
                self.assertEqual("05/05/2031" in page, answer == "agreed", "when the rest follows")
                self.assertNotIn("We need your answer", page)
                again = self.send_form(path, token, answer="refused" if answer == "agreed" else "agreed")
                self.assertIn("sop=answered_before", again.headers["Location"])
                self.assertEqual((remedy.state, remedy.answer), (state, answer))
        self.assertFalse(self.env["sop.engine.log"]._verify([order.id]))

    def test_rate_and_think_again(self):
        order = self.send()
        self.visit_as("buyer")
        self.assertNotIn("How did we do?", self.look(order).text, "not yet")
        self.env["sop.engine.proof"].sudo()._confirm_receipt(order.picking_ids, self.customer, "")
        page = self.look(order).text
        self.assertIn("How did we do?", page)
        [good, token] = re.search(r'href="(/rate/(\w+)/5)"', page).groups()
        self.assertEqual(self.url_open(good, timeout=60).status_code, 200)
        self.send_form(f"/rate/{token}/submit_feedback", rate="5", feedback="<b>Fast</b>")
        rating = self.env["rating.rating"].search([("res_model", "=", "sale.order"), ("res_id", "=", order.id)])
        self.assertEqual((rating.rating, rating.consumed, rating.partner_id), (5, True, self.customer))
        self.assertEqual(order.sop_rating_text, "Happy")
        self.assertIn(rating, rating.search(literal_eval(self.env.ref("order_sop.sop_rating_action").domain)))
        page = self.look(order).text
        self.assertIn("Thank you for your rating", page)
        self.assertIn(f"/rate/{token}/5", page, "the same, to think again")
        self.send_form(f"/rate/{token}/submit_feedback", rate="1", feedback="It broke")
        self.assertEqual((rating.rating, rating.feedback), (1, "It broke"))
        self.assertEqual(len(order._sop_get_ratings(given=False)), 1)
        message = order.message_ids.filtered(lambda message: message.rating_id == rating)
        self.assertEqual(message.author_id, self.customer)

    def test_papers(self):
        order = self.send()
        token = self.token(order)
        self.visit_as(None)
        page = self.look(order, token).text
        for path in (
            f"/my/picking/pdf/{order.picking_ids.id}",
            f"/my/orders/{order.id}/packing_list/{order.picking_ids.id}",
        ):
            self.assertIn(path, page)
            paper = self.url_open(f"{path}?access_token={token}", timeout=120)
            self.assertEqual((paper.status_code, paper.headers["Content-Type"]), (200, "application/pdf"))

    def test_a_colleague_looks_but_does_not_speak(self):
        order = self.send()
        token = self.token(order)
        self.visit_as("manager")
        page = self.look(order, token).text
        self.assertIn("TRACK-1", page)
        self.assertNotIn("I have received it", page)
        answer = self.send_form(f"/my/orders/{order.id}/receipt", token, picking_id=order.picking_ids.id)
        self.assertEqual(answer.status_code, 403)
        self.assertFalse(order.picking_ids.sop_proof_ids)

    def test_orders_without_a_process_look_as_in_odoo(self):
        order = self.make_order(require_signature=False)
        order.action_confirm()
        self.visit_as("buyer")
        page = self.look(order)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Where your order is", page.text)

    def test_in_chinese(self):
        stages = as_engine(self.followed.stage_ids).with_context(lang="zh_CN")
        stages.filtered("customer_name")[0].customer_name = "订单已收到"
        self.env.flush_all()
        order = self.send()
        self.users["buyer"].lang = "zh_CN"
        self.visit_as("buyer")
        page = self.look(order)
        self.assertEqual(page.status_code, 200)
        self.assertIn("订单已收到", page.text)
        self.assertIn("2 单位", page.text)
