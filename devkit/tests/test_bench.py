"""The benchmark's arithmetic: plan, medians, ratios, slope, and what it says of its targets."""

import pytest

from devkit.bench.lists import access_paths
from devkit.bench.plan import QUICK_ROUNDS, parse
from devkit.bench.report import PRESSES, STEPS, Orders, report, table
from devkit.failure import Failure


def measurements(slope=0.0, factor=1.0):
    """Return rows of three rounds in batches of 1, 2 and 10; the process takes factor times as long."""
    rows = []
    for size in (1, 2, 10):
        for number, noise in enumerate((1.0, 3.0, 1.1)):
            for variant in ("plain", "idle", "active"):
                for step in (*STEPS, PRESSES):
                    wall = 10.0 * size * noise * (factor if variant == "active" else 1)
                    queries = 5 + 10 * size + (4 + slope * size if variant == "active" else 0)
                    row = {"variant": variant, "size": size, "round": number, "step": step}
                    rows.append(row | {"wall": wall, "cpu": wall / 2, "queries": queries})
    return rows


LISTS = {
    "columns": ["sop_stage_id"],
    "lists": {
        "plain": {"wall": 100, "queries": 10},
        "with": {"wall": 105, "queries": 12},
        "own": {"wall": 90, "queries": 11},
        "kanban": {"wall": 200, "queries": 20},
    },
    "filters": [{"name": "late", "found": 1200, "wall": 0.5, "paths": ["sale_order by x_idx", "sale_order by x_idx"]}],
}

ALARM = {
    "visits": 200_000,
    "due": 2_000,
    "alerts": 6_000,
    "idle_seconds": 0.01,
    "idle_queries": 2,
    "seconds": 20,
    "queries": 900,
}
STOCK = [
    {"orders": 50, "lines": 500, "short": 170, "seconds": 0.2, "cpu": 0.1, "queries": 45},
    {"orders": 500, "lines": 5000, "short": 1500, "seconds": 0.7, "cpu": 0.6, "queries": 48},
]
KPIS = {
    "history": {"orders": 1000, "visits": 8000, "seconds": 2.0},
    "books": {"moves": 2000, "entries": 2000, "seconds": 1.0},
    "visits": 8000,
    "changed": 100,
    "readings": {
        "KPIs of orders, a month": 0.1,
        "pivot of orders by month": 0.2,
        "map, all": 0.9,
        "variants, all": 0.5,
    },
}
TOWER = [{"name": "a manager", "open": 2000, "wall": 400, "queries": 40}]
SETTLEMENT = {name: {"wall": 500, "queries": 24} for name in ("lines", "orders", "receivables")}
SETTLEMENT["rows"] = {"wall": 14_000, "queries": 200, "number": 100_000, "megabytes": 40.5}
SETTLEMENT["workbook"] = SETTLEMENT["rows"]


def test_ratio_is_taken_within_a_round():
    orders = Orders(measurements(factor=1.2))
    assert orders.ratio("active", 1) == pytest.approx(1.2)
    assert orders.ratio("idle", 10, "cpu") == pytest.approx(1)
    assert orders.median("wall", "plain", 10, "pay") == pytest.approx(110)


def test_slope_is_what_each_further_order_adds_in_all_steps():
    assert Orders(measurements(slope=0.5)).slope("active") == pytest.approx(0.5 * len(STEPS))
    assert Orders(measurements(slope=0.5)).slope("active", ("pay",)) == pytest.approx(0.5)
    assert Orders(measurements()).slope("active") == 0
    assert Orders(measurements()).added("active", 10, "pay") == 4
    assert Orders([row for row in measurements() if row["size"] == 1]).slope("active") is None


@pytest.mark.parametrize(
    ("factor", "slope", "rewritten", "expected"),
    [
        (1.04, 0.0, [], {"met": 19, "**missed**": 0}),
        (1.2, 0.0, [], {"met": 18, "**missed**": 1}),
        (1.0, 0.1, [], {"met": 18, "**missed**": 1}),
        (1.0, 0.0, ["sale_order"], {"met": 18, "**missed**": 1}),
    ],
)
def test_report_says_which_targets_are_met(factor, slope, rewritten, expected):
    install = {"orders": 20000, "seconds": 12.3, "rewritten": rewritten}
    approvals = {"process, 1 at a time": [50.0, 40.0]}
    routing = {"none": [1.0, 20, 0]}
    results = {"orders": measurements(slope, factor), "approvals": approvals, "routing": routing}
    results |= {"lists": LISTS, "install": install, "alarm": ALARM, "tower": TOWER, "kpis": KPIS}
    results |= {"stock": STOCK, "settlement": SETTLEMENT}
    text = report(results)
    assert {word: text.count(f" {word} |") for word in expected} == expected
    assert "| 200,000 | 2,000 | 6,000 | 20.00 | 900 |" in text
    assert "| control tower over 20,000 orders, 2,000 of them open, as a manager (s) | ≤ 1 | 0.40 | met |" in text
    assert "| the stock desk over 500 open orders, 5,000 lines (s) | ≤ 1 | 0.70 | met |" in text
    assert "| 500 | 5,000 | 1,500 | 0.70 | 0.60 | 48 |" in text
    assert "| late | 1,200 | 0.5 | sale_order by x_idx |" in text
    assert all(f"tables rewritten, {name}" in text for name in rewritten)


def test_table_is_markdown():
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


@pytest.mark.parametrize(
    ("arguments", "environ", "orders"),
    [
        ([], {}, 20_000),
        (["--quick"], {}, 2_000),
        ([], {"QUICK": "1", "BENCH_ORDERS": "1_000"}, 1_000),
        (["--orders", "1,000,000"], {"BENCH_ORDERS": "500"}, 1_000_000),
    ],
)
def test_plan(arguments, environ, orders):
    plan = parse(arguments, environ)
    assert plan.orders == orders
    assert (plan.rounds == QUICK_ROUNDS) == ("QUICK" in environ or "--quick" in arguments)


@pytest.mark.parametrize("orders", ["many", "-5", "99", "1e9"])
def test_wrong_number_of_orders_is_told(orders):
    with pytest.raises(Failure, match="no number of orders"):
        parse(["--orders", orders], {})
    with pytest.raises(Failure, match="no number of visits"):
        parse([], {"BENCH_VISITS": orders})


def test_access_paths_name_tables_and_indexes():
    plan = {
        "Node Type": "Limit",
        "Plans": [
            {"Node Type": "Index Scan", "Relation Name": "sale_order", "Index Name": "date_idx"},
            {
                "Node Type": "Bitmap Heap Scan",
                "Relation Name": "sop_check",
                "Plans": [{"Node Type": "Bitmap Index Scan", "Index Name": "open_idx"}],
            },
            {"Node Type": "Seq Scan", "Relation Name": "sop_stage"},
        ],
    }
    expected = ["sale_order by date_idx", "sop_check bitmap heap scan", "by open_idx", "sop_stage seq scan"]
    assert access_paths(plan) == expected
