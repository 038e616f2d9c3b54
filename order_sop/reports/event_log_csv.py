"""Event logs as CSV: a row for each event, with what is known of its order in columns called ``case:…``."""

import codecs
import csv
import re

from .event_log_columns import EVENT, TRACE, written
from .workbook import LIVE

CELL = re.compile(rf"((?:^|[;\t\r\n]) *)(?=[{re.escape(''.join(LIVE))}])")
"""Where a live cell begins: some languages' spreadsheets separate cells by semicolons, and know no quotes within."""


class CsvLog:
    """Writes traces as they come; a context, at whose end the file is whole.

    UTF-8, commas, one line of headings. Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """

    def __init__(self, file, _name, parameters=None):
        """:param file: binary, open for writing
        :param parameters: ``bom`` says whether it begins with a byte order mark
        """
        self._file = codecs.getwriter("utf-8-sig" if (parameters or {}).get("bom") else "utf-8")(file)
        self._rows = csv.writer(self._file)

    def __enter__(self):
        self._rows.writerow([*(f"case:{key}" for key in TRACE), *EVENT])
        return self

    def __exit__(self, *error):
        return None

    def add(self, trace, events):
        """Write one trace."""
        order = _get_cells(TRACE, trace)
        self._rows.writerows([*order, *_get_cells(EVENT, event)] for event in events)


def _get_cells(columns, attributes):
    cells = {key: _neutral(value) if kind == "string" else value for kind, key, value in written(columns, attributes)}
    return [cells.get(key) for key in columns]


def _neutral(value):
    """Return text that no spreadsheet takes for a formula, wherever it believes that a cell begins."""
    return CELL.sub(r"\1'", value)
