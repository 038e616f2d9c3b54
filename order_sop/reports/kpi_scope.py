"""Which orders, days and stages a figure is about, and how it comes out: what all KPIs share."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from odoo.tools import SQL

PERCENTS = (50, 80, 95)


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

    @property
    def before(self):
        """The scope of as many days just before."""
        days = (self.date_to - self.date_from).days + 1
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

    def facts(self, env):
        """Return the query of the facts of all orders that the scope takes, of whatever days."""
        wanted = [SQL("f.company_id = %s", self.company_id), self.of_processes(env, SQL("f.process_id"))]
        wanted += [SQL("f.%s = %s", SQL.identifier(name), value) for name, value in self.filters]
        if self.department_id:
            wanted.append(
                SQL(
                    "EXISTS (SELECT FROM sop_visit v WHERE v.order_id = f.order_id AND v.department_id = %s)",
                    self.department_id,
                )
            )
        return SQL("SELECT f.* FROM (%s) f WHERE %s", env["sop.engine.fact"]._get_rows(), SQL(" AND ").join(wanted))


@dataclass(frozen=True)
class Figure:
    """What a KPI comes to: ``value`` in its unit (None: there is nothing to tell) over ``count`` orders, stages …

    ``hits`` of ``count`` make a share, ``spread`` (``{value: how often}``) a median; both tell how sure it is.
    """

    value: float | None
    count: int = 0
    hits: int | None = None
    spread: dict = field(default_factory=dict)


def share(hits, count):
    """Return the figure of ``hits`` of ``count`` in percent."""
    return Figure(100 * float(hits) / float(count) if count else None, int(count or 0), int(hits or 0))


def average(total, count):
    """Return the figure of ``total`` shared by ``count``."""
    return Figure(float(total) / float(count) if count else None, int(count or 0))


def amount(number):
    """Return the figure of a plain count."""
    return Figure(float(number or 0), int(number or 0))


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
    return Figure(None if found is None else found / unit, sum(spread.values()), None, spread)
