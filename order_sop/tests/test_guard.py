"""What the engine owns nobody else writes: no role, no superuser, by no method of the ORM, not even by SQL."""

import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.guard import as_engine
from .common_kept import KeptCase

FORGED_CONTEXTS = (
    {},
    {"sop_engine": True},
    {"sop_engine": object()},
    {"_force_unlink": True},
    {"install_mode": True, "module": "order_sop", "import_file": True},
)


@tagged("post_install", "-at_install")
class TestGuard(KeptCase):
    def setUp(self):
        super().setUp()
        process = self.make_process(
            self.stage("Review", "confirm", {"name": "Terms", "kind": "approval"}, {"name": "Read"}), code="GUARD"
        )
        self.order = self.make_gated(process, user_id=self.users["legal"].id)
        self.users["sales"].group_ids += self.env.ref("sales_team.group_sale_manager")
        self.check(self.order, "Terms").with_user(self.users["sales"]).action_reject("Not like this")
        self.env["sop.engine.holds"]._set(self.order, "manual")
        self.env["sop.engine.alert"]._raise([{"kind": "breach", "visit_id": self.order.sop_visit_id.id}])
        self.env["sop.schedule.change"]._add([{"order_id": self.order.id}])
        stage = self.order.sop_stage_id
        pace = {"process_code": "GUARD", "stage_key": "1", "stage_id": stage.id, "company_id": self.company.id}
        as_engine(self.env["sop.pace"]).create(pace)
        self.check(self.order, "Read").with_user(self.users["manager"]).action_waive("Nobody has the time")
        self.consumer.with_user(self.users["manager"]).action_sop_block("Never pays")
        short = self.make_short()
        delivery = self.make_delivered().picking_ids
        delivery.with_user(self.users["logistics"]).action_sop_track("delivered")
        self.env["sop.engine.proof"]._confirm_receipt(delivery, self.customer, "Ms Li")
        self.records = {
            "sop.visit": self.order.sop_visit_ids,
            "sop.check": self.order.sop_check_ids,
            "sop.approval": self.order.sop_check_ids.approval_ids,
            "sop.decision": self.order.sop_check_ids.decision_ids,
            "sop.hold": self.order.sop_hold_ids,
            "sop.alert": self.order.sop_alert_ids,
            "sop.pace": self.env["sop.pace"].search([("process_code", "=", "GUARD")]),
            "sop.schedule.change": self.env["sop.schedule.change"].search([("order_id", "=", self.order.id)]),
            "sop.work": self.env["sop.work"].search([("order_id", "=", self.order.id)]),
            "sop.waiver": self.env["sop.waiver"].search([("order_id", "=", self.order.id)]),
            "sop.block": self.env["sop.block"].search([("partner_id", "=", self.consumer.id)]),
            "sop.tracking.event": delivery.sop_tracking_ids,
            "sop.proof": delivery.sop_proof_ids,
            "sop.event": self.env["sop.event"].search([("order_id", "=", self.order.id)]),
            "sop.stock.line": self.env["sop.stock.line"].search([("order_id", "=", short.id)]),
            "sop.remedy": short.sop_remedy_ids,
            "sop.promise": short.sop_promise_ids,
            "sop.case.document": self.make_case_document(delivery.sale_id),
            **self.make_settled(delivery.sale_id),
            **self.make_added_up(self.order),
        }

    def everybody(self):
        """Yield ``(who, environment)`` for each role, the administrator and three ways to be the superuser."""
        for name, user in self.users.items():
            yield name, self.env(user=user)
        yield "administrator", self.env(user=self.env.ref("base.user_admin"))
        yield "superuser", self.env(user=1)
        yield "superuser mode", self.env(user=self.users["sales"], su=True)
        for context in FORGED_CONTEXTS:
            yield f"forged {context}", self.env(su=True, context=context)

    def assert_refused(self, action, who):
        with self.subTest(who=who), self.assertRaises(UserError) as caught:
            action()
        return str(caught.exception)

    def some_value(self, field, record):
        """Return a value that could be written to ``field`` of ``record`` if anybody might."""
        if field.type in ("one2many", "many2many"):
            return [Command.clear()]
        if field.type == "many2one":
            return self.env[field.comodel_name].search([], limit=1).id
        values = {"selection": "done", "boolean": True, "datetime": "2030-01-01 00:00:00", "integer": 7}
        return values.get(field.type, "x")

    def test_fields_of_an_order(self):
        owned = sorted(self.order._sop_owned_fields)
        self.assertGreater(len(owned), 9)
        before = self.order.read(owned)
        orders = self.env["sale.order"]
        for name in owned:
            vals = {name: self.some_value(orders._fields[name], self.order)}
            for who, env in self.everybody():
                order = self.order.with_env(env)
                message = self.assert_refused(lambda o=order, v=vals: o.write(v), (who, name))
                if env.su or who == "administrator":
                    self.assertIn("kept by the order SOP", message)
                new = {"partner_id": self.customer.id}
                self.assert_refused(lambda e=env, n=new, v=vals: e["sale.order"].create(n | v), (who, name))
                self.assert_refused(lambda o=order, v=vals: o.copy(v), (who, name))
                by_default = env["sale.order"].with_context(**{f"default_{name}": vals[name]})
                self.assert_refused(lambda m=by_default, n=new: m.create(n), (who, name))
            self.assert_refused(lambda v=vals: self.order.web_save(v, {"name": {}}), name)
            self.assert_refused(
                lambda v=vals: self.customer.write({"sale_order_ids": [Command.update(self.order.id, v)]}), name
            )
        self.assertEqual(self.order.read(owned), before)

    def test_user_defined_defaults_are_passed_over(self):
        for name, value in (("sop_status", "done"), ("sop_revision", 9), ("sop_process_id", self.gated.id)):
            self.env["ir.default"].set("sale.order", name, value)
        order = self.make_order()
        self.assertFalse(order.sop_status or order.sop_revision or order.sop_process_id)
        self.env["ir.default"].set("sop.check", "note", "Forged")
        self.env["ir.default"].set("sop.process", "state", "published")
        order = self.make_gated()
        self.assertEqual(set(order.sop_check_ids.mapped("note")), {False})
        process = self.env["sop.process"].create({"name": "New", "code": "NEW"})
        self.assertEqual((process.state, process.version), ("draft", 1))

    def test_records_of_the_engine(self):
        for model, records in self.records.items():
            self.assertTrue(records, model)
            record = records[0]
            before = record.read()
            fields = [field for name, field in record._fields.items() if field.store and name not in MAGIC_COLUMNS]
            for who, env in self.everybody():
                mine = record.with_env(env)
                for field in fields:
                    vals = {field.name: self.some_value(field, record)}
                    self.assert_refused(lambda m=mine, v=vals: m.write(v), (who, model, field.name))
                self.assert_refused(lambda m=mine: m.write({}) and m.unlink(), (who, model))
                self.assert_refused(mine.unlink, (who, model))
                self.assert_refused(mine.copy, (who, model))
                vals = {
                    field.name: record._fields[field.name].convert_to_write(record[field.name], record)
                    for field in fields
                    if field.column_type
                }
                self.assert_refused(lambda m=mine, v=vals: m.create(v), (who, model))
                by_default = mine.with_context(**{f"default_{name}": value for name, value in vals.items()})
                self.assert_refused(lambda m=by_default: m.create({}), (who, model))
                self.assert_refused(lambda m=mine, v=vals: m.browse().web_save(v, {}), (who, model))
            self.assertEqual(record.read(), before)

    def test_no_guarded_model_is_forgotten(self):
        """Every model that the engine owns is among those that these tests try."""
        owned = {
            name
            for name, model in self.env.registry.items()
            if not model._abstract and getattr(model, "_sop_owned_fields", ()) is None
        }
        self.assertEqual(owned, set(self.records))

    def test_a_decision_stands_even_for_the_engine(self):
        decision = self.records["sop.decision"]
        for action in (lambda: as_engine(decision).write({"comment": "Yes"}), as_engine(decision).unlink):
            with self.assertRaisesRegex(UserError, "stands as it was given"):
                action()

    def test_the_log_is_append_only_even_for_the_engine_and_sql(self):
        event = self.records["sop.event"][0]
        for action in (lambda: as_engine(event).write({"code": "left"}), as_engine(event).unlink):
            with self.assertRaisesRegex(UserError, "append-only"):
                action()
        for query in ("UPDATE sop_event SET code = 'left'", "DELETE FROM sop_event", "TRUNCATE sop_event"):
            with (
                self.subTest(query=query),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "append-only"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_a_copied_order_carries_nothing_along(self):
        copy = self.order.copy()
        for name in self.order._sop_owned_fields:
            self.assertFalse(copy[name], name)
        self.assertFalse(self.env["sop.event"].search([("order_id", "=", copy.id)]))
