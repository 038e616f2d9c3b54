"""The SOP's owner tries a draft on past orders in the browser, before he publishes it: in English and in Chinese."""

from odoo.tests import HttpCase, tagged

from .common_trial import TrialCase


@tagged("post_install", "-at_install")
class TestTourTrial(TrialCase, HttpCase):
    def try_it(self, tour):
        self.sell(5), self.sell(15), self.sell(30), self.sell(lines=[(self.product, 20, 100.0)])
        self.discounts.rule_percent = 10
        self.require_approval({"order_domain": "[('amount_total', '>=', 1000)]"})
        self.commit()
        self.start_tour(f"/odoo/sop-processes/{self.draft.id}", tour, login="sop_manager", timeout=120)
        self.assertEqual(self.draft.state, "draft")

    def test_the_owner_tries_a_draft(self):
        self.try_it("order_sop_trial")

    def test_the_owner_tries_a_draft_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env.ref("base.module_order_sop")._update_translations("zh_CN")
        self.users["manager"].lang = "zh_CN"
        self.try_it("order_sop_trial_zh")
