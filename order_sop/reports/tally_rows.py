"""The rows that lists of sums show: one for each day, place and person, with what it comes to."""

from odoo.tools import SQL

from ..engine.tally_query import live_rows_by_id
from ..engine.tally_sources import TALLIES


def rows_by_id(table, where=None, without=()):
    """Return the query of what is in the tally ``table`` or still to be counted for it, each combination of its
    dimensions once: a tally is only ever appended to, so what was taken back from it stands there as less than nothing.

    :param SQL where: which rows, by dimensions, as ``t``; all unless given
    :param without: dimensions that are not told apart
    :return: SQL with ``id``, which a row keeps while more is added to it, the dimensions and the measures; what comes
        to nothing is left out
    """
    _source, tally = TALLIES[table]
    dims = SQL(", ").join(SQL("t.%s", SQL.identifier(name)) for name in tally.dims if name not in without)
    sums = [(SQL("SUM(t.%s)", SQL.identifier(name)), SQL.identifier(name)) for name in tally.measures]
    return SQL(
        "SELECT MIN(t.id) AS id, %s, %s FROM (%s) t WHERE %s GROUP BY %s HAVING %s <> 0",
        dims,
        SQL(", ").join(SQL("%s AS %s", total, name) for total, name in sums),
        live_rows_by_id(table),
        where or SQL("TRUE"),
        dims,
        sums[0][0],
    )
