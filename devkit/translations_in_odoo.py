"""Runs in Odoo's shell: writes the module's .pot as Odoo exports it, and merges it into every .po of the folder.

What is translated stays, new terms come in empty, terms that are gone go. A file without a change is left alone.
Arguments: the module and the folder.
"""

import io
import sys
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

MODULE, FOLDER = sys.argv[1], Path(sys.argv[2])
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def merged(template, translated):
    """Return the terms of ``template`` with the words and the header of ``translated``."""
    words = {entry.msgid: entry.msgstr for entry in translated if not entry.obsolete}
    result = polib.pofile(str(template))
    for entry in result:
        entry.msgstr = words.get(entry.msgid, "")
    result.metadata = {**translated.metadata, **{name: template.metadata[name] for name in DATES}}
    return result


def save(terms, path, old):
    """Write ``terms`` to ``path``, unless ``old`` says the same."""
    if [str(entry) for entry in terms] != [str(entry) for entry in old]:
        terms.save(str(path))


buffer = io.BytesIO()
trans_export(None, [MODULE], buffer, "po", env)  # noqa: F821
template = polib.pofile(buffer.getvalue().decode())
FOLDER.mkdir(exist_ok=True)
path = FOLDER / f"{MODULE}.pot"
save(template, path, polib.pofile(str(path)) if path.exists() else ())
print(f"{path.name}: {len(template)} terms")
for path in sorted(FOLDER.glob("*.po")):
    old = polib.pofile(str(path))
    new = merged(template, old)
    save(new, path, old)
    gone = [entry for entry in old if entry.msgstr and not new.find(entry.msgid)]
    print(f"{path.name}: {len(new.untranslated_entries())} to translate, {len(gone)} gone")
    for entry in gone:
        print(f"    gone: {entry.msgid!r} = {entry.msgstr!r}")
    for entry in new.untranslated_entries():
        print(f"    to translate: {entry.msgid!r}")
