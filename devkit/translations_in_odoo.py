"""Runs in Odoo's shell: writes the module's .pot as Odoo exports it, and merges it into every .po of the folder.

What is translated stays, new terms come in empty, terms that are gone go. A file without a change is left alone.
Arguments: the module and the folder.
"""

import io
import sys
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

from devkit.translations_merge import merged, same

MODULE, FOLDER = sys.argv[1], Path(sys.argv[2])

buffer = io.BytesIO()
trans_export(None, [MODULE], buffer, "po", env)  # noqa: F821
template = polib.pofile(buffer.getvalue().decode())
FOLDER.mkdir(exist_ok=True)
path = FOLDER / f"{MODULE}.pot"
if not path.exists() or not same(template, polib.pofile(str(path))):
    template.save(str(path))
print(f"{path.name}: {len(template)} terms")
for path in sorted(FOLDER.glob("*.po")):
    old = polib.pofile(str(path))
    new = merged(template, old)
    if not same(new, old):
        new.save(str(path))
    gone = [entry for entry in old if entry.msgstr and not new.find(entry.msgid)]
    print(f"{path.name}: {len(new.untranslated_entries())} to translate, {len(gone)} gone")
    for entry in gone:
        print(f"    gone: {entry.msgid!r} = {entry.msgstr!r}")
    for entry in new.untranslated_entries():
        print(f"    to translate: {entry.msgid!r}")
