"""What the benchmark is asked to do."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass

from devkit.failure import Failure

ROUNDS = {1: 15, 10: 4, 50: 3, 200: 2}
QUICK_ROUNDS = {1: 5, 10: 2}
ORDERS, QUICK_ORDERS = 20_000, 2_000
MOST_ORDERS = 5_000_000


@dataclass(frozen=True)
class Plan:
    """How often orders are walked through in batches of which size, and how many are in the large database."""

    rounds: dict[int, int]
    orders: int


def parse(arguments: list[str], environ: Mapping[str, str] = os.environ) -> Plan:
    """Return the plan that the command line asks for; QUICK and BENCH_ORDERS may also come by the environment."""
    parser = argparse.ArgumentParser(prog="devkit bench")
    parser.add_argument("--quick", action="store_true", default=environ.get("QUICK") in ("1", "yes", "true"))
    parser.add_argument("--orders", default=environ.get("BENCH_ORDERS"), help="orders in the large database")
    options = parser.parse_args(arguments)
    orders = QUICK_ORDERS if options.quick else ORDERS
    if options.orders:
        try:
            orders = int(options.orders.replace(",", "").replace("_", ""))
        except ValueError:
            orders = 0
        if not 100 <= orders <= MOST_ORDERS:
            raise Failure(
                f"'{options.orders}' is no number of orders from 100 to {MOST_ORDERS:,}", "give BENCH_ORDERS=1000000"
            )
    return Plan(QUICK_ROUNDS if options.quick else ROUNDS, orders)
