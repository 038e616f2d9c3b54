"""``make bench``: the addon against plain Odoo, on real databases, in one run; see docs/benchmark.md."""

from devkit.bench.plan import parse
from devkit.bench.run import run_bench


def main(arguments: list[str]) -> int:
    """Measure and print the tables; return 0 unless something broke."""
    return run_bench(parse(arguments))
