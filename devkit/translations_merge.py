"""Merges the terms that Odoo exports into a file of translations."""

import polib

DATES = ("POT-Creation-Date", "PO-Revision-Date")


def merged(template: polib.POFile, translated: polib.POFile) -> polib.POFile:
    """Return the terms of template with the words and the header of translated; new terms have no words yet."""
    words = {entry.msgid: entry.msgstr for entry in translated if not entry.obsolete}
    result = polib.pofile(str(template))
    for entry in result:
        entry.msgstr = words.get(entry.msgid, "")
    result.metadata = {**translated.metadata, **{name: template.metadata[name] for name in DATES}}
    return result


def same(terms: polib.POFile, others: polib.POFile) -> bool:
    """Tell if two files have the same terms with the same words, whatever their headers say."""
    return [str(entry) for entry in terms] == [str(entry) for entry in others]
