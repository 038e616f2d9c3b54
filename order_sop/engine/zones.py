"""Days and months of companies in SQL: each company has its own time zone."""

from odoo.tools import SQL


def local(env, moment, company):
    """Return ``moment`` (SQL, naive UTC) as the clock on the wall of ``company`` (SQL, an id) shows it."""
    companies = env["res.company"].sudo().search([("active", "in", (True, False))])  # their time zones
    zones = SQL(" ").join(SQL("WHEN %s THEN %s", one.id, one._sop_locale()[1]) for one in companies)
    return SQL("%s AT TIME ZONE 'UTC' AT TIME ZONE CASE %s %s ELSE 'UTC' END", moment, company, zones)


def day(env, moment, company):
    """Return the date of ``moment`` (SQL, naive UTC) where ``company`` (SQL, an id) is."""
    return SQL("(%s)::date", local(env, moment, company))
