"""What is added up, day by day, of the ERP's own books: stock moves, entries and invoices, which are too many to read.

The database itself keeps these sums: triggers put what a row adds, or takes back, into a table that is only ever
appended to. So they are exact at any instant, in any transaction, and whoever writes a row, plain SQL included; nobody
waits for anybody. ``sop.engine.tally`` merges rows that say the same.
"""

from dataclasses import dataclass

from odoo.tools import SQL

from .tally_sources import Tally, raw

SIDES = ("OLD", "NEW")
VALUE = "CASE WHEN v.is_in THEN v.value ELSE -v.value END"


@dataclass(frozen=True)
class Book:
    """A table of the ERP, which of its rows count (SQL over ``v``), the columns that say so, and what is added up."""

    table: str
    counts: str
    columns: tuple
    tally: Tally

    def rows(self, source):
        """Return those of the rows ``source`` (SQL, a FROM item without alias) that count, as one itself."""
        return SQL("(SELECT * FROM %s v WHERE %s)", source, raw(self.counts))


BOOKS = {
    "sop.stock.tally": Book(
        "stock_move",
        "v.state = 'done' AND (v.is_in OR v.is_out)",
        ("state", "is_in", "is_out", "date", "company_id", "value", "sale_line_id"),
        Tally(
            "sop_stock_tally",
            {"day": "v.date::date", "company_id": "v.company_id"},
            {
                "moves": "1",
                "value": f"COALESCE({VALUE}, 0)",
                "cost": f"CASE WHEN v.sale_line_id IS NOT NULL THEN COALESCE(-({VALUE}), 0) ELSE 0 END",
            },
        ),
    ),
    "sop.account.tally": Book(
        "account_move_line",
        "v.parent_state = 'posted' AND v.account_id IS NOT NULL",
        ("parent_state", "date", "company_id", "account_id", "balance"),
        Tally(
            "sop_account_tally",
            {"day": "v.date", "company_id": "v.company_id", "account_id": "v.account_id"},
            {"entries": "1", "balance": "COALESCE(v.balance, 0)"},
        ),
    ),
    "sop.sales.tally": Book(
        "account_move",
        "v.state = 'posted' AND v.move_type IN ('out_invoice', 'out_refund')",
        ("state", "move_type", "date", "company_id", "amount_total_signed", "amount_untaxed_signed"),
        Tally(
            "sop_sales_tally",
            {"day": "v.date", "company_id": "v.company_id"},
            {
                "invoices": "1",
                "amount": "COALESCE(v.amount_total_signed, 0)",
                "invoiced": "(v.move_type = 'out_invoice')::int * COALESCE(v.amount_untaxed_signed, 0)",
            },
        ),
    ),
}


def install_book(cr, book):
    """Have the database add up ``book`` from now on, and what there is already, unless that was done before."""
    name, table, tally = _name(book), SQL.identifier(book.table), book.tally
    cr.execute("SELECT FROM pg_proc WHERE proname = %s", [_function(book)])
    is_new = not cr.rowcount
    into = SQL("INSERT INTO %s (%s)", SQL.identifier(tally.table), tally.columns())
    columns = {
        row: SQL(", ").join(SQL("%s.%s", raw(row), SQL.identifier(one)) for one in book.columns) for row in SIDES
    }
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $trigger$
            BEGIN
                IF TG_OP <> 'INSERT' THEN %(into)s %(take)s; END IF;
                IF TG_OP <> 'DELETE' THEN %(into)s %(add)s; END IF;
                RETURN NULL;
            END $trigger$;
            CREATE OR REPLACE TRIGGER %(insert)s AFTER INSERT ON %(table)s FOR EACH ROW WHEN (%(new)s)
                EXECUTE FUNCTION %(name)s();
            CREATE OR REPLACE TRIGGER %(delete)s AFTER DELETE ON %(table)s FOR EACH ROW WHEN (%(old)s)
                EXECUTE FUNCTION %(name)s();
            CREATE OR REPLACE TRIGGER %(update)s AFTER UPDATE ON %(table)s FOR EACH ROW
                WHEN ((%(old)s OR %(new)s) AND (%(was)s) IS DISTINCT FROM (%(is)s)) EXECUTE FUNCTION %(name)s();
            """,
            name=name,
            into=into,
            take=tally.select(book.rows(SQL("(SELECT OLD.*)")), -1),
            add=tally.select(book.rows(SQL("(SELECT NEW.*)"))),
            table=table,
            old=_of("OLD", book),
            new=_of("NEW", book),
            was=columns["OLD"],
            **{"is": columns["NEW"]},
            **{event: SQL.identifier(f"{_function(book)}_{event}") for event in ("insert", "delete", "update")},
        )
    )
    if is_new:  # writers wait for the triggers till the end of this transaction: none is counted twice, or not at all
        cr.execute(SQL("DELETE FROM %s", SQL.identifier(tally.table)))
        cr.execute(SQL("%s %s", into, tally.select(book.rows(table))))


def remove_book(cr, book):
    """Take away what :func:`install_book` has made."""
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", _name(book)))


def _of(row, book):
    return SQL("COALESCE(%s, FALSE)", raw(book.counts.replace("v.", f"{row}.")))


def _function(book):
    return f"order_sop_{book.table}_sums"


def _name(book):
    return SQL.identifier(_function(book))
