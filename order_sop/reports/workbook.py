"""XLSX files of any length: what is common to their sheets, and rows that go straight to the disk."""

import re
from dataclasses import dataclass
from datetime import date
from math import ceil
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

LIVE = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for the beginning of a formula, once somebody edits the cell or saves it as text."""
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
MOST_TEXTS = 5_000  # that are kept
LONGEST = 32_000  # characters in a cell
EPOCH = date(1899, 12, 30)
DATE = "yyyy-mm-dd"
FORMATS = {"date": DATE, "money": "#,##0.00"}
TITLE_ROW, HEADER_ROW = 0, 2
PAGE_WIDTH = 190  # of a page in landscape, as columns are wide; more than that is spread over several
LINE_HEIGHT = 15


@dataclass(frozen=True)
class Column:
    """A column: its heading, what it holds (``text``, ``date``, ``number``, ``money``), how wide it is."""

    label: str
    kind: str = "text"
    width: float = 14

    @property
    def lines(self):
        """How many lines the heading takes, in bold letters; Chinese ones are twice as wide."""
        width = sum(2 if east_asian_width(letter) in "WF" else 1.2 for letter in self.label)
        return ceil(width / self.width) + (width > self.width and " " in self.label)  # words are not parted


class Sheet(Worksheet):
    """A sheet with a title, a heading that stays in sight, rows and totals, set up to be printed.

    Its rows are written as xlsxwriter would write them in its ``constant_memory`` mode, in a sixth of the time.
    """

    def begin(self, book, title, columns):
        """Write title and headings of ``columns``."""
        self.book, self.columns, self.next_row, self.cells = book, columns, HEADER_ROW + 1, {}
        self.templates = {}
        self.set_landscape()
        self.set_paper(9)  # A4
        self.fit_to_pages(max(1, round(sum(column.width for column in columns) / PAGE_WIDTH)), 0)
        self.repeat_columns(0)  # what each row is, on the second page as well
        self.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        self.set_footer("&L&8&A&R&8&P / &N")
        self.repeat_rows(HEADER_ROW)
        self.freeze_panes(HEADER_ROW + 1, 1)
        for index, column in enumerate(columns):
            self.set_column(index, index, column.width)
        self.write_string(TITLE_ROW, 0, title, book.format(bold=True, font_size=14))
        heading = book.format(bold=True, bg_color="#E9E4EE", border=1, text_wrap=True, valign="top")
        self.set_row(HEADER_ROW, LINE_HEIGHT * max(column.lines for column in columns))
        for index, column in enumerate(columns):
            self.write_string(HEADER_ROW, index, column.label, heading)

    def add_row(self, values, patterns=None, **look):
        """Write one row.

        :param values: one for each column, those of dates as ``date``; None leaves its cell empty
        :param patterns: tuple with the number format of each column, see :meth:`Book.number`; None: that of its kind
        :param look: xlsxwriter's properties of a format, for the whole row
        """
        row = self.next_row
        self.next_row += 1
        cells = [f'<row r="{row + 1}">']
        for (kind, cell), value in zip(self._get_cells(patterns, look), values, strict=True):
            if value is None or value is False:
                cells.append(f"{cell}/>")
            elif kind == "text":
                cells.append(self.book.text(cell, value, look))
            else:
                if kind == "date":
                    value = (value - EPOCH).days
                cells.append(f"{cell}><v>{value}</v></c>")
        cells.append("</row>")
        self._check_dimensions(row, len(self.columns) - 1)
        self._write_single_row(row)  # what is waiting
        self.fh.write("".join(cells))

    def add_figures(self, values, patterns):
        """Write one row that has a value in each column but those of text; for the many rows of a sheet.

        :param values, patterns: as for :meth:`add_row`; the list of values is used up
        """
        template, special = self._get_template(patterns)
        for index, kind in special:
            value = values[index]
            if kind == "text":
                values[index] = self.book.plain_text(value) if value else "<c/>"
            else:
                values[index] = (value - EPOCH).days
        row = self.next_row
        self.next_row += 1
        self._check_dimensions(row, len(values) - 1)
        self._write_single_row(row)  # what is waiting
        self.fh.write(template % (row + 1, *values))

    def _get_template(self, patterns):
        """Return ``(row to be filled in, [(index, kind)] of the columns that are no numbers)``."""
        if patterns not in self.templates:
            cells = self._get_cells(patterns, {})
            row = "".join("%s" if kind == "text" else f"{cell}><v>%s</v></c>" for kind, cell in cells)
            special = [(index, kind) for index, (kind, _cell) in enumerate(cells) if kind in ("text", "date")]
            self.templates[patterns] = f'<row r="%s">{row}</row>', special
        return self.templates[patterns]

    def _get_cells(self, patterns, look):
        """Return ``[(kind, how a cell begins)]`` for each column."""
        key = patterns, *look.items()
        if key not in self.cells:
            patterns = [
                pattern or FORMATS.get(column.kind)
                for column, pattern in zip(self.columns, patterns or [None] * len(self.columns), strict=True)
            ]
            self.cells[key] = [
                (column.kind, self.book.begin_cell(look | self._get_format(column, pattern)))
                for column, pattern in zip(self.columns, patterns, strict=True)
            ]
        return self.cells[key]

    @staticmethod
    def _get_format(column, pattern):
        """Return how the cells of a column look; dates begin at the left, apart from text behind them."""
        return ({"num_format": pattern} if pattern else {}) | ({"align": "left"} if column.kind == "date" else {})

    def end_rows(self):
        """Let the reader filter the rows that are written so far: totals are not among them."""
        self.autofilter(HEADER_ROW, 0, max(self.next_row - 1, HEADER_ROW), len(self.columns) - 1)


class Book(Workbook):
    """A workbook that keeps no rows in memory."""

    def __init__(self, target):
        """:param target: the path of the file"""
        super().__init__(target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self.known, self.texts = {}, {}

    def add_sheet(self, name, title, columns):
        """Return a new :class:`Sheet`."""
        sheet = self.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31], Sheet)
        sheet.begin(self, title, columns)
        return sheet

    def format(self, **properties):
        """Return xlsxwriter's format of these properties, one for all that ask for it."""
        key = tuple(sorted(properties.items()))
        if key not in self.known:
            found = self.add_format(properties)
            self.known[key] = (found, found._get_xf_index())
        return self.known[key][0]

    def begin_cell(self, properties):
        """Return how a cell with a format of these properties begins."""
        if not properties:
            return "<c"
        self.format(**properties)
        return f'<c s="{self.known[tuple(sorted(properties.items()))][1]}"'

    def text(self, cell, value, look):
        """Return a cell with text that stays text, whatever it begins with."""
        value = NOT_XML.sub("", str(value)[:LONGEST])
        if value.startswith(LIVE):
            cell = self.begin_cell(look | {"quote_prefix": True})
        return f'{cell} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'

    def plain_text(self, value):
        """Return a cell with text and no format; what comes again and again is made once."""
        cell = self.texts.get(value)
        if cell is None:
            if len(self.texts) >= MOST_TEXTS:
                self.texts.clear()
            cell = self.texts[value] = self.text("<c", value, {})
        return cell

    @staticmethod
    def number(currency):
        """Return the number format of amounts in ``currency``: its decimals, and its symbol where it has its place."""
        symbol = re.sub(r'["\\]', "", currency.symbol or currency.name)
        digits = "#,##0" + ("." + "0" * currency.decimal_places if currency.decimal_places else "")
        return f'"{symbol} "{digits}' if currency.position == "before" else f'{digits}" {symbol}"'
