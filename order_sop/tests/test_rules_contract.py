"""Every rule keeps the contract of ``sop.rule``; a new rule is found and examined by itself."""

import ast
import inspect
import re
import sys

from odoo import Command
from odoo.addons.order_sop.rules.sop_rule import AWAITED, PREFIX, WRONG
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import LazyGettext

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
MODULE = "odoo.addons.order_sop."


@tagged("post_install", "-at_install")
class TestRulesContract(TransactionCase):
    """What the contract says of every rule, asked of every rule."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["sop.rule"]._all_rules()

    def _get_source_class(self, rule):
        """Return the class in which the addon defines ``rule``."""
        [source] = (
            cls
            for cls in type(rule).mro()
            if cls.__module__.startswith(MODULE) and vars(cls).get("_name") == rule._name
        )
        return source

    def test_rules_are_found(self):
        self.assertGreater(len(self.rules), 20)
        self.assertEqual(list(self.rules), sorted(self.rules))

    def test_one_file_a_rule(self):
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                source = self._get_source_class(rule)
                self.assertEqual(source.__module__, f"{MODULE}rules.{code}")
                self.assertEqual(source.__name__, "SopRule" + "".join(part.capitalize() for part in code.split("_")))
                self.assertLessEqual(len(inspect.getsource(sys.modules[source.__module__]).splitlines()), 100)

    def test_documented(self):
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                self.assertTrue((vars(self._get_source_class(rule)).get("__doc__") or "").strip())

    def test_label_is_its_own(self):
        labels = [rule._description for rule in self.rules.values()]
        self.assertEqual(len(labels), len(set(labels)), sorted(labels))
        for code, label in self.env["sop.checkpoint"]._selection_rule():
            self.assertEqual(label, self.rules[code]._description)

    def test_evaluates(self):
        base = self.env.registry["sop.rule"]._evaluate
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                self.assertIsNot(type(rule)._evaluate, base)

    def test_nothing_to_judge(self):
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                self.assertEqual(rule.sudo()._evaluate(self.env["sop.check"].sudo()), {})

    def test_scopes(self):
        known = set(dict(self.env["sop.checkpoint"]._fields["scope"].selection))
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                self.assertTrue(rule._scopes)
                self.assertLessEqual(set(rule._scopes), known)

    def test_gate(self):
        known = {gate for gate, _label in self.env["sop.stage"]._fields["gate"]._description_selection(self.env)}
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                self.assertIn(rule._needs_gate, known | {None})

    def test_parameters_are_fields_with_labels(self):
        fields = self.env["sop.checkpoint"]._fields
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                for name, label in rule._parameters.items():
                    self.assertIn(name, fields)
                    self.assertTrue(name.startswith("rule_") and fields[name].store, name)
                    self.assertIsInstance(label, LazyGettext)

    def test_parameters_are_those_that_the_code_reads(self):
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                tree = ast.parse(inspect.getsource(sys.modules[self._get_source_class(rule).__module__]))
                read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
                self.assertEqual({name for name in read if name.startswith("rule_")}, set(rule._parameters), code)

    def test_reasons_are_kinds_with_translatable_texts(self):
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                self.assertTrue(rule._reasons)
                for name, (kind, text) in rule._reasons.items():
                    self.assertIn(kind, (AWAITED, WRONG), name)
                    self.assertIsInstance(text, LazyGettext, name)
                    self.assertEqual(
                        text._args, {} if isinstance(text._args, dict) else (), "values come from the data"
                    )

    def test_texts_have_placeholders_only(self):
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                for name, (_kind, text) in rule._reasons.items():
                    source = text._source
                    names = set(PLACEHOLDER.findall(source))
                    self.assertTrue(names, f"{name} names no record")
                    self.assertNotIn("%", PLACEHOLDER.sub("", source).replace("%%", ""), name)
                    shown = rule._reason_text(name, dict.fromkeys(names, "X") | {"missing": []})
                    self.assertNotIn("%(", shown)

    def test_reason_codes_are_those_that_the_code_gives(self):
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                tree = ast.parse(inspect.getsource(sys.modules[self._get_source_class(rule).__module__]))
                words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
                for name in rule._reasons:
                    self.assertGreater(words.count(name), 1, f"{code} never gives its reason {name}")

    def test_unknown_reason_shows_its_code(self):
        for code, rule in self.rules.items():
            with self.subTest(rule=code):
                self.assertEqual(rule._reason_text("no_such_reason", None), "no_such_reason")

    def test_a_checkpoint_can_be_made_with_it(self):
        processes = self.env["sop.process"]
        for model in ("sale.order", "sop.case"):
            stage = {
                "name": "Judge",
                "department_id": self.env.ref("order_sop.department_sales").id,
                "checkpoint_ids": [
                    Command.create({"name": code, "kind": "auto", "rule": code, "scope": scope})
                    for code, rule in self.rules.items()
                    for scope in rule._scopes
                    if rule._judges == model
                ],
            }
            processes |= processes.create(
                {"name": "All rules", "code": model, "applies_to": model, "stage_ids": [Command.create(stage)]}
            )
        self.assertEqual(len(processes.stage_ids.checkpoint_ids.mapped("rule")), len(self.rules))
        for checkpoint in processes.stage_ids.checkpoint_ids:
            with self.subTest(rule=checkpoint.rule):
                self.assertEqual(checkpoint._get_rule()._name, PREFIX + checkpoint.rule)
                self.assertEqual(checkpoint._get_faults({}), [])
                self.assertEqual(set(checkpoint.rule_parameters or {}), set(checkpoint._get_rule()._parameters))
