"""The sums of stock, entries and invoices are what their rows say, whatever happens to these, and by whom."""

from datetime import timedelta

from odoo.tools import SQL

from ..engine.books import BOOKS, install_book, remove_book
from .common_case import CaseCase


class TestBooks(CaseCase):
    def assert_books(self):
        """Each book says, by all its dimensions, what adding up all its rows does."""
        self.commit()
        for name, book in BOOKS.items():
            tally = book.tally
            dims, sums = (SQL(", ").join(map(SQL.identifier, names)) for names in (tally.dims, tally.measures))
            rows = book.rows(SQL.identifier(book.table))
            wanted = self.env.execute_query(SQL("SELECT %s, %s FROM (%s) q", dims, sums, tally.select(rows)))
            kept = self.env.execute_query(
                SQL(
                    "SELECT %s, %s FROM %s GROUP BY %s HAVING SUM(%s) <> 0",
                    dims,
                    SQL(", ").join(SQL("SUM(%s)", SQL.identifier(measure)) for measure in tally.measures),
                    SQL.identifier(tally.table),
                    dims,
                    SQL.identifier(next(iter(tally.measures))),
                )
            )
            self.assertTrue(wanted, name)
            self.assertEqual(sorted(map(str, kept)), sorted(map(str, wanted)), name)

    def live(self):
        """Orders that are delivered, billed, paid, sent back and credited, and one whose invoice is made anew."""
        self.product.categ_id = self.env["product.category"].create(
            {"name": "Chairs", "property_cost_method": "average"}
        )
        self.product.standard_price = 40.0
        first, second = self.sell(), self.sell(lines=[(self.product, 5, 33.33)], pay=False)
        self.send_back(first.picking_ids, 2)
        first.invoice_ids._reverse_moves().action_post()
        bill = second.invoice_ids
        bill.button_draft()
        bill.write({"date": bill.date - timedelta(40), "invoice_date": bill.invoice_date - timedelta(40)})
        return bill

    def test_a_life_of_documents(self):
        bill = self.live()
        self.assert_books()
        bill.action_post()
        self.assert_books()
        bill.button_draft()
        bill.button_cancel()
        self.assert_books()
        bill.with_context(force_delete=True).unlink()
        self.assert_books()

    def test_plain_sql(self):
        self.live()
        self.assert_books()
        self.env.cr.execute("UPDATE stock_move SET value = value + 7, date = date - interval '3 days' WHERE is_out")
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = balance * 2, debit = debit * 2, credit = credit * 2"
        )
        self.env.cr.execute("UPDATE account_move SET date = date - 1 WHERE id % 2 = 0")
        self.assert_books()
        self.env.cr.execute("UPDATE stock_move SET state = 'draft' WHERE is_in")
        self.env.cr.execute("DELETE FROM account_move_line WHERE full_reconcile_id IS NULL AND credit > 0")
        self.assert_books()

    def test_merged_and_made_anew(self):
        self.live()
        for book in BOOKS.values():
            self.env["sop.engine.tally"]._merge(book.tally, crowded=1)
        self.assert_books()
        for book in BOOKS.values():
            remove_book(self.env.cr, book)
        self.env.cr.execute("UPDATE stock_move SET value = value + 7 WHERE is_out")
        for book in BOOKS.values():
            install_book(self.env.cr, book)
        self.assert_books()
        for book in BOOKS.values():
            install_book(self.env.cr, book)
        self.assert_books()

    def test_what_is_not_done_costs_nothing(self):
        """Rows that do not count, and changes that change no sum, put nothing into the books."""
        self.live()
        self.commit()
        before = [
            self.env.execute_query(SQL("SELECT MAX(id) FROM %s", SQL.identifier(b.tally.table))) for b in BOOKS.values()
        ]
        self.make_order().action_confirm()
        self.env["stock.move"].search([("state", "=", "done")]).reference = "Other"
        self.env["account.move"].search([("state", "=", "posted")]).write({"ref": "Other"})
        self.commit()
        after = [
            self.env.execute_query(SQL("SELECT MAX(id) FROM %s", SQL.identifier(b.tally.table))) for b in BOOKS.values()
        ]
        self.assertEqual(after, before)
