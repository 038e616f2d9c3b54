from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..engine.arguments import plain
from ..engine.ledger import AT_ONCE
from ..engine.ledger_invoices import SALES
from ..engine.ledger_shares import to_decimal, to_units
from ..engine.windows import list_of

ROOM = 2**32  # for the ids of customers, below that of the company


DAY = ("sop_day",)
"""Of the context: what of each day is kept apart, since a record is the same customer on any day."""


def _amount(label, **options):
    return fields.Monetary(label, currency_field="currency_id", readonly=True, depends_context=DAY, **options)


def _part(label, **options):
    return fields.Monetary(label, currency_field="currency_id", compute="_compute_parts", **options)


class SopTieOut(models.Model):
    """The receivables of a customer as of a day: what the general ledger has, and what it consists of.

    The balance comes from the entries alone, what is open of orders from the settlement's ledger, the rest from entries
    less their reconciliations with posted entries. They differ where an entry of one customer was reconciled with one
    of another, and where the ledger were wrong.
    """

    _name = "sop.tie.out"
    _description = "Receivables Tie-Out"
    _auto = False
    _order = "crossed desc, balance desc, id"
    _rec_name = "partner_id"
    _depends = {
        "account.move.line": ["account_id", "partner_id", "balance", "date", "parent_state", "date_maturity"],
        "account.move": ["move_type"],
        "account.account": ["account_type"],
        "account.partial.reconcile": ["debit_move_id", "credit_move_id", "amount", "max_date"],
        "res.partner": ["commercial_partner_id"],
    }

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    day = fields.Date("As Of", readonly=True, depends_context=DAY, help="The figures are those of the end of this day.")
    balance = _amount("Balance", help="Of the receivable accounts in the general ledger.")
    invoices = _amount("Open Invoices", help="What is open on invoices and credit notes.")
    orders = _part("Outstanding of Orders", help="What is outstanding of order lines, as the settlement has it.")
    no_order = _part("Invoices without Order", help="What is open on lines of invoices that belong to no order.")
    other = _amount("Other Entries", help="Payments that are not applied yet, entries by hand.")
    difference = _part("Difference", help="Balance less all that is open: anything but 0 is wrong.")
    wrong = fields.Boolean("Does Not Tie Out", compute="_compute_parts", search="_search_wrong")
    crossed = fields.Boolean(
        "Reconciled Across",
        readonly=True,
        depends_context=DAY,
        help="With entries of another customer.",
    )
    not_due = _amount("Not Due")
    overdue_30 = _amount("1–30 Days Late")
    overdue_60 = _amount("31–60 Days Late")
    overdue_90 = _amount("61–90 Days Late")
    overdue_older = _amount("Over 90 Days Late")
    overdue = _amount("Overdue")

    @property
    def _table_query(self):
        late = {
            "not_due": SQL("e.late <= 0"),
            "overdue_30": SQL("e.late BETWEEN 1 AND 30"),
            "overdue_60": SQL("e.late BETWEEN 31 AND 60"),
            "overdue_90": SQL("e.late BETWEEN 61 AND 90"),
            "overdue_older": SQL("e.late > 90"),
            "overdue": SQL("e.late > 0"),
        }
        ages = [
            SQL("COALESCE(SUM(e.open) FILTER (WHERE e.invoice AND %s), 0) AS %s", condition, SQL.identifier(name))
            for name, condition in late.items()
        ]
        return SQL(
            """SELECT e.company_id::bigint * %(room)s + COALESCE(e.partner_id, 0) AS id, e.company_id, e.partner_id,
                      c.currency_id, e.day, SUM(e.balance) AS balance, %(ages)s,
                      COALESCE(SUM(e.open) FILTER (WHERE e.invoice), 0) AS invoices,
                      COALESCE(SUM(e.open) FILTER (WHERE NOT e.invoice), 0) AS other,
                      SUM(e.balance) <> SUM(e.open) AS crossed
                 FROM (%(entries)s) e
                 JOIN res_company c ON c.id = e.company_id
                GROUP BY e.company_id, e.partner_id, c.currency_id, e.day""",
            room=ROOM,
            ages=SQL(", ").join(ages),
            entries=self._get_entries(),
        )

    @api.model
    def _get_entries(self, ids=None):
        """Return a query for all receivable lines up to the day asked for, with what is open on each by then.

        :param ids: of this model; None: of all customers
        """
        only = SQL("TRUE")
        if ids is not None:
            only = SQL("a.company_id::bigint * %s + COALESCE(p.commercial_partner_id, 0) = ANY(%s)", ROOM, list(ids))
        # what is taken off each line is asked for line by line, and OFFSET keeps it from being asked for each column
        return SQL(
            """SELECT a.id, a.move_id, a.company_id, p.commercial_partner_id AS partner_id, d.day, a.balance,
                      a.balance - %(debit)s + %(credit)s AS open,
                      m.move_type IN %(sales)s AND a.display_type = 'payment_term' AS invoice,
                      d.day - COALESCE(a.date_maturity, m.invoice_date_due, a.date) AS late
                 FROM account_move_line a
                 JOIN account_move m ON m.id = a.move_id
                 JOIN account_account t ON t.id = a.account_id AND t.account_type = 'asset_receivable'
                 JOIN %(days)s d ON d.company_id = a.company_id
                 LEFT JOIN res_partner p ON p.id = a.partner_id
                WHERE m.state = 'posted' AND a.date <= d.day AND %(only)s
               OFFSET 0""",
            debit=self._get_reconciled("debit_move_id", "credit_move_id"),
            credit=self._get_reconciled("credit_move_id", "debit_move_id"),
            sales=SALES,
            days=self.env["sop.settlement.line"]._get_days(),
            only=only,
        )

    @api.model
    def _get_reconciled(self, own, other):
        """Return what reconciliations with posted entries sum up to of the line ``a`` on one side, by the day ``d``."""
        return SQL(
            """COALESCE((SELECT SUM(r.amount) FROM account_partial_reconcile r
                           JOIN account_move_line o ON o.id = r.%s AND o.parent_state = 'posted'
                          WHERE r.%s = a.id AND r.max_date <= d.day), 0)""",
            SQL.identifier(other),
            SQL.identifier(own),
        )

    @api.depends("balance", "other", "currency_id")  # so that one query reads them along
    @api.depends_context(*DAY)
    def _compute_parts(self):
        parts = self._get_parts()
        for record in self:
            digits = record.currency_id.decimal_places
            orders, no_order = parts[record.id]
            difference = to_units(record.balance, digits) - orders - no_order - to_units(record.other, digits)
            record.orders = float(to_decimal(orders, digits))
            record.no_order = float(to_decimal(no_order, digits))
            record.difference = float(to_decimal(difference, digits))
            record.wrong = bool(difference)

    @api.model
    def _search_wrong(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wrong = self.search([]).filtered("wrong")  # pylint: disable=no-search-all; all are looked at
        asked = True in value
        if asked and False in value:
            return [("id", "!=" if operator == "in" else "=", False)]
        return [("id", "in" if asked == (operator == "in") else "not in", wrong.ids)]

    def _get_parts(self):
        """Return ``{id: [what is open of orders, of lines of no order]}`` of invoices, in units of the company's
        currency: where some lines of an invoice belong to orders the ledger says it, else its entry."""
        moves = self.env.execute_query(
            SQL(
                """SELECT e.company_id::bigint * %(room)s + COALESCE(e.partner_id, 0), e.company_id, e.move_id,
                          SUM(e.open), n.linked
                     FROM (%(entries)s) e
                     CROSS JOIN LATERAL (
                              SELECT EXISTS (
                                         SELECT FROM account_move_line i
                                           JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = i.id
                                           JOIN sale_order_line l ON l.id = r.order_line_id
                                          WHERE i.move_id = e.move_id AND i.display_type = 'product'
                                            AND l.company_id = i.company_id AND l.display_type IS NULL) AS linked
                              OFFSET 0
                          ) n
                    WHERE e.invoice AND (n.linked OR e.open <> 0)
                    GROUP BY 1, 2, 3, 5""",
                room=ROOM,
                entries=self._get_entries(self.ids),
            )
        )
        ledger = self.env["sop.ledger"]
        companies = self.env["res.company"].browse({company_id for _id, company_id, *_rest in moves})
        digits = {company.id: company.currency_id.decimal_places for company in companies.sudo()}  # and time zone
        parts, linked = defaultdict(lambda: [0, 0]), defaultdict(dict)
        for id_, company_id, move_id, amount, of_orders in moves:
            if of_orders:
                linked[company_id][move_id] = id_
            else:
                parts[id_][1] += to_units(float(amount), digits[company_id])
        for company in companies.sudo():  # the report is read by its own rights
            owners, day = linked[company.id], ledger._get_day(company)
            for move_ids in split_every(AT_ONCE, owners, list):
                for move_id, (orders, no_order) in ledger._get_open_parts(company, move_ids, day).items():
                    parts[owners[move_id]][0] += orders
                    parts[owners[move_id]][1] += no_order
        return parts

    def action_open_entries(self):
        """Open the entries behind the one record in ``self``: all of the customer's; where some were
        reconciled with another customer's, those."""
        record = plain(self).with_context(sop_day=self.env.context.get("sop_day"))
        record.ensure_one()
        record.check_access("read")
        domain = [
            ("company_id", "=", record.company_id.id),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("date", "<=", record.day),
        ]
        if record.crossed:
            domain.append(("id", "in", record._get_suspects()))
        elif record.partner_id:
            domain.append(("partner_id.commercial_partner_id", "=", record.partner_id.id))
        else:
            domain.append(("partner_id", "=", False))
        whose = record.partner_id.display_name or self.env._("nobody")
        return list_of("account.move.line", self.env._("Receivables of %s", whose), domain)

    def _get_suspects(self):
        """Return the ids of lines that were reconciled across customers."""
        query = SQL(
            """SELECT d.id, c.id
                 FROM account_partial_reconcile r
                 JOIN account_move_line d ON d.id = r.debit_move_id
                 JOIN account_move_line c ON c.id = r.credit_move_id
                 LEFT JOIN res_partner dp ON dp.id = d.partner_id
                 LEFT JOIN res_partner cp ON cp.id = c.partner_id
                WHERE r.max_date <= %(day)s AND %(company)s IN (d.company_id, c.company_id)
                  AND %(partner)s IN (COALESCE(dp.commercial_partner_id, 0), COALESCE(cp.commercial_partner_id, 0))
                  AND dp.commercial_partner_id IS DISTINCT FROM cp.commercial_partner_id
                  AND d.parent_state = 'posted' AND c.parent_state = 'posted'""",
            day=self.day,
            company=self.company_id.id,
            partner=self.partner_id.id or 0,
        )
        return [id_ for pair in self.env.execute_query(query) for id_ in pair]
