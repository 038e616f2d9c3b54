"""How reports read what is added up: the sums, with what is still to be counted for them. See ``tally_sources``."""

from odoo.tools import SQL

from .tally_sources import TALLIES, raw

FIRST_UNCOUNTED = 2**40


def live_rows(table):
    """Return the query of all that is in the tally ``table`` or still to be counted for it: exact at any instant.

    Several rows may bear the same dimensions: whoever reads adds up.
    """
    source, tally = TALLIES[table]
    rest = SQL("(SELECT * FROM %s WHERE %s)", SQL.identifier(source.table), raw(source.uncounted))
    return SQL("SELECT %s FROM %s UNION ALL %s", tally.columns(), SQL.identifier(table), tally.select(rest))


def sums_of(table, rows):
    """Return the query of what the tally ``table`` would hold of ``rows`` (SQL, a query of rows of its source)."""
    return TALLIES[table][1].select(SQL("(%s)", rows))


def live_rows_by_id(table):
    """Return the query of :func:`live_rows` with an ``id`` that each row keeps as long as it is there.

    Rows still to be counted stand one by one, behind all that a tally can hold; the browser takes ids below 2^53.
    """
    source, tally = TALLIES[table]
    return SQL(
        "SELECT id::bigint, %s FROM %s UNION ALL SELECT %s + v.id, %s FROM %s v WHERE %s",
        tally.columns(),
        SQL.identifier(table),
        FIRST_UNCOUNTED,
        tally.values(),
        SQL.identifier(source.table),
        raw(source.uncounted),
    )


def ripe_rows(table):
    """Return ``(rows, values)``: the query of all rows that are summed up in the tally ``table``, counted or not, and
    the columns that each of them, as ``v``, would have there; both as SQL."""
    source, tally = TALLIES[table]
    return SQL("SELECT * FROM %s WHERE %s", SQL.identifier(source.table), raw(source.ripe)), tally.values()
