"""What a table of sums is, and a table whose rows are added up in it. See ``tally_sources``."""

from dataclasses import dataclass

from odoo.tools import SQL


def raw(expression):
    """Return ``expression``, a constant of the engine, as SQL."""
    return SQL(expression)  # pylint: disable=sql-injection


@dataclass(frozen=True)
class Tally:
    """One table of sums: its dimensions and measures as SQL over a source row ``v``.

    ``spread`` is joined to each source row: it may be counted several times, by several days.
    """

    table: str
    dims: dict
    measures: dict
    spread: str = ""

    def columns(self):
        """Return the names of all columns, as SQL."""
        return SQL(", ").join(map(SQL.identifier, (*self.dims, *self.measures)))

    def values(self, sign=1):
        """Return the columns of one source row ``v``, where nothing is spread, as SQL."""
        dims = (SQL("%s AS %s", raw(how), SQL.identifier(name)) for name, how in self.dims.items())
        sums = (SQL("%s * %s AS %s", sign, raw(how), SQL.identifier(name)) for name, how in self.measures.items())
        return SQL(", ").join((*dims, *sums))

    def select(self, rows, sign=1):
        """Return a query of this tally's rows of the source rows ``rows`` (SQL, a FROM item without alias)."""
        dims = (SQL("%s AS %s", raw(how), SQL.identifier(name)) for name, how in self.dims.items())
        sums = (SQL("%s * SUM(%s) AS %s", sign, raw(how), SQL.identifier(name)) for name, how in self.measures.items())
        parts = (*dims, *sums)
        return SQL(
            "SELECT %s FROM %s v %s GROUP BY %s",
            SQL(", ").join(parts),
            rows,
            raw(self.spread),
            SQL(", ").join(raw(str(number)) for number in range(1, len(self.dims) + 1)),
        )


@dataclass(frozen=True)
class Source:
    """One table of the engine whose rows are added up, and when they are ripe (SQL over its columns).

    ``kept``: what its rows keep of the facts of their order as they are counted, of no meaning while they are not; see
    ``OF_FACTS`` in ``tally_query``.
    """

    table: str
    ripe: str
    tallies: tuple
    kept: tuple = ()

    @property
    def uncounted(self):
        """The rows still to be counted, as the partial index of the table says it."""
        return f"{self.ripe} AND counted IS NOT TRUE"
