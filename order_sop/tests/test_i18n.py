"""The translation files say what Odoo itself exports for the module, and Simplified Chinese says all of it."""

import re
from collections import Counter

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import TranslationModuleReader

from .common import DEPARTMENTS

# What has to stand in a translation as it stands in the source: %(name)s and %s, {{ code }} of mail templates, and
# tags, of which only the attributes that people read may differ.
PLACEHOLDER = re.compile(r"%%|%\(\w+\)[a-z]|%[sdf]|{{.*?}}|<[^>]+>", re.DOTALL)
READ_ATTRIBUTE = re.compile(r'\s(?:title|aria-label|alt|placeholder)="[^"]*"')
DEMO = "order_sop.demo_"
STAGES = ["订单接收", "订单审核", "库存匹配", "分拣与打包", "物流配送", "订单完成与结算", "售后处理"]
DEPARTMENT_NAMES = ["客服", "销售", "财务", "法务", "仓储", "采购", "物流", "售后"]


def placeholders(text):
    return Counter(READ_ATTRIBUTE.sub("", found) for found in PLACEHOLDER.findall(text))


def is_demo(entry):
    """Tell whether only records of the demo data have the term, which no other database exports."""
    return all(DEMO in occurrence for occurrence, _line in entry.occurrences)


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        reader = TranslationModuleReader(cls.env.cr, modules=["order_sop"])
        cls.exported = {}
        for _module, _type, name, xmlid, source, _value, _comments in reader:
            cls.exported.setdefault(source, f"{name} {xmlid}")
        cls.template = polib.pofile(file_path("order_sop/i18n/order_sop.pot"))
        cls.chinese = polib.pofile(file_path("order_sop/i18n/zh_CN.po"))

    def assert_none(self, lines, problem):
        if lines:
            self.fail("\n    ".join([f"{len(lines)} terms {problem} (see 'make translations'):", *lines]))

    def test_every_term_is_translated(self):
        self.assertGreater(len(self.exported), 500, "Odoo exports the module's terms")
        words = {entry.msgid: entry.msgstr for entry in self.chinese if not entry.obsolete and not entry.fuzzy}
        demo = {entry.msgid: "demo data" for entry in self.template if is_demo(entry)}
        missing = {source: place for source, place in (demo | self.exported).items() if not words.get(source)}
        self.assert_none([f"{source!r} ({place})" for source, place in missing.items()], "have no Chinese")

    def test_template_is_what_odoo_exports(self):
        known = {entry.msgid for entry in self.template}
        self.assert_none([repr(source) for source in self.exported if source not in known], "are not in the .pot")

    def test_no_term_is_left_over(self):
        for file in (self.template, self.chinese):
            left = [e for e in file if e.obsolete or (e.msgid not in self.exported and not is_demo(e))]
            self.assert_none([repr(entry.msgid) for entry in left], "are no longer in the source")

    def test_placeholders_and_tags_stay(self):
        wrong = [
            f"{entry.msgid!r} = {entry.msgstr!r}"
            for entry in self.chinese
            if entry.msgstr and placeholders(entry.msgid) != placeholders(entry.msgstr)
        ]
        self.assert_none(wrong, "have other placeholders or tags in Chinese")

    def test_defaults_are_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        with self.assertNoLogs("odoo.tools.translate", "WARNING"):
            self.env.ref("base.module_order_sop")._update_translations("zh_CN")
        for process in ("b2b", "b2c"):
            stages = self.env.ref(f"order_sop.process_{process}").stage_ids.with_context(lang="zh_CN")
            self.assertEqual(stages._in_order().mapped("name"), STAGES)
        departments = [self.env.ref(f"order_sop.department_{name}").with_context(lang="zh_CN") for name in DEPARTMENTS]
        self.assertEqual([department.name for department in departments], DEPARTMENT_NAMES)
