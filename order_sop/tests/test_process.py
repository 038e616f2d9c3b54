"""The definition: drafts are edited, validated and published; a published version stays as it is."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import SopCase


@tagged("post_install", "-at_install")
class TestProcess(SopCase):
    def _draft(self, *stages, **vals):
        return self.env["sop.process"].create(
            {
                "name": "Draft",
                "code": "DRAFT",
                "stage_ids": [
                    Command.create(
                        {
                            "name": f"Stage {number}",
                            "sequence": number,
                            "department_id": self.departments["sales"].id,
                            **{key: value for key, value in stage.items() if key != "checkpoints"},
                            "checkpoint_ids": [
                                Command.create({"name": "Check", **checkpoint})
                                for checkpoint in stage.get("checkpoints", ())
                            ],
                        }
                    )
                    for number, stage in enumerate(stages, 1)
                ],
                **vals,
            }
        )

    def test_an_officer_drafts_and_a_manager_publishes(self):
        process = self._draft({}).with_user(self.users["officer"])
        process.stage_ids.name = "Renamed"
        with self.assertRaisesRegex(UserError, "Only an SOP manager"):
            process.action_publish()
        process.with_user(self.users["manager"]).action_publish()
        self.assertEqual((process.state, process.version), ("published", 1))
        self.assertEqual(process.published_by_id, self.users["manager"])
        with self.assertRaises(AccessError):
            self._draft({}, code="MINE").with_user(self.users["auditor"]).name = "Mine"

    def test_a_published_version_refuses_every_edit(self):
        process = self._draft({"checkpoints": [{}]})
        process.action_publish()
        stage, checkpoint = process.stage_ids, process.stage_ids.checkpoint_ids
        other = self._draft({}, code="OTHER")
        edits = {
            "name": lambda: process.write({"name": "Other"}),
            "stage": lambda: stage.write({"time_limit_hours": 3}),
            "checkpoint": lambda: checkpoint.write({"blocking": False}),
            "x2many": lambda: process.write({"stage_ids": [Command.update(stage.id, {"name": "Other"})]}),
            "new stage": lambda: stage.copy(),
            "moved in": lambda: other.stage_ids.write({"process_id": process.id}),
            "new checkpoint": lambda: checkpoint.copy(),
            "translation": lambda: stage.update_field_translations("name", {"en_US": "Other"}),
            "unlink": checkpoint.unlink,
            "unlink all": process.unlink,
            "state": lambda: process.write({"state": "draft"}),
        }
        for name, edit in edits.items():
            with self.subTest(name), self.assertRaises(UserError), self.env.cr.savepoint():
                edit()

    def test_publishing_names_each_fault(self):
        empty = self.env["sop.department"].create({"name": "Empty department"})
        process = self._draft(
            {"gate": "ship", "checkpoints": [{"department_id": empty.id, "kind": "approval"}]},
            {"gate": "ship"},
        )
        with self.assertRaises(UserError) as caught:
            process.action_publish()
        self.assertIn("nobody can do “Check”", str(caught.exception))
        self.assertIn("both unlock", str(caught.exception))
        with self.assertRaisesRegex(UserError, "has no stage"):
            self._draft(code="NONE").action_publish()

    def test_a_stage_that_could_never_be_completed_is_a_fault(self):
        """A proof of delivery before the stage that unlocks shipping can never be there."""
        checkpoint = {"kind": "auto", "rule": "proof_of_delivery", "scope": "delivery"}
        process = self._draft({"checkpoints": [checkpoint]}, {"gate": "ship"}, {})
        with self.assertRaisesRegex(UserError, "can never be completed"):
            process.action_publish()
        process.stage_ids.checkpoint_ids.stage_id = process.stage_ids[2]
        process.action_publish()
        self.assertEqual(process.state, "published")

    def test_a_calendar_without_hours_is_a_fault(self):
        calendar = self.env["resource.calendar"].create({"name": "Never", "company_id": False})
        calendar.attendance_ids.unlink()
        process = self._draft({"time_limit_hours": 8}, calendar_id=calendar.id)
        with self.assertRaisesRegex(UserError, "no working hours"):
            process.action_publish()

    def test_conditions_are_checked_when_entered(self):
        for domain in ("[('no_such_field', '=', 1)]", "not a domain", "[('name', 'no operator', 1)]"):
            with self.subTest(domain), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._draft({}, order_domain=domain)

    def test_first_match_by_sequence_wins(self):
        large = self._draft({}, code="LARGE", sequence=-2, order_domain="[('amount_total', '>', 1000)]")
        rest = self._draft({}, code="REST", sequence=-1)
        (large | rest).action_publish()
        self.company.sop_active = True
        orders = self.make_order() | self.make_order(lines=[(self.product, 50, 100.0)])
        self.commit()
        self.assertEqual(orders.sop_process_id, rest | large)
        self.assertEqual(orders[1].sop_process_id, large)

    def test_a_new_version_copies_all_and_counts_up(self):
        process = self._draft({"checkpoints": [{}, {}], "gate": "confirm"}, {"checkpoints": [{}]})
        self.env["res.lang"]._activate_lang("fr_FR")
        process.with_context(lang="fr_FR").name = "Brouillon"
        process.action_publish()
        draft = process.browse(process.action_new_version()["res_id"])
        self.assertEqual((draft.code, draft.version, draft.state), ("DRAFT", 2, "draft"))
        names = [draft.with_context(lang=lang).name for lang in ("en_US", "fr_FR")]
        self.assertEqual(names, [process.name, "Brouillon"])
        self.assertEqual(len(draft.stage_ids.checkpoint_ids), 3)
        self.assertEqual(draft.stage_ids[0].gate, "confirm")
        copied = process.copy()
        self.assertEqual((copied.code, copied.version, copied.state), ("DRAFT (copy)", 1, "draft"))

    def test_the_shipped_processes_are_sound(self):
        """Every gate once, no stage out of reach; only people have to be put into the departments."""
        for code in ("b2b", "b2c"):
            process = self.env.ref(f"order_sop.process_{code}")
            self.assertEqual(process.state, "published")
            self.assertEqual(process._get_faults(), [])
            self.assertEqual(len(process.stage_ids), 7)
            self.assertEqual(set(process.stage_ids.mapped("gate")) - {False}, {"confirm", "ship", "invoice", "close"})
