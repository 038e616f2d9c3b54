"""Measures what happens in a block: milliseconds and SQL queries."""

import contextlib
import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass
class Reading:
    """What a block took: wall time, processor time of this process (both in ms), and queries."""

    wall: float = 0.0
    cpu: float = 0.0
    queries: int = 0

    def add(self, other: "Reading") -> None:
        """Add what another block took."""
        self.wall += other.wall
        self.cpu += other.cpu
        self.queries += other.queries


@contextlib.contextmanager
def measured(cr) -> Iterator[Reading]:
    """Yield a reading that is complete when the block ends; the garbage collector waits meanwhile."""
    reading = Reading()
    gc.collect()
    gc.disable()
    queries, cpu, wall = cr.sql_log_count, time.process_time(), time.perf_counter()
    try:
        yield reading
    finally:
        reading.wall = (time.perf_counter() - wall) * 1000
        reading.cpu = (time.process_time() - cpu) * 1000
        reading.queries = cr.sql_log_count - queries
        gc.enable()
