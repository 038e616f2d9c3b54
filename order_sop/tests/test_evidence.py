from datetime import timedelta

from .common import SopCase

PAGE = b"%PDF-1.4 signed"


class TestEvidence(SopCase):
    """A file or a message is all that an order waits for: it goes on without anybody pressing a button."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_process(
            {"name": "Agree", "checkpoints": [{"kind": "auto", "rule": "contract"}]},
            {"name": "Work", "auto_advance": False},
            code="AGREE",
        )
        cls.shipping = cls.make_process(
            {
                "name": "Tell",
                "checkpoints": [{"kind": "auto", "rule": "customer_informed", "scope": "delivery"}],
            },
            {
                "name": "Prove",
                "checkpoints": [{"kind": "auto", "rule": "proof_of_delivery", "scope": "delivery"}],
            },
            {"name": "Work", "auto_advance": False},
            code="SHIP",
        )

    def attach(self, record, **vals):
        return record.env["ir.attachment"].create(
            {"name": "signed.pdf", "res_model": record._name, "res_id": record.id, "raw": PAGE, **vals}
        )

    def make_delivered(self):
        """Return an order whose goods have left."""
        order = self.make_order(user_id=self.users["sales"].id)
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        order.picking_ids.date_done -= timedelta(hours=1)  # files of a test are as old as its transaction
        self.put_under(order, self.shipping)
        return order

    def inform(self, record, **vals):
        """Write to the customer from ``record``, as its chatter does."""
        return record.message_post(
            body="Under way",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
            **vals,
        )

    def test_contract_attached(self):
        order = self.make_order(process=self.contract, user_id=self.users["sales"].id)
        self.attach(order.with_user(self.users["sales"]))
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Work")

    def test_contract_sent_along_with_a_message(self):
        order = self.make_order(process=self.contract)
        file = self.attach(order, res_model="mail.compose.message", res_id=0)
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Agree")
        order.message_post(body="Signed by both", attachment_ids=file.ids)
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Work")

    def test_contract_taken_away(self):
        process = self.make_process(
            {"checkpoints": [{"kind": "auto", "rule": "contract"}, {"name": "Read", "kind": "manual"}]}
        )
        order = self.make_order(process=process)
        file = self.attach(order)
        self.commit()
        self.assertEqual(self.check(order, "contract").state, "passed")
        file.unlink()
        self.commit()
        self.assertEqual(self.check(order, "contract").state, "pending")

    def test_message_and_receipt(self):
        order = self.make_delivered()
        delivery = order.picking_ids
        delivery.message_post(body="Parked at gate 4", message_type="comment", subtype_xmlid="mail.mt_note")
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Tell", "a note tells the customer nothing")
        self.inform(delivery)
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Prove")
        self.attach(delivery)
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Work")

    def test_message_on_the_order(self):
        order = self.make_delivered()
        self.inform(order)
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Prove")

    def test_fetched_mail_locks_no_order(self):
        """A conflict at the commit would make Odoo drop the mail."""
        order = self.make_delivered()
        order._portal_ensure_token()  # or the first message that links to the portal writes on the order itself
        self.commit()
        self.inform(order.with_context(fetchmail_cron_running=True))
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Tell")
        order.action_sop_check_again()
        self.assertEqual(order.sop_stage_id.name, "Prove")

    def test_order_deleted_with_its_files(self):
        order = self.make_order(process=self.contract)
        self.attach(order)
        self.commit()
        order.action_cancel()
        order.unlink()
        self.commit()
        self.assertFalse(order.exists())

    def test_panel_is_read_again(self):
        """Who attaches a file or sends a message sees at once where the order stands."""
        for view in ("sale.view_order_form", "stock.view_picking_form"):
            model = self.env.ref(view).model
            arch = self.env[model].get_views([(self.env.ref(view).id, "form")])["views"]["form"]["arch"]
            self.assertRegex(arch, r'<chatter[^>]*reload_on_post="True"')
            self.assertRegex(arch, r'<chatter[^>]*reload_on_attachment="True"')
