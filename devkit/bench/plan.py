"""What the benchmark is asked to do."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass

from devkit.failure import Failure

ROUNDS = {1: 15, 10: 4, 50: 3, 200: 2}
QUICK_ROUNDS = {1: 5, 10: 2}
ORDERS, QUICK_ORDERS = 20_000, 2_000
VISITS, QUICK_VISITS = 20_000, 2_000
MOST_ORDERS = 5_000_000


@dataclass(frozen=True)
class Plan:
    """How often orders are walked through in batches of which size, how many are in the large database, and how many
    visits are open where the alert cron runs."""

    rounds: dict[int, int]
    orders: int
    visits: int


def parse(arguments: list[str], environ: Mapping[str, str] = os.environ) -> Plan:
    """Return the plan that the command line asks for; QUICK, BENCH_ORDERS and BENCH_VISITS may also come
    by the environment."""
    parser = argparse.ArgumentParser(prog="devkit bench")
    parser.add_argument("--quick", action="store_true", default=environ.get("QUICK") in ("1", "yes", "true"))
    parser.add_argument("--orders", default=environ.get("BENCH_ORDERS"), help="orders in the large database")
    parser.add_argument("--visits", default=environ.get("BENCH_VISITS"), help="open visits where the alert cron runs")
    options = parser.parse_args(arguments)
    orders = _number(options.orders, "orders") or (QUICK_ORDERS if options.quick else ORDERS)
    visits = _number(options.visits, "visits") or (QUICK_VISITS if options.quick else VISITS)
    return Plan(QUICK_ROUNDS if options.quick else ROUNDS, orders, visits)


def _number(text: str | None, what: str) -> int | None:
    """Return the number that text means, or None for no text."""
    if not text:
        return None
    try:
        number = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        number = 0
    if not 100 <= number <= MOST_ORDERS:
        raise Failure(
            f"'{text}' is no number of {what} from 100 to {MOST_ORDERS:,}", f"give BENCH_{what.upper()}=1000000"
        )
    return number
