from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.arguments import plain
from ..engine.ledger import AMOUNTS, COMPANY_AMOUNTS, QUANTITIES
from ..engine.windows import form_of, list_of

STATES = [("open", "Differs"), ("gone", "Agrees Again")]
SHOWN = ("ordered_total", "delivered_total", "net_invoiced_total", "paid", "written_off", "outstanding")


class SopLateEntry(models.Model):
    """An order of which the ledger says something else today, as of a day that was signed. What was signed stays.

    Found, and found to be gone, by ``sop.engine.late``.
    """

    _name = "sop.late.entry"
    _description = "SOP Late Entry"
    _inherit = ["sop.guard.mixin"]
    _order = "found_at desc, id desc"
    _rec_name = "order_id"

    closing_id = fields.Many2one("sop.closing", required=True, readonly=True, ondelete="restrict", index=True)
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade", index=True)
    key = fields.Char(required=True, readonly=True, help="Closing and order: there is no second one.")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    day = fields.Date(related="closing_id.day")
    state = fields.Selection(STATES, required=True, readonly=True)
    found_at = fields.Datetime("Found On", required=True, readonly=True)
    changes = fields.Json(readonly=True, help="For each column that differs: what was signed, and what it is today.")
    net_invoiced_change = fields.Monetary("Net Invoiced Since", readonly=True, currency_field="company_currency_id")
    paid_change = fields.Monetary("Paid Since", readonly=True, currency_field="company_currency_id")
    outstanding_change = fields.Monetary("Outstanding Since", readonly=True, currency_field="company_currency_id")
    summary = fields.Text("What Changed", compute="_compute_summary")
    documents = fields.Text("Documents Behind", compute="_compute_documents")

    _key_unique = models.UniqueIndex("(key)", "There is one late entry for an order in a closing.")

    @api.depends_context("lang")
    @api.depends("changes")
    def _compute_summary(self):
        columns = self.env["sop.closing.line"]._fields
        for entry in self:
            changes = entry.changes or {}
            shown = [name for name in SHOWN if name in changes]
            shown = shown or [name for name in (*AMOUNTS, *COMPANY_AMOUNTS, *QUANTITIES) if name in changes][:3]
            parts = []
            for name in shown:
                before, now = (float(value) for value in changes[name])
                if name in AMOUNTS:
                    before, now = (entry.currency_id.format(value) for value in (before, now))
                parts.append(f"{columns[name]._description_string(self.env)}: {before} → {now}")
            entry.summary = "\n".join(parts)

    def _compute_documents(self):
        found = {entry: entry._get_documents() for entry in self}
        for entry in self:
            names = [move.name for move in found[entry][0]] + [picking.name for picking in found[entry][1]]
            entry.documents = ", ".join(name for name in names if name)

    def _get_documents(self):
        """Return ``(entries, transfers)`` of the order of the one late entry in ``self`` that were made, reconciled or
        changed after the signing; in superuser mode."""
        self.env["account.move"].flush_model()
        self.env["stock.move"].flush_model()
        moves = self.env.execute_query(
            SQL(
                """WITH invoice AS (
                       SELECT DISTINCT i.move_id AS id
                         FROM sale_order_line l
                         JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
                         JOIN account_move_line i ON i.id = r.invoice_line_id
                        WHERE l.order_id = %(order)s
                   )
                   SELECT m.id FROM account_move m JOIN invoice USING (id)
                    WHERE m.id > %(last_move)s OR m.write_date > %(signed)s
                   UNION
                   SELECT o.move_id
                     FROM invoice
                     JOIN account_move_line t ON t.move_id = invoice.id AND t.display_type = 'payment_term'
                     JOIN account_partial_reconcile p ON t.id IN (p.debit_move_id, p.credit_move_id)
                     JOIN account_move_line o ON o.id IN (p.debit_move_id, p.credit_move_id) AND o.id <> t.id
                     JOIN account_move m ON m.id = o.move_id
                    WHERE p.id > %(last_partial)s OR m.write_date > %(signed)s""",
                order=self.order_id.id,
                last_move=self.closing_id.last_move,
                last_partial=self.closing_id.last_partial,
                signed=self.closing_id.signed_at,
            )
        )
        transfers = self.env.execute_query(
            SQL(
                """SELECT DISTINCT m.picking_id
                     FROM stock_move m JOIN sale_order_line l ON l.id = m.sale_line_id
                    WHERE l.order_id = %s AND m.state = 'done' AND m.picking_id IS NOT NULL AND m.write_date > %s""",
                self.order_id.id,
                self.closing_id.signed_at,
            )
        )
        return (
            self.env["account.move"].sudo().browse(sorted(id_ for [id_] in moves)),  # their names alone are shown
            self.env["stock.picking"].sudo().browse(sorted(id_ for [id_] in transfers)),  # as above
        )

    # -- public API: buttons and RPC; each checks the caller's rights --------------------------------------------------

    def action_open_documents(self):
        """Open the entries behind the one late entry in ``self``, or its order where there are none; what of them the
        user sees is Odoo's to say."""
        entry = plain(self)
        entry.ensure_one()
        entry.check_access("read")
        moves, _transfers = entry._get_documents()
        if not moves:
            return form_of(entry.order_id)
        return list_of("account.move", self.env._("Documents Behind"), [("id", "in", moves.ids)])
