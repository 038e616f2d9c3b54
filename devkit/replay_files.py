"""Reads recorded orders: CSV files with one row a line of an invoice, as "Online Retail" has them."""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path

from devkit.failure import Failure

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
DATES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M")
RETURN = re.compile(r"[Cc]\d")


@dataclass(frozen=True)
class Line:
    """A line of an order; the code in capitals, as the files write one code both ways."""

    code: str
    description: str
    quantity: float
    price: float


@dataclass
class Order:
    """An order: one invoice number. ``customer`` is empty where the file names none; ``place`` is file and line."""

    reference: str
    date: datetime
    customer: str
    country: str
    place: tuple[str, int]
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Problem:
    """A row that can't be loaded, and why."""

    file: str
    line: int
    reason: str


def read_folder(folder: Path) -> tuple[list[Order], list[Problem]]:
    """Return the orders in all CSV files of a folder, and the rows that are none; raise Failure for a wrong folder."""
    if not folder.is_dir():
        raise Failure(f"there is no folder '{folder}'", "make replay DATA=folder")
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise Failure(f"there is no .csv file in '{folder}'", "name the folder that has the order files")
    orders: dict[str, Order] = {}
    problems: list[Problem] = []
    for path in files:
        _read_file(path, orders, problems)
    if not orders:
        raise Failure(f"no order is in the files of '{folder}'", "each row must have an invoice number")
    return list(orders.values()), problems


def _read_file(path: Path, orders: dict[str, Order], problems: list[Problem]) -> None:
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    head = [name.strip() for name in next(reader, [])]
    if missing := [name for name in COLUMNS if name not in head]:
        raise Failure(f"{path} has no column {', '.join(missing)}", f"its first line must name {', '.join(COLUMNS)}")
    for values in reader:
        if not any(values):
            continue
        try:
            if len(values) != len(head):
                raise ValueError(f"{len(values)} columns instead of {len(head)}")
            _take_row(dict(zip(head, map(str.strip, values), strict=True)), (path.name, reader.line_num), orders)
        except ValueError as error:
            problems.append(Problem(path.name, reader.line_num, str(error)))


def _text(path: Path) -> str:
    """Return a file's text: UTF-8, or what spreadsheets on Windows write."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Failure(f"{path} can't be read", error.strerror or str(error)) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _take_row(row: dict[str, str], place: tuple[str, int], orders: dict[str, Order]) -> None:
    """Add a row to its order; raise ValueError with the reason if it can't be."""
    reference = row["InvoiceNo"]
    if not reference:
        raise ValueError("no invoice number")
    if RETURN.match(reference):
        raise ValueError(f"{reference} is a return, not an order")
    if not row["StockCode"]:
        raise ValueError("no stock code")
    line = Line(row["StockCode"].upper(), row["Description"], _number(row, "Quantity"), _number(row, "UnitPrice"))
    customer = row["CustomerID"].removesuffix(".0")
    order = orders.get(reference) or Order(reference, _date(row["InvoiceDate"]), customer, row["Country"], place)
    if customer != order.customer:
        raise ValueError(f"{reference} is of customer {order.customer or '(none)'}, not {customer or '(none)'}")
    orders[reference] = order
    order.lines.append(line)


def _number(row: dict[str, str], name: str) -> float:
    try:
        number = float(row[name])
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e12:  # no number, or none that an order can have
        raise ValueError(f"{name} is '{row[name]}'")
    return number


def _date(text: str) -> datetime:
    for form in DATES:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(f"InvoiceDate is '{text}'")


def describe(problems: list[Problem]) -> list[str]:
    """Return the problems as text, the lines of one file with one reason together: ``a.csv 3, 5-7: no stock code``."""
    texts = []
    key = lambda problem: (problem.file, problem.reason)  # noqa: E731
    for (file, reason), group in groupby(sorted(problems, key=lambda p: (*key(p), p.line)), key):
        texts.append((file, *_ranges([problem.line for problem in group]), reason))
    return [f"{file} {text}: {reason}" for file, _first, text, reason in sorted(texts)]


def _ranges(numbers: list[int]) -> tuple[int, str]:
    """Return the first of some ascending numbers, and all of them with neighbours as ranges: ``3, 5-7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number <= runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return numbers[0], ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
