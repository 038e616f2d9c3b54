"""How reports read what is added up: the sums, with what is still to be counted for them. See ``tally_sources``."""

from odoo.tools import SQL

from .tally_sources import FACT_ENDED, PROFILE, TALLIES
from .tally_table import raw

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


def live_rows_by_id(table, where=None, without=()):
    """Return the query of :func:`live_rows` with one row, and its ``id``, for the same dimensions: as many as there
    are, and none where all was taken back.

    Rows still to be counted stand behind all that a tally can hold; the browser takes ids below 2^53.

    :param SQL where: which rows, by dimensions; all unless given
    :param without: dimensions that are not told apart
    """
    source, tally = TALLIES[table]
    sums = {name: SQL("SUM(%s)", SQL.identifier(name)) for name in tally.measures}
    return SQL(
        "SELECT MIN(id) AS id, %(dims)s, %(sums)s FROM (SELECT id::bigint, %(columns)s FROM %(tally)s UNION ALL"
        " SELECT %(first)s + v.id, %(values)s FROM %(source)s v WHERE %(uncounted)s) t"
        " WHERE %(where)s GROUP BY %(dims)s HAVING %(count)s > 0",
        dims=SQL(", ").join(SQL.identifier(name) for name in tally.dims if name not in without),
        sums=SQL(", ").join(SQL("%s AS %s", how, SQL.identifier(name)) for name, how in sums.items()),
        columns=tally.columns(),
        tally=SQL.identifier(table),
        first=FIRST_UNCOUNTED,
        values=tally.values(),
        source=SQL.identifier(source.table),
        uncounted=raw(source.uncounted),
        where=where or SQL("TRUE"),
        count=next(iter(sums.values())),
    )


def ripe_rows(table, only_uncounted=False):
    """Return ``(rows, values)``: the query of all rows that are summed up in the tally ``table``, counted or not, and
    the columns that each of them, as ``v``, would have there; both as SQL."""
    source, tally = TALLIES[table]
    which = source.uncounted if only_uncounted else source.ripe
    return SQL("SELECT * FROM %s WHERE %s", SQL.identifier(source.table), raw(which)), tally.values()


def counted_rows(table):
    """Return ``(rows, values)`` like :func:`ripe_rows`, of the rows that are counted, with what takes them back."""
    source, tally = TALLIES[table]
    rows = SQL("SELECT * FROM %s WHERE %s AND counted", SQL.identifier(source.table), raw(source.ripe))
    return rows, tally.values(-1)


def profile_of(fact):
    """Return the profile that the row ``fact`` (SQL, an alias) of the facts of orders says, as SQL; see ``PROFILE``."""
    ids = SQL(", ").join(SQL("%s.%s", fact, SQL.identifier(name)) for name in PROFILE)
    return SQL("ARRAY_TO_STRING(ARRAY[%s], ',', '')", ids)


def departments_of(fact):
    """Return the ids of all departments that an ended order was with, as the row ``fact`` (SQL, an alias) of the facts
    says: ``,3,7,``, as SQL; NULL while it is open: these would change with each of its steps."""
    return SQL(
        "CASE WHEN %(fact)s.%(ended)s THEN ("
        "SELECT ',' || STRING_AGG(DISTINCT s.department_id::text, ',') || ',' FROM sop_stage s"
        " WHERE s.id = ANY(STRING_TO_ARRAY(%(fact)s.path, ',')::int[])) END",
        fact=fact,
        ended=raw(FACT_ENDED),
    )


OF_FACTS = {
    name: SQL("(SELECT %s FROM sop_order_fact f WHERE f.order_id = v.order_id)", how(SQL("f")))
    for name, how in (("profile", profile_of), ("departments", departments_of))
}
"""What the facts say by now of the order of a row ``v``: what such a row keeps as it is counted."""


def of_profile(profile):
    """Return ``{name: id}`` of what the ``profile`` (SQL) says, as SQL."""
    return {
        name: SQL("NULLIF(SPLIT_PART(%s, ',', %s), '')::int", profile, place) for place, name in enumerate(PROFILE, 1)
    }
