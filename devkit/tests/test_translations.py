"""Merging what Odoo exports into a file of translations."""

import polib

from devkit.translations_merge import merged, same


def po_file(words, created="2026-01-01 00:00+0000", **metadata):
    file = polib.POFile()
    file.metadata = {"POT-Creation-Date": created, "PO-Revision-Date": created, **metadata}
    for source, text in words.items():
        file.append(polib.POEntry(msgid=source, msgstr=text, comment="module: order_sop"))
    return file


def test_words_stay_new_terms_come_and_gone_terms_go():
    template = po_file({"Hold": "", "Gate": "", "New": ""}, created="2026-02-02 00:00+0000")
    old = po_file({"Gate": "关卡", "Gone": "旧", "Hold": "挂起"}, Language="zh_CN")
    new = merged(template, old)
    assert {entry.msgid: entry.msgstr for entry in new} == {"Hold": "挂起", "Gate": "关卡", "New": ""}
    assert new.metadata["Language"] == "zh_CN"
    assert new.metadata["POT-Creation-Date"] == template.metadata["POT-Creation-Date"]


def test_obsolete_words_are_not_taken_up_again():
    old = po_file({"Hold": "挂起"})
    old[0].obsolete = True
    assert merged(po_file({"Hold": ""}), old).untranslated_entries()


def test_nothing_new_is_the_same_whatever_the_dates():
    old = po_file({"Hold": "挂起"})
    assert same(merged(po_file({"Hold": ""}, created="2026-02-02 00:00+0000"), old), old)
    assert not same(merged(po_file({"Hold": "", "New": ""}), old), old)
