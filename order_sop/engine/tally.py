from odoo import api, models
from odoo.tools import SQL

from .tally_sources import SOURCES

BATCH = 5_000
CROWDED = 20_000
"""So many rows of a tally table that say the same again are merged."""


class SopEngineTally(models.AbstractModel):
    """Counts visits and checks into the tally tables, for a cron. Reports are exact with and without it: it only keeps
    few what they have to read; see ``tally_sources``."""

    _name = "sop.engine.tally"
    _description = "SOP engine: sums for reports"

    @api.model
    def _cron_count(self):
        """Count all that is ripe, a batch a transaction, and merge what lies in many rows."""
        cron = self.env["ir.cron"]
        for source in SOURCES.values():
            while counted := self._count(source, BATCH):
                if not cron._commit_progress(counted, remaining=BATCH):
                    return
        for source in SOURCES.values():
            for tally in source.tallies:
                self._merge(tally)
                cron._commit_progress(1, remaining=0)

    @api.model
    def _count(self, source, limit):
        """Count up to ``limit`` ripe rows of ``source`` that nobody is working on; return how many there were."""
        self.env[source.table.replace("_", ".")].flush_model()
        parts = [
            SQL(
                "%s AS (INSERT INTO %s (%s) %s)",
                SQL.identifier(f"into_{tally.table}"),
                SQL.identifier(tally.table),
                tally.columns(),
                tally.select(SQL("picked")),
            )
            for tally in source.tallies
        ]
        [[counted]] = self.env.execute_query(
            SQL(
                "WITH picked AS (UPDATE %(table)s SET counted = TRUE WHERE id = ANY(ARRAY(SELECT id FROM %(table)s"
                " WHERE %(uncounted)s ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED)) RETURNING *),"
                " %(parts)s SELECT COUNT(*) FROM picked",
                table=SQL.identifier(source.table),
                uncounted=SQL(source.uncounted),
                limit=limit,
                parts=SQL(", ").join(parts),
            )
        )
        if counted:
            self.env[source.table.replace("_", ".")].invalidate_model(["counted"])
        return counted

    @api.model
    def _merge(self, tally, crowded=CROWDED):
        """Merge rows of ``tally`` with the same dimensions, once there are ``crowded`` more rows than needed."""
        table, dims = SQL.identifier(tally.table), SQL(", ").join(map(SQL.identifier, tally.dims))
        sums = SQL(", ").join(SQL("SUM(%s)", SQL.identifier(name)) for name in tally.measures)
        [[rows, needed]] = self.env.execute_query(
            SQL("SELECT COALESCE(SUM(n), 0), COUNT(*) FROM (SELECT COUNT(*) n FROM %s GROUP BY %s) g", table, dims)
        )
        if rows - needed < crowded:
            return
        some = SQL.identifier(next(iter(tally.measures)))
        self.env.cr.execute(
            SQL(
                "WITH gone AS (DELETE FROM %(table)s WHERE id IN (SELECT id FROM (SELECT id, COUNT(*) OVER"
                " (PARTITION BY %(dims)s) AS n FROM %(table)s) t WHERE n > 1) RETURNING *)"
                " INSERT INTO %(table)s (%(columns)s) SELECT %(dims)s, %(sums)s FROM gone"
                " GROUP BY %(dims)s HAVING SUM(%(some)s) <> 0",
                table=table,
                dims=dims,
                columns=tally.columns(),
                sums=sums,
                some=some,
            )
        )
