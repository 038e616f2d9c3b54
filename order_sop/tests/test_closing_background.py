"""A closing of many orders is signed in the background: visibly, once, and as of its day whatever happens meanwhile."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_settlement import ClosingCase

ENGINE = "odoo.addons.order_sop.engine"


@tagged("post_install", "-at_install")
class TestClosingBackground(ClosingCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(patch(f"{ENGINE}.closing_signing.MOST_AT_ONCE", 1))
        self.startPatcher(patch(f"{ENGINE}.closing.AT_ONCE", 1))

    def step(self):
        """Let the cron do one batch, and be stopped then."""
        cron = self.env.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda _cron, done=0, **_kwargs: 0 if done else 60):
            self.env["sop.engine.closing"]._cron_sign()
        self.env.invalidate_all()

    def notices(self, closing):
        own = [("model", "=", "sop.closing"), ("res_id", "=", closing.id)]
        return self.env["mail.message"].search([*own, ("message_type", "=", "user_notification")])

    def test_many_orders_are_signed_by_the_cron(self):
        closing = self.sign()
        finance = closing.with_user(self.users["finance"])
        self.assertEqual((closing.state, closing.signed_by_id), ("signing", self.users["finance"]))
        self.assertGreaterEqual(closing.order_count, 2)
        self.assertFalse(closing.line_ids)
        for change in (
            lambda: finance.write({"day": "2025-03-31"}),
            lambda: finance.write({"note": "x"}),
            finance.unlink,
            finance.action_sign,
            finance.action_countersign,
            lambda: finance.action_reopen("Because"),
        ):
            with self.assertRaises(UserError):
                change()
        self.step()
        self.assertEqual((closing.state, closing.line_count), ("signing", 1))
        self.assertGreater(closing.progress, 0)
        self.assertLess(closing.progress, 100)
        self.assertFalse(self.notices(closing))
        self.run_cron("closing_cron")
        self.assertEqual((closing.state, closing.line_count), ("signed", closing.order_count))
        self.assertEqual(len(closing.line_ids), closing.line_count)
        self.assertEqual(len(closing.line_ids.order_id), closing.line_count, "none is there twice")
        self.assertEqual(self.lines(closing).mapped("outstanding"), [600, 180])
        self.assertAlmostEqual(closing.outstanding_company, sum(closing.line_ids.mapped("outstanding_company")), 2)
        self.assertEqual(closing.action_verify()["params"]["type"], "success")
        self.assertEqual(closing.event_ids.mapped("code"), ["signed", "signing"])
        self.assertEqual(closing.event_ids.user_id, self.users["finance"])
        self.assertEqual(self.notices(closing).notified_partner_ids, self.users["finance"].partner_id)

    def test_the_hash_is_that_of_a_closing_signed_at_once(self):
        closing = self.sign(partner_id=self.customer.id)
        self.run_cron("closing_cron")
        closing.with_user(self.users["manager"]).sudo()
        self.departments["finance"].lead_id = self.users["finance"]
        closing.with_user(self.users["finance"]).action_reopen("Because")
        with patch(f"{ENGINE}.closing_signing.MOST_AT_ONCE", 1000):
            again = self.sign(partner_id=self.customer.id)
        self.assertEqual((again.state, again.hash), ("signed", closing.hash))

    def test_four_eyes(self):
        self.company.sop_countersign = True
        closing = self.sign()
        self.run_cron("closing_cron")
        self.assertEqual(closing.state, "half")

    def test_what_is_back_dated_meanwhile_is_a_late_entry(self):
        closing = self.sign(partner_id=self.customer.id)
        self.assertEqual(closing.state, "signed", "one order is signed at once")
        closing = self.sign()
        while self.first not in closing.line_ids.order_id:
            self.step()
        self.pay(self.invoice_1, payment_date="2025-02-27")  # back-dated: behind the cursor
        with self.on("2025-03-05"):
            self.pay(self.invoice_2)  # later than the day: nothing to it
        self.env.flush_all()
        self.run_cron("closing_cron")
        self.assertEqual(self.lines(closing).mapped("outstanding"), [600, 180])
        self.assertTrue(closing.began_at, "it is compared at once")
        self.run_cron("late_cron")
        self.assertEqual(closing.late_ids.filtered(lambda entry: entry.order_id in self.orders).order_id, self.first)
        self.assertIn("PBNK", closing.late_ids.documents)

    def test_one_that_fails_is_a_draft_again(self):
        closing = self.sign()
        self.step()
        engine = type(self.env["sop.engine.closing"])
        with (
            patch.object(engine, "_get_figures", side_effect=ValueError("no")),
            mute_logger(f"{ENGINE}.closing_signing"),
        ):
            self.run_cron("closing_cron")
        self.assertEqual((closing.state, closing.line_count, closing.hash), ("draft", 0, False))
        self.assertFalse(closing.line_ids)
        self.assertEqual(closing.event_ids[:1].code, "failed")
        self.assertEqual(self.notices(closing).notified_partner_ids, self.users["finance"].partner_id)
        closing.with_user(self.users["finance"]).action_sign()
        self.run_cron("closing_cron")
        self.assertEqual(closing.state, "signed")
        self.assertEqual(self.lines(closing).mapped("outstanding"), [600, 180])

    def test_all_orders_are_compared_by_the_cron(self):
        closing = self.sign()
        self.run_cron("closing_cron")
        self.run_cron("late_cron")
        self.second.order_line[0].price_unit = 60.0
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET write_date = '2025-03-01'")
        self.env.cr.execute("UPDATE sale_order_line SET write_date = '2025-03-01'")
        action = closing.with_user(self.users["finance"]).action_compare()
        self.assertEqual(action["tag"], "display_notification")
        self.assertFalse(closing.late_ids)
        self.run_cron("late_cron")
        self.assertEqual(closing.late_ids.order_id, self.second)
        self.assertFalse(closing.compare_all)
