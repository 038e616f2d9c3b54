"""What is added up of visits and checks, so that no report has to read millions of them: the one place that says how.

A source is a table of the engine; its rows are ripe once there is something to count. Sums of ripe rows lie in tally
tables, which are only ever appended to: each row there says how much *more* there is of something. A source row knows
whether it is counted; as soon as it is changed or deleted, a trigger takes its share back and it counts as not counted.
So at any instant, in any transaction: all there is = the tally's rows + the ripe rows that are not counted yet.
"""

from .tally_table import Source, Tally

VISIT_RIPE = "left_at IS NOT NULL"
CHECK_RIPE = "(failed OR state IN ('passed', 'waived'))"

FACT_ENDED = "status IN ('done', 'cancelled')"
FACT_OPEN = f"({FACT_ENDED}) IS NOT TRUE"

PROFILE = ("partner_id", "country_id", "team_id", "user_id", "categ_id")
"""What the facts say of an order that stages and checks are broken down by. Orders with the same *profile*, which is
these ids in a row, are added up together."""

TENTHS = "ROUND(COALESCE(v.worked_hours, 0) * 10)::int * 6"
"""Working minutes in whole tenths of an hour: what medians are shown in, and few enough to add up quickly. The median
of rounded times is the rounded median."""

FACT_MEASURES = {
    "orders": "1",
    "promised": "(v.on_time IS NOT NULL)::int",
    "on_time": "(v.on_time IS TRUE)::int",
    "promised_lines": "CASE WHEN v.lines_on_time IS NOT NULL THEN v.goods_lines ELSE 0 END",
    "lines_on_time": "COALESCE(v.lines_on_time, 0)",
    "with_goods": "(v.goods_lines > 0)::int",
    "in_full": "(v.in_full IS TRUE)::int",
    "goods_lines": "v.goods_lines",
    "perfect": "(v.perfect IS TRUE)::int",
    "first_pass": "(v.first_pass IS TRUE)::int",
    "deviating": "(v.waivers > 0)::int",
    "returned": "(v.returned_lines > 0)::int",
    "returned_lines": "v.returned_lines",
    "returned_amount": "v.returned_amount",
    "goods_amount": "CASE WHEN v.goods_lines > 0 THEN v.amount ELSE 0 END",
}
VISIT_DIMS = {
    "company_id": "v.company_id",
    "stage_id": "v.stage_id",
    "department_id": "v.department_id",
    "user_id": "v.left_by_id",
    "outcome": "v.outcome",
}
VISIT_MEASURES = {
    "visits": "1",
    "limited": "(v.deadline IS NOT NULL)::int",
    "late": "COALESCE(v.deadline < v.left_at, FALSE)::int",
    "repeated": "(v.cycle > 1)::int",
    "minutes": "ROUND(COALESCE(v.worked_hours, 0) * 60)",
    "elapsed": "COALESCE(v.elapsed, 0)::float8",
}
ARROW_MEASURES = {name: VISIT_MEASURES[name] for name in ("visits", "limited", "late", "elapsed")}
"""What the process map adds up."""
CHECK_DIMS = {
    "company_id": "v.company_id",
    "checkpoint_id": "v.checkpoint_id",
    "department_id": "v.department_id",
    "user_id": "v.user_id",
    "state": "v.state",
}
CHECK_MEASURES = {"checks": "1", "failed": "(v.failed IS TRUE)::int"}
OF_ORDER = "CROSS JOIN LATERAL (SELECT WHERE v.order_id IS NOT NULL) o"
"""Spread: those of cases, which are few, are not added up by profile."""

# Minutes that an order took, in steps that are wide for long times: (below, width). Medians are found in two looks,
# first for the step and then for the value in it.
STEPS = ((120, 1), (2 * 1440, 30), (20 * 1440, 240), (None, 1440))
FACT_MINUTES = "ROUND(v.elapsed / 60)::int"
PATH_MINUTES = (
    "CASE "
    + " ".join(
        (f"WHEN {FACT_MINUTES} < {below} THEN " if below else "ELSE ") + f"{FACT_MINUTES} / {width} * {width}"
        for below, width in STEPS
    )
    + " END"
)


def step_end(minutes):
    """Return the first minute behind the step that begins with ``minutes``."""
    return minutes + next(width for below, width in STEPS if below is None or minutes < below)


