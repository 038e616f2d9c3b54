"""Recorded orders: what is read from the files, and what is not."""

from datetime import datetime

import pytest

from devkit.failure import Failure
from devkit.replay import main
from devkit.replay_files import Line, Problem, describe, read_folder

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


@pytest.fixture
def read(tmp_path):
    """Return a function that writes files and reads the folder they are in."""

    def write_and_read(*texts):
        for number, text in enumerate(texts, 1):
            data = text if isinstance(text, bytes) else (HEAD + text).encode()
            (tmp_path / f"{number}.csv").write_bytes(data)
        return read_folder(tmp_path)

    return write_and_read


def test_rows_of_one_invoice_are_one_order(read):
    orders, problems = read(
        "1,85a,LAMP,6,2010-12-01 08:26:00,2.55,17.0,France\n1,90,,-2,2010-12-01 08:26:00,0.0,17.0,France\n",
        "2,POST,POSTAGE,1,2010-12-02 09:00:00,18,,EIRE\n",
    )
    assert not problems
    first, second = orders
    assert (first.reference, first.customer, first.country, first.place) == ("1", "17", "France", ("1.csv", 2))
    assert first.date == datetime(2010, 12, 1, 8, 26)
    assert first.lines == [Line("85A", "LAMP", 6, 2.55), Line("90", "", -2, 0)], "loaded as the order says"
    assert (second.customer, second.lines) == ("", [Line("POST", "POSTAGE", 1, 18)])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("C7,85,LAMP,-6,2010-12-01 08:26:00,2.55,17,France", "C7 is a return, not an order"),
        (",85,LAMP,6,2010-12-01 08:26:00,2.55,17,France", "no invoice number"),
        ("7,,LAMP,6,2010-12-01 08:26:00,2.55,17,France", "no stock code"),
        ("7,85,LAMP,six,2010-12-01 08:26:00,2.55,17,France", "Quantity is 'six'"),
        ("7,85,LAMP,6,2010-12-01 08:26:00,nan,17,France", "UnitPrice is 'nan'"),
        ("7,85,LAMP,6,yesterday,2.55,17,France", "InvoiceDate is 'yesterday'"),
        ("7,85,LAMP,6,2010-12-01 08:26:00,2.55,17", "7 columns instead of 8"),
        ("1,85,LAMP,6,2010-12-01 08:26:00,2.55,18,France", "1 is of customer 17, not 18"),
    ],
)
def test_what_can_not_be_read_is_told_by_line_and_the_rest_goes_on(read, row, reason):
    good = "1,85,LAMP,6,2010-12-01 08:26:00,2.55,17,France\n"
    orders, problems = read(good + row + "\n" + good)
    assert problems == [Problem("1.csv", 3, reason)]
    assert [len(order.lines) for order in orders] == [2]


def test_a_file_of_windows_is_read_too(read):
    orders, _problems = read((HEAD + "1,85,CAF\xc9,6,01/12/2010 08:26,2.55,17,France\n").encode("cp1252"))
    assert orders[0].lines[0].description == "CAFÉ"
    assert orders[0].date == datetime(2010, 12, 1, 8, 26)


def test_lines_of_one_reason_are_told_together():
    problems = [Problem("b.csv", 9, "bad"), *(Problem("a.csv", line, "bad") for line in (7, 3, 5, 6))]
    assert describe(problems) == ["a.csv 3, 5-7: bad", "b.csv 9: bad"]


def test_a_wrong_folder_or_file_is_told_in_one_line(tmp_path, read):
    with pytest.raises(Failure, match="no folder is named"):
        main([""])
    with pytest.raises(Failure, match="there is no folder"):
        main([str(tmp_path / "nowhere")])
    with pytest.raises(Failure, match=r"no \.csv file"):
        main([str(tmp_path)])
    with pytest.raises(Failure, match="no order is in the files"):
        read("C1,85,LAMP,-6,2010-12-01 08:26:00,2.55,17,France\n")
    with pytest.raises(Failure, match=r"1\.csv has no column CustomerID, Country"):
        read(b"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice\n")
