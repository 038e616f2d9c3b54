"""Files with tracking events, CSV or XLSX: taken apart into what ``sop.engine.tracking._take`` looks at."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, time

import openpyxl

MAX_FILE = 5 * 1024 * 1024  # bytes
MAX_UNPACKED = 50 * 1024 * 1024  # bytes: a small XLSX can hold a very large one
MAX_LINES = 5000
MAX_ROWS = 20 * MAX_LINES  # with empty ones: a spreadsheet can claim billions
MAX_COLUMNS = 50
COLUMNS = {
    "number": ("number", "tracking number", "tracking reference", "运单号", "快递单号", "物流单号"),
    "event": ("event", "status", "事件", "状态", "物流状态"),
    "time": ("time", "date", "时间", "日期"),
    "place": ("place", "location", "地点", "位置"),
    "note": ("note", "remark", "备注", "说明"),
    "id": ("id", "event id", "编号", "事件编号"),
}
REQUIRED = ("number", "event", "time")
ENCODINGS = ("utf-8-sig", "gb18030")


class Unreadable(Exception):
    """The file as a whole cannot be read; ``code`` says why: ``large``, ``format``, ``columns`` or ``empty``."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def read_items(content, labels, zone):
    """Return ``[(line in the file, item)…]`` out of the bytes ``content``; see :meth:`_take` for what an item is.

    :param dict labels: codes of events by what else they may be called, lower case
    :param zone: ``tzinfo`` of times without an offset
    :raise Unreadable: when there is nothing to be taken out of it
    """
    if len(content) > MAX_FILE:
        raise Unreadable("large")
    rows = _read_xlsx(content) if content.startswith(b"PK") else _read_csv(content)
    header = [_plain(cell).lower() for cell in next(rows, ())]
    places = {
        column: next((place for place, name in enumerate(header) if name in names), None)
        for column, names in COLUMNS.items()
    }
    if any(places[column] is None for column in REQUIRED):
        raise Unreadable("columns")
    items = []
    for line, row in enumerate(rows, 2):
        cells = {column: row[place] for column, place in places.items() if place is not None and place < len(row)}
        if line > MAX_ROWS:
            raise Unreadable("large")
        if not any(_plain(cell) for cell in cells.values()):
            continue
        if len(items) == MAX_LINES:
            raise Unreadable("large")
        item = {column: _plain(cell) for column, cell in cells.items() if column != "time"}
        item["event"] = labels.get(item.get("event", "").lower(), item.get("event"))
        item["time"] = _read_time(cells.get("time"), zone)
        items.append((line, item))
    if not items:
        raise Unreadable("empty")
    return items


def _read_csv(content):
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable("format")
    if "\0" in text:
        raise Unreadable("format")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield row[:MAX_COLUMNS]
    except csv.Error as error:
        raise Unreadable("format") from error


def _read_xlsx(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise Unreadable("large")
        # values only: a formula counts as what its author's program made of it
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        yield from book.worksheets[0].iter_rows(values_only=True, max_col=MAX_COLUMNS)
    except Unreadable:
        raise
    except Exception as error:  # whatever a broken or hostile file makes its reader stumble over
        raise Unreadable("format") from error


def _plain(cell):
    """Return a cell as text; a whole number, such as a tracking number typed into a spreadsheet, without decimals."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _read_time(cell, zone):
    """Return a cell with a time as ISO 8601 with an offset; whatever is none as it stands, to be refused later."""
    try:
        if isinstance(cell, datetime):
            moment = cell
        elif isinstance(cell, date):
            moment = datetime.combine(cell, time())
        else:
            moment = datetime.fromisoformat(_plain(cell).replace("/", "-"))
        if moment.tzinfo is None:
            # zones of pytz have to find the offset of the day themselves
            moment = zone.localize(moment) if hasattr(zone, "localize") else moment.replace(tzinfo=zone)
        return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return _plain(cell)
