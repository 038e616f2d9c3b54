from odoo import api, models
from odoo.tools import SQL

from .tally_query import OF_FACTS
from .tally_sources import SOURCES, TALLIES
from .tally_trigger import trigger_name

BATCH = 5_000
FACTS_BATCH = 500
CROWDED = 20_000
"""So many rows of a tally table that say the same again are merged."""


class SopEngineTally(models.AbstractModel):
    """Counts visits and checks into the tally tables, for a cron. Reports are exact with and without it: it only keeps
    few what they have to read; see ``tally_sources``."""

    _name = "sop.engine.tally"
    _description = "SOP engine: sums for reports"

    @api.model
    def _cron_count(self):
        """Bring all up to date, a batch a transaction; see :meth:`_catch_up`."""
        for done in self._catch_up():
            if not self.env["ir.cron"]._commit_progress(done, remaining=BATCH):
                return

    @api.model
    def _catch_up(self):
        """Bring the facts of changed orders up to date and count all that is ripe; yield after each batch how many rows
        it had.

        One after the other and never both at once: what is counted bears what the facts say of its order.
        """
        while renewed := self.env["sop.engine.fact"]._renew(FACTS_BATCH):
            yield renewed
        for source in SOURCES.values():
            while counted := self._count(source, BATCH):
                yield counted

    @api.model
    def _cron_merge(self):
        """Merge what lies in many rows."""
        for source in SOURCES.values():
            for tally in source.tallies:
                self._merge(tally, CROWDED)
                self.env["ir.cron"]._commit_progress(1, remaining=0)

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
                "WITH picked AS (UPDATE %(table)s v SET %(set)s WHERE id = ANY(ARRAY("
                "SELECT id FROM %(table)s WHERE %(uncounted)s ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE"
                " SKIP LOCKED)) RETURNING *), %(parts)s SELECT COUNT(*) FROM picked",
                table=SQL.identifier(source.table),
                set=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), how)
                    for name, how in (("counted", SQL("TRUE")), *((name, OF_FACTS[name]) for name in source.kept))
                ),
                uncounted=SQL(source.uncounted),
                limit=limit,
                parts=SQL(", ").join(parts),
            )
        )
        if counted:
            self.env[source.table.replace("_", ".")].invalidate_model()
        return counted

    @api.model
    def _recount(self, orders):
        """Have those rows of ``orders`` (SQL, a query of ids) counted anew that keep other than the facts say now: the
        database takes them back."""
        for name, source in SOURCES.items():
            if source.kept:
                differs = (
                    SQL("v.%s IS DISTINCT FROM %s", SQL.identifier(kept), OF_FACTS[kept]) for kept in source.kept
                )
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s v SET counted = FALSE WHERE v.order_id IN (%s) AND v.counted AND (%s)",
                        SQL.identifier(source.table),
                        orders,
                        SQL(" OR ").join(differs),
                    )
                )
                self.env[name].invalidate_model()

    @api.model
    def _begin_anew(self):
        """Forget all sums: for a migration that changes what is added up. Until the cron has counted all again, reports
        read the rows themselves."""
        self.env.flush_all()
        for name, source in SOURCES.items():
            table, trigger = SQL.identifier(source.table), trigger_name(source)
            self.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER %s", table, trigger))
            self.env.cr.execute(SQL("UPDATE %s SET counted = FALSE WHERE counted", table))
            self.env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER %s", table, trigger))
            for tally in source.tallies:
                self.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(tally.table)))
                self.env[tally.table.replace("_", ".")].invalidate_model()
            self.env[name].invalidate_model()

    @api.model
    def _add_up(self, table):
        """Have the sums in the tally ``table`` made anew of all that is counted: for a migration that brings it."""
        source, tally = TALLIES[table]
        self.env.flush_all()
        counted = SQL("(SELECT * FROM %s WHERE counted)", SQL.identifier(source.table))
        self.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
        self.env.cr.execute(
            SQL("INSERT INTO %s (%s) %s", SQL.identifier(table), tally.columns(), tally.select(counted))
        )
        self.env[table.replace("_", ".")].invalidate_model()

    @api.model
    def _merge(self, tally, crowded):
        """Merge rows of ``tally`` with the same dimensions, once there are ``crowded`` more rows than needed.

        Each keeps the first one's id: by it a report knows its row, see ``live_rows_by_id``.
        """
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
                " INSERT INTO %(table)s (id, %(columns)s) SELECT MIN(id), %(dims)s, %(sums)s FROM gone"
                " GROUP BY %(dims)s HAVING SUM(%(some)s) <> 0",
                table=table,
                dims=dims,
                columns=tally.columns(),
                sums=sums,
                some=some,
            )
        )
