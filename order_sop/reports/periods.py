"""Periods of reports: days of a company, both ends included, and the whole months in them."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError


def read_period(env, date_from, date_to):
    """Return the first and the last day that somebody asks for.

    :raise UserError: for what are no two days in this order
    """
    try:
        first, last = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
    except (TypeError, ValueError, KeyError):
        first = last = None
    if not first or not last or first > last or not 1970 <= first.year <= last.year <= 9000:
        raise UserError(env._("The period needs a first and a last day, in this order."))
    return first, last


def whole_months(first, last):
    """Return the first day of the first month that lies wholly in the days from ``first`` to ``last``, and the day
    after the last such month: not before the first one, where there is any."""
    return first if first.day == 1 else _next_month(first), (last + timedelta(1)).replace(day=1)


def _next_month(day):
    return (day.replace(day=1) + timedelta(32)).replace(day=1)
