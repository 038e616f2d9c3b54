"""A published version refuses every edit, by every method, for officers, managers and the superuser alike."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged

from .common_gates import GateCase
from .test_guard import FORGED_CONTEXTS

FROZEN = "can no longer be changed"


@tagged("post_install", "-at_install")
class TestGuardDefinition(GateCase):
    def setUp(self):
        super().setUp()
        self.stage = self.gated.stage_ids[0]
        self.checkpoint = self.stage.checkpoint_ids
        self.draft = self.gated.browse(self.gated.action_new_version()["res_id"])
        self.retired = self.make_process(self.stage_vals("Old"), code="OLD")
        self.retired.action_retire()

    def stage_vals(self, name):
        return {"name": name, "department_id": self.departments["sales"].id}

    def editors(self):
        """Yield environments of whoever may write drafts, and of the superuser in several disguises."""
        yield self.env(user=self.users["officer"])
        yield self.env(user=self.users["manager"])
        yield self.env(user=self.env.ref("base.user_admin"))
        for context in FORGED_CONTEXTS:
            yield self.env(user=self.users["manager"], context=context)
            yield self.env(user=1, context=context)

    def assert_frozen(self, action, *which):
        with self.subTest(which=which), self.assertRaisesRegex(UserError, FROZEN):
            action()

    def snapshot(self):
        """Return all that the published and the retired version say, in all languages."""
        self.env.flush_all()
        tables = {"sop_process": "id", "sop_stage": "process_id", "sop_checkpoint": "stage_id"}
        ids = {
            "sop_process": (self.gated | self.retired).ids,
            "sop_stage": (self.gated | self.retired).ids,
            "sop_checkpoint": (self.gated | self.retired).stage_ids.ids,
        }
        rows = []
        for table, column in tables.items():
            self.env.cr.execute(f"SELECT * FROM {table} WHERE {column} = ANY(%s) ORDER BY id", [ids[table]])
            rows.append(self.env.cr.fetchall())
        return rows

    def test_nothing_of_it_can_be_written(self):
        before = self.snapshot()
        for env in self.editors():
            for record in (self.gated, self.stage, self.checkpoint, self.retired, self.retired.stage_ids):
                mine = record.with_env(env)
                for name, field in record._fields.items():
                    owned = record._name == "sop.process" and name in record._sop_owned_fields
                    if field.store and not field.related and not owned and name not in (*MAGIC_COLUMNS, "process_id"):
                        value = field.convert_to_write(record[name], record)
                        self.assert_frozen(lambda m=mine, n=name, v=value: m.write({n: v}), env.uid, record, name)
                self.assert_frozen(lambda m=mine: m.write({"name": "Other"}), env.uid, record)
                self.assert_frozen(lambda m=mine: m.web_save({"name": "Other"}, {}), env.uid, record)
                self.assert_frozen(mine.unlink, env.uid, record)
                translations = {"zh_CN": "别的", "en_US": "Other"}
                self.assert_frozen(
                    lambda m=mine, t=translations: m.update_field_translations("name", t), env.uid, record
                )
                with self.assertRaises(UserError):
                    mine.with_context(lang="zh_CN").write({"name": "别的"})
                self.assert_frozen(lambda m=mine: m.web_override_translations({"name": "Other"}), env.uid, record)
        self.assertEqual(self.snapshot(), before)

    def test_nothing_can_be_put_into_it_or_taken_out(self):
        before = self.snapshot()
        draft_stage = self.draft.stage_ids[0]
        for env in self.editors():
            process, stage, draft = self.gated.with_env(env), self.stage.with_env(env), self.draft.with_env(env)
            vals = self.stage_vals("New")
            point = {"name": "New"}
            for action in (
                lambda e=env, v=vals: e["sop.stage"].create(v | {"process_id": self.gated.id}),
                lambda e=env, v=vals: e["sop.stage"].with_context(default_process_id=self.gated.id).create(v),
                lambda e=env, p=point: e["sop.checkpoint"].create(p | {"stage_id": self.stage.id}),
                lambda e=env, p=point: e["sop.checkpoint"].with_context(default_stage_id=self.stage.id).create(p),
                lambda p=process, v=vals: p.write({"stage_ids": [Command.create(v)]}),
                lambda s=stage, p=point: s.write({"checkpoint_ids": [Command.create(p)]}),
                lambda p=process: p.write({"stage_ids": [Command.link(draft_stage.id)]}),
                lambda e=env: draft_stage.with_env(e).write({"process_id": self.gated.id}),
                lambda e=env: draft_stage.checkpoint_ids.with_env(e).write({"stage_id": self.stage.id}),
                lambda d=draft: d.write({"stage_ids": [Command.link(self.stage.id)]}),
                lambda d=draft: d.write({"stage_ids": [Command.update(self.stage.id, {"name": "Other"})]}),
                lambda d=draft: d.write({"stage_ids": [Command.delete(self.stage.id)]}),
                lambda s=stage: s.write({"process_id": self.draft.id}),
                lambda s=stage: s.copy({"process_id": self.gated.id}),
                lambda s=stage: s.copy(),
            ):
                self.assert_frozen(action, env.uid)
        self.assertEqual(self.snapshot(), before)

    def test_nothing_can_be_imported_into_it(self):
        stages = self.env["sop.stage"].with_user(self.users["officer"])
        department = str(self.departments["sales"].id)
        for fields, row in (
            ([".id", "name"], [str(self.stage.id), "Other"]),
            (["name", "process_id/.id", "department_id/.id"], ["New", str(self.gated.id), department]),
        ):
            answer = stages.load(fields, [row])
            self.assertFalse(answer["ids"])
            self.assertIn(FROZEN, answer["messages"][0]["message"])
        self.assertEqual(self.stage.name, "Review")

    def test_state_and_version_are_the_systems(self):
        for env in self.editors():
            for vals in ({"state": "draft"}, {"state": "published"}, {"version": 9}, {"published_by_id": env.uid}):
                for process in (self.gated, self.draft):
                    mine = process.with_env(env)
                    with self.subTest(vals=vals), self.assertRaises(UserError):
                        mine.write(vals)
                    with self.subTest(vals=vals), self.assertRaises(UserError):
                        mine.copy({"code": "X", **vals})
                with self.subTest(vals=vals), self.assertRaises(UserError):
                    env["sop.process"].create({"name": "New", "code": "NEW", **vals})
        self.assertEqual((self.gated.state, self.draft.state), ("published", "draft"))

    def test_only_managers_publish_and_retire(self):
        for name in set(self.users) - {"manager"}:
            for action in ("action_publish", "action_retire"):
                with self.subTest(name=name), self.assertRaises(UserError):
                    getattr(self.draft.with_user(self.users[name]), action)()
        self.assertEqual((self.gated.state, self.draft.state), ("published", "draft"))

    def test_a_draft_may_be_edited(self):
        draft = self.draft.with_user(self.users["officer"])
        draft.write({"name": "Better", "stage_ids": [Command.create(self.stage_vals("New"))]})
        draft.stage_ids[0].checkpoint_ids.unlink()
        draft.stage_ids[0].update_field_translations("name", {"zh_CN": "新"})
        draft.unlink()
        self.assertFalse(draft.exists())
