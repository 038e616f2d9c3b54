"""What the engine owns, tried from outside by real requests of each role."""

from odoo.tests import tagged

from .common_http import Refused, SopHttpCase

ROLES = ("sales", "legal", "auditor", "officer", "manager")
CONTEXTS = (
    {"sop_engine": True},
    {"sop_engine": {"__class__": "object"}},
    {"_force_unlink": True},
    {"install_mode": True, "import_file": True, "sop_passed": [1]},
)


@tagged("post_install", "-at_install")
class TestGuardHttp(SopHttpCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_gated()
        self.check_ = self.check(self.order, "Reviewed")
        self.visit = self.order.sop_visit_ids
        self.hold = self.env["sop.engine.holds"]._set(self.order, "manual")

    def assert_forbidden(self, which, call, *args, **kwargs):
        with self.subTest(which=which), self.assertRaises(Refused) as caught:
            call(*args, **kwargs)
        self.assertIn(
            caught.exception.name, ("odoo.exceptions.AccessError", "odoo.exceptions.UserError"), caught.exception
        )

    def test_records_of_the_engine(self):
        event = self.env["sop.event"].search([("order_id", "=", self.order.id)], limit=1)
        for role in ROLES:
            for record, vals in (
                (self.check_, {"state": "passed"}),
                (self.visit, {"left_at": "2030-01-01"}),
                (self.hold, {"released_at": "2030-01-01"}),
                (event, {"code": "left"}),
            ):
                model, which = record._name, (role, record._name)
                self.assert_forbidden(which, self.rpc, model, "write", record.ids, vals, user=role)
                self.assert_forbidden(which, self.rpc, model, "web_save", record.ids, vals, {}, user=role)
                self.assert_forbidden(which, self.rpc, model, "create", [vals], user=role)
                self.assert_forbidden(which, self.rpc, model, "unlink", record.ids, user=role)
                self.assert_forbidden(which, self.rpc, model, "copy", record.ids, user=role)
                self.assert_forbidden(which, self.json2, model, "write", ids=record.ids, vals=vals, user=role)
                for context in CONTEXTS if role == "manager" else ():
                    for method, *args in (("write", vals), ("unlink",)):
                        self.assert_forbidden(
                            which, self.rpc, model, method, record.ids, *args, user=role, context=context
                        )
                field, value = next(iter(vals.items()))
                rows = [[str(record.id), value]]
                if model == "sop.event" and role not in ("auditor", "manager"):
                    self.assert_forbidden(which, self.rpc, model, "load", [".id", field], rows, user=role)
                else:
                    self.assertFalse(self.rpc(model, "load", [".id", field], rows, user=role)["ids"], which)
        self.assertEqual((self.check_.state, self.visit.left_at, self.hold.released_at), ("pending", False, False))

    def test_fields_of_an_order(self):
        new = {"partner_id": self.customer.id}
        for role in ("sales", "manager"):
            for vals in (
                {"sop_status": "done"},
                {"sop_stage_id": self.gated.stage_ids[-1].id},
                {"sop_process_id": False},
                {"sop_check_ids": [[1, self.check_.id, {"state": "passed"}]]},
                {"sop_hold_ids": [[2, self.hold.id]]},
                {"sop_visit_ids": [[5]]},
            ):
                [name] = vals
                which = (role, name)
                ids = self.order.ids
                self.assert_forbidden(which, self.rpc, "sale.order", "write", ids, vals, user=role)
                self.assert_forbidden(which, self.rpc, "sale.order", "web_save", ids, vals, {}, user=role)
                self.assert_forbidden(which, self.rpc, "sale.order", "create", [new | vals], user=role)
                self.assert_forbidden(which, self.rpc, "sale.order", "copy", ids, vals, user=role)
                context = {f"default_{name}": vals[name]}
                self.assert_forbidden(which, self.rpc, "sale.order", "create", [new], user=role, context=context)
                self.assert_forbidden(which, self.json2, "sale.order", "write", ids=ids, vals=vals, user=role)
        self.assertEqual((self.order.sop_status, self.order.sop_stage_id.name), ("on_hold", "Review"))
        self.assertFalse(self.hold.released_at)

    def test_published_definitions(self):
        stage = self.gated.stage_ids[0]
        vals = {"name": "Other"}
        for role in ("officer", "manager"):
            for record in (self.gated, stage, stage.checkpoint_ids):
                model, ids, which = record._name, record.ids, (role, record)
                self.assert_forbidden(which, self.rpc, model, "write", ids, vals, user=role)
                self.assert_forbidden(which, self.rpc, model, "web_save", ids, vals, {}, user=role)
                self.assert_forbidden(
                    which, self.rpc, model, "update_field_translations", ids, "name", {"zh_CN": "别的"}, user=role
                )
                self.assert_forbidden(
                    which, self.rpc, model, "web_override_translations", ids, {"name": "别的"}, user=role
                )
                self.assert_forbidden(which, self.json2, model, "unlink", ids=ids, user=role)
                for context in CONTEXTS:
                    self.assert_forbidden(which, self.rpc, model, "unlink", ids, user=role, context=context)
        self.assertEqual((self.gated.name, stage.name), ("Test process", "Review"))

    def test_private_methods_stay_private(self):
        """The engine has no method that can be called from outside."""
        for model in (name for name in self.env.registry if name.startswith("sop.engine.")):
            for name in dir(type(self.env[model])):
                method = getattr(type(self.env[model]), name)
                if callable(method) and (getattr(method, "__module__", "") or "").startswith("odoo.addons.order_sop"):
                    self.assertTrue(name.startswith("_"), f"{model}.{name}")
        for model, method in (
            ("sop.engine.flow", "_start"),
            ("sop.engine.evaluation", "_write"),
            ("sop.engine.holds", "_release"),
            ("sale.order", "_sop_deliveries"),
        ):
            self.assert_forbidden((model, method), self.rpc, model, method, self.order.ids)
