"""Trying a draft from outside: over JSON-RPC, with what is not one's own and with garbage."""

from odoo.tests import new_test_user, tagged

from .common_http import SopHttpCase

DENIED = "odoo.exceptions.AccessError"


@tagged("post_install", "-at_install")
class TestTrialAttacks(SopHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user")
        cls.users["portal"] = new_test_user(cls.env, login="sop_portal", groups="base.group_portal")
        cls.users["second"] = new_test_user(cls.env, login="sop_second", groups="order_sop.group_officer")
        cls.draft = cls.gated.browse(cls.gated.action_new_version()["res_id"])
        cls.order = cls.make_order(process=cls.gated)

    def make_trial(self, user="officer", **vals):
        return self.rpc("sop.trial", "create", {"process_id": self.draft.id, **vals}, user=user)

    def test_outsiders_get_nothing(self):
        trial = self.make_trial()
        self.rpc("sop.trial", "action_run", [trial], user="officer")
        for user in ("sales", "finance", "auditor", "employee", "portal", "second"):
            if user != "second":
                self.assert_refused(lambda u=user: self.make_trial(u), name=DENIED)
                self.assert_refused(
                    lambda u=user: self.rpc("sop.process", "action_open_trial", [self.draft.id], user=u), name=DENIED
                )
            for method, arguments in (("action_run", ()), ("action_view_orders", ()), ("read", (["summary"],))):
                with self.subTest(user=user, method=method):
                    self.assert_refused(
                        lambda u=user, m=method, a=arguments: self.rpc("sop.trial", m, [trial], *a, user=u), name=DENIED
                    )

    def test_results_are_nobodys_to_write(self):
        trial = self.make_trial()
        self.rpc("sop.trial", "action_run", [trial], user="officer")
        line = self.env["sop.trial"].browse(trial).checkpoint_ids[0].id
        for method, arguments in (
            ("write", ([line], {"detail": "Fine"})),
            ("unlink", ([line],)),
            ("create", ({"trial_id": trial},)),
        ):
            self.assert_refused(
                lambda m=method, a=arguments: self.rpc("sop.trial.checkpoint", m, *a, user="officer"), name=DENIED
            )
        forged = {"order_ids": [[0, 0, {"order_id": self.order.id}]]}
        self.assert_refused(lambda: self.rpc("sop.trial", "write", [trial], forged, user="officer"), name=DENIED)

    def test_contexts_and_garbage(self):
        hostile = {"sop_engine": True, "active_test": False, "default_state": "sale", "prefetch_fields": False}
        trial = self.make_trial()
        self.rpc("sop.trial", "action_run", [trial], user="officer", context=hostile)
        self.assertEqual(self.draft.state, "draft")
        for count in (-5, 0, 10**9):
            trial = self.make_trial(order_count=count)
            self.assert_refused(
                lambda t=trial: self.rpc("sop.trial", "action_run", [t], user="officer"), "Between 1 and 2000"
            )
        self.assert_refused(
            lambda: self.rpc("sop.trial", "action_run", [10**6], user="officer"), name="odoo.exceptions.MissingError"
        )
        for garbage in ("x", {"id": 1}):
            self.assert_refused(
                lambda g=garbage: self.rpc("sop.process", "action_open_trial", [g], user="officer"),
                name="odoo.exceptions.ValidationError",
            )
