"""Runs in the environment of the mining library: prints its figures of the event logs that are named, as JSON.

Times are seconds between completions. What is keyed by several names is a list of pairs, as JSON has no such keys.
"""

import contextlib
import io
import json
import sys
import warnings

import pandas
import pm4py

ACTIVITY, TRACE, MOMENT = "concept:name", "case:concept:name", "time:timestamp"


def read(path):
    """Return the event log in a file as a data frame."""
    if path.removesuffix(".gz").endswith(".csv"):
        log = pandas.read_csv(
            path, dtype={TRACE: str, ACTIVITY: str}, keep_default_na=False, na_values={"amount": [""]}
        )
        for column in (MOMENT, "entered_at"):
            log[column] = pandas.to_datetime(log[column], format="ISO8601", utc=True)
        return log
    return pm4py.read_xes(path)


def figures(path):
    """Return what the library says of the event log in a file."""
    log = read(path)
    directly, starts, ends = pm4py.discover_dfg(log)
    performance, _starts, _ends = pm4py.discover_performance_dfg(log)
    return {
        "traces": int(log[TRACE].nunique()),
        "events": len(log),
        "activities": pm4py.get_event_attribute_values(log, ACTIVITY),
        "starts": starts,
        "ends": ends,
        "directly": sorted([*pair, count] for pair, count in directly.items()),
        "seconds": sorted([*pair, float(of["mean"])] for pair, of in performance.items()),
        "variants": sorted([list(variant), count] for variant, count in pm4py.get_variants(log).items()),
        "columns": sorted(log.columns),
        "late": int((log["late"].astype(str).str.lower() == "true").sum()),
        "worked_minutes": int(log["worked_minutes"].astype(int).sum()),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()):  # the library says what it likes there
        answer = [figures(path) for path in sys.argv[1:]]
    json.dump(answer, sys.stdout, default=lambda value: value.item())
