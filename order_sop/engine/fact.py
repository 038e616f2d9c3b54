from odoo import api, models
from odoo.tools import SQL

from .fact_query import COLUMNS, fact_query
from .isolation import isolated
from .tally_query import live_rows
from .tally_sources import TALLIES

STALE = "order_sop.stale"
CHANGED = SQL("SELECT DISTINCT stale_order_id FROM sop_stale_order")
MOST_LITERAL = 5_000
"""So many changed orders, or rows that no sum has yet, are written into the query itself."""


class SopEngineFact(models.AbstractModel):
    """Keeps ``sop.order.fact``: what the KPIs know of each order.

    Whoever changes an order leaves its id in ``sop.stale.order``, in his own transaction and without waiting for
    anybody; reports ask the documents themselves for these orders. A cron brings the kept rows up to date.
    """

    _name = "sop.engine.fact"
    _description = "SOP engine: facts for KPIs"

    @api.model
    def _note(self, documents):
        """Remember that ``documents`` (orders, or cases of orders) have changed, in one statement before the commit."""
        if ids := self._get_order_ids(documents):
            precommit = self.env.cr.precommit
            if STALE not in precommit.data:
                precommit.add(self._write_stale)
            precommit.data.setdefault(STALE, set()).update(ids)

    @api.model
    def _write_stale(self):
        if ids := self.env.cr.precommit.data.pop(STALE, ()):
            self._add_stale(SQL("SELECT UNNEST(%s)", sorted(ids)))

    @api.model
    def _get_note(self, documents):
        """Return the statement (SQL) by which :meth:`_note` remembers at once; None where there is nothing to."""
        ids = self._get_order_ids(documents)
        self.env.cr.precommit.data.get(STALE, set()).difference_update(ids)
        return _noting(SQL("SELECT UNNEST(%s)", sorted(ids))) if ids else None

    @api.model
    def _get_order_ids(self, documents):
        orders = {document._sop_order() for document in documents}
        return {order.id for order in orders if order and order.sop_process_id}

    @api.model
    def _note_where(self, condition):
        """Remember that all orders under the SOP for which ``condition`` (SQL on ``sale_order``) holds have changed."""
        if self.env["sop.process"]._is_in_use():
            self._add_stale(SQL("SELECT id FROM sale_order WHERE sop_process_id IS NOT NULL AND %s", condition))
            self.env.ref("order_sop.tally_cron").sudo()._trigger()  # they may be very many, whoever has changed it

    @api.model
    def _add_stale(self, orders):
        """Have the facts of ``orders`` (SQL, a query of ids) asked of the documents from now on."""
        self.env.cr.execute(_noting(orders))

    @api.model
    def _renew(self, limit):
        """Renew the facts of up to ``limit`` changed orders; return of how many.

        What another transaction has noted and not committed yet is not seen here, and stays to be done; so does, behind
        all others, an order whose facts cannot be computed.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM sop_stale_order WHERE stale_order_id IN"
                " (SELECT stale_order_id FROM sop_stale_order ORDER BY id LIMIT %s) RETURNING stale_order_id",
                limit,
            )
        )
        orders, done = self.env["sale.order"].browse(sorted({id_ for [id_] in rows})), set()

        def keep(some):
            self._keep(SQL("SELECT UNNEST(%s)", some.ids))
            done.update(some.ids)

        if orders:
            isolated(orders, keep)
        if failed := set(orders.ids) - done:
            self._add_stale(SQL("SELECT UNNEST(%s)", sorted(failed)))
        return len(done)

    @api.model
    def _keep(self, orders):
        """Write the facts of ``orders`` (SQL, a query of ids) anew."""
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        taken = SQL(", ").join(SQL("%(n)s = EXCLUDED.%(n)s", n=SQL.identifier(name)) for name in COLUMNS[1:])
        self.env.cr.execute(
            SQL(
                "DELETE FROM sop_order_fact WHERE order_id IN (%s) AND order_id NOT IN"
                " (SELECT id FROM sale_order WHERE sop_process_id IS NOT NULL AND id IN (%s))",
                orders,
                orders,
            )
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO sop_order_fact (id, %(names)s) SELECT order_id, %(names)s FROM (%(facts)s) q"
                " ON CONFLICT (id) DO UPDATE SET %(taken)s",
                names=names,
                facts=fact_query(self.env, orders),
                taken=taken,
            )
        )
        self.env["sop.order.fact"].invalidate_model()
        self.env["sop.engine.tally"]._recount(orders)

    @api.model
    def _get_rows(self, changed=None):
        """Return the query of the facts of all orders, exact at any instant.

        :param changed: what :meth:`_get_changed` told already

        Those of changed orders are read now, by the same snapshot, and stand in it as they are: PostgreSQL reads the
        others by several processes only where nothing but plain rows is added to them.
        """
        names = SQL(", ").join(SQL("f.%s", SQL.identifier(name)) for name in COLUMNS)
        ids, live = changed or self._get_changed()
        if not ids:
            return SQL("SELECT %s FROM sop_order_fact f", names)
        return SQL(
            "SELECT %(names)s FROM sop_order_fact f WHERE %(kept)s UNION ALL SELECT %(names)s FROM (%(live)s) f",
            names=names,
            kept=SQL("NOT %s", is_changed(ids, SQL("f.id"))),
            live=live,
        )

    @api.model
    def _get_sums(self, table, changed=None):
        """Return the query of the sums of facts in the tally ``table``, exact at any instant: what is kept, without
        the share of changed orders as they were, and with that of these orders as they are; ``changed``: as for
        :meth:`_get_rows`."""
        ids, live = changed or self._get_changed()
        kept = live_rows(table)
        if not ids:
            return kept
        tally = TALLIES[table][1]
        return SQL(
            "%s UNION ALL %s UNION ALL %s",
            kept,
            tally.select(SQL("(SELECT * FROM sop_order_fact WHERE %s)", is_changed(ids, SQL("id"))), -1),
            tally.select(SQL("(%s)", live)),
        )

    @api.model
    def _get_changed(self):
        """Return ``(ids, live)``: the ids of the changed orders, and a query of their facts as the documents are."""
        rows = self.env.execute_query(SQL("%s LIMIT %s", CHANGED, MOST_LITERAL + 1))
        ids = [id_ for [id_] in rows]
        if len(ids) > MOST_LITERAL:
            return ids, fact_query(self.env, CHANGED)
        if not ids:
            return ids, SQL()
        facts = fact_query(self.env, SQL("SELECT UNNEST(%s)", ids))
        [[live]] = self.env.execute_query(SQL("SELECT COALESCE(JSONB_AGG(f), '[]')::text FROM (%s) f", facts))
        return ids, SQL("SELECT * FROM JSONB_TO_RECORDSET(%s::jsonb) AS f(%s)", live, self._get_types())

    @api.model
    def _get_types(self):
        """Return the columns of a fact with their types, as SQL: those of the kept rows."""
        fields = self.env["sop.order.fact"]._fields
        types = {name: SQL(fields[name].column_type[0]) for name in COLUMNS}  # pylint: disable=sql-injection # the ORM's
        return SQL(", ").join(SQL("%s %s", SQL.identifier(name), kind) for name, kind in types.items())


def is_changed(ids, order):
    """Return whether ``order`` (SQL, an id) is a changed one, as SQL; ``ids`` are what ``_get_changed`` told."""
    if not ids:
        return SQL("FALSE")
    return SQL("%s = ANY(%s)", order, ids) if len(ids) <= MOST_LITERAL else SQL("%s IN (%s)", order, CHANGED)


def _noting(orders):
    """Return the statement that has the facts of ``orders`` (SQL, a query of ids) asked of the documents from now."""
    return SQL("INSERT INTO sop_stale_order (stale_order_id) %s", orders)
