"""What customers may send with their words, and how much of it."""

from odoo.tests import tagged

from .common_cases import HTML, PDF, SVG, CasePortalCase, picture


@tagged("post_install", "-at_install")
class TestCasePortalFiles(CasePortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.env["sop.case"].create({"partner_id": cls.customer.id, "kind": "question"})

    def kept(self):
        """Return how many messages and files there are."""
        self.env.invalidate_all()
        return len(self.case.message_ids), self.env["ir.attachment"].search_count([])

    def test_files_that_are_not_taken(self):
        self.visit_as("buyer")
        path = f"/my/cases/{self.case.id}/message"
        before = self.kept()
        bomb = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (60000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
        for name, content in (
            ("a.svg", SVG),
            ("a.png", SVG),
            ("a.png", HTML),
            ("a.pdf", HTML),
            ("a.html", HTML),
            ("a.zip", b"PK\x03\x04" + b"0" * 100),
            ("a.exe", b"MZ" + b"0" * 100),
            ("a.png", b""),
            ("a.png", bomb),
            ("a.png", picture()[:8]),
            ("a.pdf", PDF + b"0" * (10 * 1024 * 1024)),
        ):
            answer = self.send_files(path, [("good.png", picture()), (name, content)], text="Look")
            self.assertIn("cannot be taken", answer.text, (name, content[:20]))
            self.assertIn("Look", answer.text)
        answer = self.send_files(path, [(f"{number}.png", picture()) for number in range(6)], text="Look")
        self.assertIn("at most 5 files", answer.text)
        self.assertEqual(self.kept(), before)
        names = ["../../etc/passwd", "a\\b\\c.png", "<script>.png", "\u202egnp.exe", "x" * 300 + ".png"]
        self.send_files(path, [(name, picture()) for name in names], text="Look")
        files = self.case.message_ids[0].attachment_ids
        self.assertEqual(
            sorted(files.mapped("name")), ["c.png", "gnp.png", "passwd.png", "script.png", "x" * 80 + ".png"]
        )
        self.assertEqual(set(files.mapped("mimetype")), {"image/png"})

    def test_how_many(self):
        self.visit_as("buyer")
        path = f"/my/cases/{self.case.id}/message"
        for _number in range(25):
            answer = self.send_form(path, text="Again")
        self.assertIn("please wait a little", answer.text)
        self.assertLessEqual(len(self.case.message_ids.filtered(lambda message: "Again" in message.body)), 20)
        self.env["sop.case"].create([{"partner_id": self.customer.id, "kind": "question"} for _number in range(20)])
        self.assertIn("many open cases", self.open_case(**self.form("1")).text)
