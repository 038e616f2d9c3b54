"""Which orders, days and stages a figure is about, and how it comes out: what all KPIs share."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from odoo.tools import SQL

from ..engine.tally_query import sums_of
from .periods import whole_months

EARLIEST = date(1900, 1, 1)
"""Before it nothing can have been, and ``read_period`` lets nobody ask for it."""


@dataclass(frozen=True)
class Scope:
    """The days from ``date_from`` to ``date_to`` (both included, days of the company) in one company, and filters."""

    company_id: int
    date_from: date
    date_to: date
    process_code: str | None = None
    version: int | None = None
    department_id: int | None = None
    filters: tuple = ()
    """``((column of sop.order.fact, id)…)``: a team, a salesperson, a customer, a country, a category."""
    changed: tuple | None = field(default=None, compare=False, repr=False)
    """What ``sop.engine.fact`` tells of changed orders, for who asks for many figures; None: each asks by itself."""

    @property
    def length(self):
        """How many days the scope has."""
        return (self.date_to - self.date_from).days + 1

    @property
    def before(self):
        """The scope of as many days just before, or of all since ``EARLIEST``."""
        days = min(self.length, (self.date_from - EARLIEST).days)
        return replace(self, date_from=self.date_from - timedelta(days), date_to=self.date_from - timedelta(1))

    def moments(self, env):
        """Return when the period begins, and the first moment after it, where the company is (naive UTC)."""
        company, ledger = env["res.company"].browse(self.company_id), env["sop.ledger"]
        return ledger._get_end(company, self.date_from - timedelta(1)), ledger._get_end(company, self.date_to)

    def days(self, column):
        """Return whether the date ``column`` (a name, or SQL) lies in the scope, as SQL."""
        column = SQL.identifier(column) if isinstance(column, str) else column
        return SQL("%s BETWEEN %s AND %s", column, self.date_from, self.date_to)

    def processes(self, env):
        """Return the ids of the processes (versions) that the scope takes, or None for all."""
        if not self.process_code:
            return None
        domain = [("code", "=", self.process_code), ("company_id", "in", (self.company_id, False))]
        if self.version:
            domain.append(("version", "=", self.version))
        processes = env["sop.process"].sudo().with_context(active_test=False)  # ids alone
        return tuple(processes.search(domain).ids)

    def of_processes(self, env, column):
        """Return whether the process id ``column`` (SQL) is one of the scope's, as SQL."""
        ids = self.processes(env)
        return SQL("TRUE") if ids is None else SQL("%s = ANY(%s)", column, list(ids))

    def of_stages(self, env, stage, department=None):
        """Return whether ``stage`` (SQL, an id) is of the scope's processes, and ``department`` the scope's, as SQL."""
        ids = self.processes(env)
        parts = [SQL("TRUE")]
        if ids is not None:
            parts.append(SQL("%s IN (SELECT id FROM sop_stage WHERE process_id = ANY(%s))", stage, list(ids)))
        if self.department_id and department:
            parts.append(SQL("%s = %s", department, self.department_id))
        return SQL(" AND ").join(parts)

    def facts(self, env, condition=None):
        """Return the query of the facts of all orders that the scope takes and for which ``condition`` (SQL on ``f``)
        holds, of whatever days."""
        wanted = [SQL("f.company_id = %s", self.company_id), self.of_processes(env, SQL("f.process_id"))]
        wanted += [SQL("f.%s = %s", SQL.identifier(name), value) for name, value in self.filters]
        if self.department_id:
            wanted.append(
                SQL(
                    "EXISTS (SELECT FROM sop_visit v WHERE v.order_id = f.order_id AND v.department_id = %s)",
                    self.department_id,
                )
            )
        if condition:
            wanted.append(condition)
        facts = env["sop.engine.fact"]._get_rows(self.changed)
        return SQL("SELECT f.* FROM (%s) f WHERE %s", facts, SQL(" AND ").join(wanted))

    def order_sums(self, env, condition):
        """Return the query of the sums (``sop.order.tally``) of the orders that the scope takes and for whose company,
        process, days and status ``condition`` (SQL on ``f``) holds."""
        if self.filters or self.department_id:
            return sums_of("sop_order_tally", self.facts(env, condition))
        return SQL(
            "SELECT f.* FROM (%s) f WHERE f.company_id = %s AND %s AND %s",
            env["sop.engine.fact"]._get_sums("sop_order_tally", self.changed),
            self.company_id,
            self.of_processes(env, SQL("f.process_id")),
            condition,
        )

    def order_spreads(self, env):
        """Return the query of how often what was (``sop.order.spread``) of the orders finished in the period: of whole
        months from what is kept, of the days before and after them from the facts."""
        first, end = self.months
        if self.filters or self.department_id or first >= end:
            return sums_of("sop_order_spread", self.facts(env, self.days(SQL("f.done_on"))))
        edges = SQL(
            "((f.done_on >= %s AND f.done_on < %s) OR (f.done_on >= %s AND f.done_on <= %s))",
            self.date_from,
            first,
            end,
            self.date_to,
        )
        whole = SQL(
            "SELECT f.* FROM (%s) f WHERE f.company_id = %s AND %s AND f.month >= %s AND f.month < %s",
            env["sop.engine.fact"]._get_sums("sop_order_spread", self.changed),
            self.company_id,
            self.of_processes(env, SQL("f.process_id")),
            first,
            end,
        )
        if first == self.date_from and end > self.date_to:
            return whole
        return SQL("%s UNION ALL %s", whole, sums_of("sop_order_spread", self.facts(env, edges)))

    @property
    def months(self):
        """The first day of the first month that lies wholly in the scope, and the day after the last such month."""
        return whole_months(self.date_from, self.date_to)


@dataclass(frozen=True)
class Figure:
    """What a KPI comes to: ``value`` in its unit (None: there is nothing to tell) over ``count`` orders, stages …

    ``hits`` of ``count`` make a share, ``spread`` (``{value: how often}``) an average or the ``percent``-th percentile,
    and ``counts`` says that it is a plain number of what happened: how sure it is follows from these, see ``kpi_noise``
    """

    value: float | None
    count: int = 0
    hits: int | None = None
    spread: dict = field(default_factory=dict)
    counts: bool = False
    percent: int = 50


def share(hits, count):
    """Return the figure of ``hits`` of ``count`` in percent."""
    return Figure(100 * float(hits) / float(count) if count else None, int(count or 0), int(hits or 0))


def average(spread, unit=1.0):
    """Return the figure of the average of ``spread`` (``{value: how often}``), its values divided by ``unit``."""
    count = sum(spread.values())
    total = sum(value * often for value, often in spread.items())
    return Figure(total / count / unit if count else None, count, None, spread)


def amount(number, counts=True):
    """Return the figure of a plain number, which ``counts`` what happened in the period, or how things stood."""
    return Figure(float(number or 0), int(number or 0), counts=counts)


def percentile(spread, percent):
    """Return the smallest value that at least ``percent`` of all in ``spread`` (``{value: how often}``) do not exceed,
    as ``percentile_disc``; None of nothing."""
    total, upto = sum(spread.values()), 0
    for value in sorted(spread):
        upto += spread[value]
        if upto * 100 >= percent * total:
            return value
    return None


def median(spread, unit=1.0, percent=50):
    """Return the figure of the ``percent``-th percentile of ``spread``, its values divided by ``unit``."""
    found = percentile(spread, percent)
    return Figure(None if found is None else found / unit, sum(spread.values()), None, spread, percent=percent)
