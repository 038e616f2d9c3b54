"""The customer's side of a case, from opening it to his rating, over real requests."""

import io

from pypdf import PdfReader

from odoo.tests import tagged

from .common_cases import PDF, CasePortalCase, picture
from .common_customer import INTERNAL


@tagged("post_install", "-at_install")
class TestCasePortal(CasePortalCase):
    def setUp(self):
        super().setUp()
        self.visit_as("buyer")

    def test_story(self):
        page = self.look(self.order).text
        self.assertIn("Return or complain", page)
        form = self.get(f"/my/orders/{self.order.id}/case")
        self.assertIn(f'name="qty_{self.line.id}"', form.text)
        self.assertIn('max="3"', form.text)
        self.assertNotIn("Goodwill", form.text, "a reason that is not for customers")
        photos = [("leg.png", picture()), ("seat.JPG", picture("JPEG")), ("receipt.pdf", PDF)]
        case = self.open_case(files=photos, subject="Broken", **self.form())
        self.assertEqual((case.kind, case.channel, case.state), ("return", "portal", "open"))
        self.assertEqual((case.order_id, case.company_id), (self.order, self.order.company_id))
        self.assertEqual(case.partner_id, self.users["buyer"].partner_id)
        self.assertEqual((case.wish, case.description), ("refund", "Two legs are broken"))
        [line] = case.line_ids
        self.assertEqual((line.order_line_id, line.qty, line.reason_id), (self.line, 2, self.reason))
        opening = case.message_ids.filtered(lambda message: message.attachment_ids)
        self.assertEqual(opening.author_id, self.users["buyer"].partner_id)
        self.assertEqual(sorted(opening.attachment_ids.mapped("name")), ["leg.png", "receipt.pdf", "seat.jpg"])
        self.assertEqual(len(case.photo_ids), 2)

        # he follows it
        self.assertIn(case.name, self.get("/my/cases").text)
        self.assertIn(case.name, self.look(self.order).text)
        path = f"/my/cases/{case.id}"
        page = self.get(path).text
        for text in (case.name, "Two legs are broken", "leg.png", self.reason.name, "Open"):
            self.assertIn(text, page)
        self.assertNotIn("Is it solved?", page, "nobody has answered yet")
        for file in opening.attachment_ids:
            answer = self.get(f"{path}/file/{file.id}")
            self.assertEqual((answer.status_code, answer.content), (200, file.raw))
            shown = "attachment" not in answer.headers["Content-Disposition"]
            self.assertEqual(shown, file.name != "receipt.pdf")
        small = self.url_open(f"{path}/file/{case.photo_ids[0].id}?small=1")
        self.assertTrue(small.content.startswith(b"\x89PNG"))

        # the house talks about it, then to him
        case.with_user(self.users["after_sales"]).message_post(body=f"Note {INTERNAL}")
        self.assertFalse(case.answered_at, "a note is no answer")
        self.answer(case)
        self.assertEqual(case.answered_by_id, self.users["after_sales"])
        page = self.get(path).text
        self.assertIn("Please send them back", page)
        self.assertNotIn(INTERNAL, page)
        sent = self.send_files(f"{path}/message", [("box.png", picture())], text="Is <b>this</b> box right?\nThanks")
        self.assertEqual(sent.status_code, 303)
        self.assertIn("sop=sent", sent.headers["Location"])
        message = case.message_ids[0]
        self.assertEqual((message.author_id, message.attachment_ids.name), (self.users["buyer"].partner_id, "box.png"))
        self.assertIn("Is &lt;b&gt;this&lt;/b&gt; box right?<br", message.body)

        # he sends it back
        slip = self.get(f"{path}/slip")
        self.assertEqual((slip.status_code, slip.headers["Content-Type"]), (200, "application/pdf"))
        for part in (case.name, self.order.name, "Chair", self.reason.name, "Send to", "data:image/svg+xml;base64,"):
            self.assertIn(part, slip.text)  # tests get the HTML that is printed
        for secret in (INTERNAL, "100.0", "Please send them back"):
            self.assertNotIn(secret, slip.text)
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        pdf = report._render_qweb_pdf("order_sop.sop_return_slip_report", case.ids)[0]
        self.assertEqual(len(PdfReader(io.BytesIO(pdf)).pages), 1)

        # it is solved, after all
        wrong = self.send_form(f"{path}/disagree", text=" ")
        self.assertIn("Please tell us what is not solved yet.", wrong.text)
        self.send_form(f"{path}/disagree", text="The money is missing")
        self.assertIn("The money is missing", case.message_ids[0].body)
        self.assertFalse(case.agreed_at)
        self.send_form(f"{path}/agree")
        first = case.agreed_at
        self.assertTrue(first)
        self.assertEqual(case.agreed_by_id, self.users["buyer"].partner_id)
        self.send_form(f"{path}/agree")
        self.assertEqual(case.agreed_at, first, "said once")
        page = self.get(path).text
        self.assertIn("You told us that it is solved", page)
        token = case._sop_get_rating_token()
        self.assertIn(f"/rate/{token}/5", page)
        self.send_form(f"/rate/{token}/submit_feedback", rate="5", feedback="Kind people")
        [rating] = case._sop_get_ratings().values()
        self.assertEqual((rating.rating, rating.feedback), (5, "Kind people"))
        self.assertIn("Thank you for your rating.", self.get(path).text)

    def test_under_its_process(self):
        """The customer reads where his case is in the words of its stages, and his own word closes it."""
        self.company.sop_active = True
        case = self.open_case(**self.form("0", kind="complaint"))
        path = f"/my/cases/{case.id}"
        self.assertEqual(case.sop_process_id, self.env.ref("order_sop.process_case"))
        self.assertIn(">Received<", self.get(path).text)
        self.answer(case)
        self.commit()
        self.assertIn(">Being looked at<", self.get(path).text)
        self.assertIn(">Being looked at<", self.get("/my/cases").text)
        case.with_user(self.users["after_sales"]).action_sop_complete()
        self.commit()
        self.assertIn(">Solved<", self.get(path).text)
        self.send_form(f"{path}/disagree", text="Not for me")
        self.assertEqual(case.state, "open")
        self.send_form(f"{path}/agree")
        self.commit()
        self.assertEqual((case.state, case.sop_status), ("closed", "done"))
        codes = self.env["sop.event"].search([("case_id", "=", case.id)], order="id").mapped("code")
        self.assertLess(codes.index("disagreed"), codes.index("agreed"))
        page = self.get(path).text
        self.assertNotIn("sop_case_word", page)
        self.assertIn("sop_rating", page)
        refused = self.send_form(f"{path}/agree").text
        self.assertIn("closed already", refused)
        self.assertEqual(self.send_form(f"{path}/message", text="One more thing").status_code, 303)

    def test_by_the_link_alone(self):
        self.visit_as(None)
        token = self.token(self.order)
        self.assertIn("Return or complain", self.look(self.order, token).text)
        case = self.open_case(token=token, **self.form())
        self.assertEqual(case.partner_id, self.order.partner_id)
        page = self.get(f"/my/cases/{case.id}", self.case_token(case))
        self.assertEqual(page.status_code, 200)
        order = self.look(self.order, token).text
        self.assertIn(case.name, order)
        self.assertNotIn(case.access_token, order, "the link to an order does not open what is said about cases")
        sent = self.send_files(f"/my/cases/{case.id}/message", token=self.case_token(case), text="Hello")
        self.assertIn("access_token=", sent.headers["Location"])
        self.assertEqual(case.message_ids[0].author_id, self.order.partner_id)

    def test_what_is_left(self):
        for wrong in ("4", "-1", "nan", "inf", "1e400", "x", "3.5"):
            page = self.open_case(**self.form(wrong))
            self.assertIn("please choose a quantity of at most 3", page.text, wrong)
            self.assertIn("Two legs are broken", page.text, "what he wrote is not lost")
        self.assertTrue(self.open_case(**self.form("2")).id)
        self.assertIn("at most 1.", self.open_case(**self.form("2")).text)
        self.assertIn("how many", self.open_case(**self.form("0")).text)
        self.assertTrue(self.open_case(**self.form("1")).id)
        form = self.get(f"/my/orders/{self.order.id}/case").text
        self.assertNotIn(f"qty_{self.line.id}", form)
        self.assertNotIn("sop_kind_return", form)
        self.assertIn("sop_kind_complaint", form)
        case = self.open_case(**self.form("", kind="question"))
        self.assertFalse(case.line_ids)

    def test_before_anything_was_delivered(self):
        order = self.confirm()
        form = self.get(f"/my/orders/{order.id}/case").text
        self.assertNotIn("sop_kind_return", form)
        self.assertIn("Please choose what", self.open_case(order, **self.form("0", kind="return")).text)
        self.assertEqual(self.open_case(order, **self.form("0", kind="complaint")).kind, "complaint")
        draft = self.take()
        self.assertEqual(self.get(f"/my/orders/{draft.id}/case").status_code, 303)

    def test_what_has_to_be_said(self):
        self.assertIn("what happened", self.open_case(**self.form(description=" ")).text)
        self.assertIn("what it is about", self.open_case(**self.form(kind="gift")).text)
        for reason in ("", "x", self.env.ref("order_sop.case_reason_goodwill").id, 10**12):
            page = self.open_case(**self.form() | {f"reason_{self.line.id}": reason})
            self.assertIn("choose a reason", page.text)
        case = self.open_case(**self.form(wish="<b>", subject="x" * 300, description="<script>" + "y" * 5000))
        self.assertEqual((case.wish, len(case.subject), len(case.description)), (False, 100, 2000))
        self.assertNotIn("<script>y", self.get(f"/my/cases/{case.id}").text)

    def test_queries(self):
        """What a page asks does not depend on how many cases, lines or messages it shows."""
        customer = self.users["buyer"].partner_id
        vals = {"kind": "complaint", "partner_id": customer.id, "order_id": self.order.id}
        cases = self.env["sop.case"].sudo().create([dict(vals) for _number in range(20)])

        def count(work):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            work()
            return self.env.cr.sql_log_count - before

        def rows(some):
            return count(lambda: [case._sop_get_row() for case in some])

        rows(cases)  # what is asked once a process
        few = rows(cases[:2])
        self.assertEqual(rows(cases), few)
        case = cases[0]

        def talk(number):
            for _number in range(number):
                self.env["sop.engine.case.answer"]._post(case, customer, "Hello", [("a.png", picture())])
                self.answer(case)
            return count(case._sop_get_page)

        talk(1)
        few = talk(1)
        self.assertEqual(talk(10), few)
