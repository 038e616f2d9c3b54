"""What counts as evidence for a tick: a file that one uploads, or one on the order, the delivery or the check."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SopCase


@tagged("post_install", "-at_install")
class TestEvidenceFiles(SopCase):
    def setUp(self):
        super().setUp()
        process = self.make_process({"checkpoints": [{"name": "Seen", "kind": "manual", "evidence_required": True}]})
        self.order = self.make_order(process=process)
        self.check_seen = self.check(self.order, "Seen").with_user(self.users["sales"])
        self.order.user_id = self.users["sales"]

    def make_file(self, user="sales", **vals):
        return self.env["ir.attachment"].with_user(self.users[user]).create({"name": "photo.png", "raw": b"x", **vals})

    def test_files_that_have_nothing_to_do_with_it(self):
        other = self.make_order(user_id=self.users["sales"].id)
        for file in (
            self.make_file(res_model="sale.order", res_id=other.id),
            self.make_file("manager", public=True),
            self.make_file(type="url", url="https://example.com/photo.png"),
            self.env["ir.attachment"].create({"name": "style.css", "raw": b"x", "public": True}),
        ):
            with self.assertRaisesRegex(UserError, "is no evidence"):
                self.check_seen.action_pass(attachment_ids=file.ids)
        self.assertEqual(self.check_seen.state, "pending")

    def test_files_that_have(self):
        self.check_seen.action_pass(attachment_ids=self.make_file().ids)
        self.assertEqual(self.check_seen.state, "passed")

    def test_a_file_of_the_order(self):
        file = self.make_file(res_model="sale.order", res_id=self.order.id)
        self.check_seen.action_pass(attachment_ids=file.ids)
        self.assertEqual(self.check_seen.attachment_ids, file)