SOURCES = {
    "sop.visit": Source(
        "sop_visit",
        VISIT_RIPE,
        (
            Tally(
                "sop_visit_tally",
                {"day": "v.left_on", **VISIT_DIMS},
                VISIT_MEASURES,
            ),
            Tally(
                "sop_visit_profile_tally",
                {"month": "DATE_TRUNC('month', v.left_on)::date", **VISIT_DIMS, "profile": "v.profile"},
                VISIT_MEASURES,
                OF_ORDER,
            ),
            Tally(
                "sop_visit_profile_day_tally",
                {"day": "v.left_on", **VISIT_DIMS, "profile": "v.profile"},
                VISIT_MEASURES,
                OF_ORDER,
            ),
            Tally(
                "sop_arrow_tally",
                {
                    "day": "v.begun_on",
                    "company_id": "v.company_id",
                    "previous_stage_id": "v.previous_stage_id",
                    "stage_id": "v.stage_id",
                    "outcome": "v.outcome",
                },
                VISIT_MEASURES,
            ),
            Tally(
                "sop_spread_tally",
                {
                    "basis": "b.basis",
                    "month": "DATE_TRUNC('month', b.day)::date",
                    "company_id": "v.company_id",
                    "stage_id": "v.stage_id",
                    "minutes": TENTHS,
                },
                {"visits": "1"},
                "CROSS JOIN LATERAL (VALUES ('left', v.left_on), ('begun', v.begun_on)) b(basis, day)",
            ),
            Tally(
                "sop_arrow_departments_tally",
                {
                    "month": "DATE_TRUNC('month', v.begun_on)::date",
                    "company_id": "v.company_id",
                    "previous_stage_id": "v.previous_stage_id",
                    "stage_id": "v.stage_id",
                    "minutes": TENTHS,
                    "departments": "v.departments",
                },
                ARROW_MEASURES,
                "CROSS JOIN LATERAL (SELECT WHERE v.departments IS NOT NULL) o",
            ),
        ),
        kept=("profile", "departments"),
    ),
    "sop.check": Source(
        "sop_check",
        CHECK_RIPE,
        (
            Tally(
                "sop_check_tally",
                {"day": "v.made_on", **CHECK_DIMS},
                CHECK_MEASURES,
            ),
            Tally(
                "sop_check_profile_tally",
                {"month": "DATE_TRUNC('month', v.made_on)::date", **CHECK_DIMS, "profile": "v.profile"},
                CHECK_MEASURES,
                OF_ORDER,
            ),
            Tally(
                "sop_check_profile_day_tally",
                {"day": "v.made_on", **CHECK_DIMS, "profile": "v.profile"},
                CHECK_MEASURES,
                OF_ORDER,
            ),
        ),
        kept=("profile",),
    ),
    "sop.order.fact": Source(
        "sop_order_fact",
        "TRUE",
        (
            Tally(
                "sop_order_tally",
                {name: f"v.{name}" for name in ("company_id", "process_id", "begun_on", "ended_on", "status")},
                FACT_MEASURES,
            ),
            Tally(
                "sop_order_spread",
                {
                    "basis": "b.basis",
                    "month": "DATE_TRUNC('month', v.done_on)::date",
                    "company_id": "v.company_id",
                    "process_id": "v.process_id",
                    "value": "b.value::int",
                },
                {"orders": "1"},
                # minutes as in TENTHS, hours of 24 a day, stages entered again, hundredths of a star
                "CROSS JOIN LATERAL (SELECT * FROM (VALUES ('worked', ROUND(v.minutes / 6) * 6),"
                " ('elapsed', ROUND(v.elapsed / 3600)), ('repeated', v.repeated_stages),"
                " ('rating', ROUND(v.rating * 100))) w(basis, value)"
                " WHERE v.done_on IS NOT NULL AND w.value IS NOT NULL) b",
            ),
            Tally(
                "sop_path_tally",
                {
                    "month": "DATE_TRUNC('month', v.begun_on)::date",
                    "company_id": "v.company_id",
                    "process_id": "v.process_id",
                    "path": "v.path",
                    "is_open": "COALESCE(v.status IN ('running', 'waiting', 'on_hold'), FALSE)",
                    "minutes": PATH_MINUTES,
                },
                {"orders": "1"},
                "CROSS JOIN LATERAL (SELECT WHERE v.path IS NOT NULL) w",
            ),
        ),
    ),
}
TALLIES = {tally.table: (source, tally) for source in SOURCES.values() for tally in source.tallies}
