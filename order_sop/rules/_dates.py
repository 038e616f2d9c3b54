"""Days as the order's company counts them; shared by the rules."""

from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import fields


def company_day(company, moment):
    """Return the date that the naive UTC datetime ``moment`` falls on where ``company`` works.

    The time zone is that of the company's working hours, as for the stages' deadlines; else that of its address.
    """
    zone = company.resource_calendar_id.tz or company.partner_id.tz or "UTC"
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def company_today(company):
    """Return today's date where ``company`` works."""
    return company_day(company, fields.Datetime.now())
