"""What the tests of customer statements share: a customer with two months of business in two currencies."""

from decimal import Decimal

from odoo import Command

from .common_ledger import LedgerCase

FIRST, SECOND = ("2025-02-01", "2025-02-28"), ("2025-03-01", "2025-03-31")


class StatementFixture(LedgerCase):
    """A customer with invoices, a credit note, receipts, a write-off and a payment in another currency."""

    @classmethod
    def set_up_business(cls):
        """Make the documents of February and March 2025."""
        case = cls()
        cls.customer.write({"email": "buyer@example.com", "lang": "en_US"})
        with case.on("2025-02-10"):
            cls.order = cls.make_order(lines=[(cls.prepaid, 5, 100.0)])
            cls.abroad = cls.make_order(lines=[(cls.prepaid, 1, 1000.0)], pricelist_id=cls.pricelist.id)
            (cls.order + cls.abroad).action_confirm()
            cls.bill = cls.invoice(cls.order)
            cls.bill_abroad = cls.invoice(cls.abroad)
        with case.on("2025-02-20"):
            cls.pay(cls.bill, amount=150.0)
        with case.on("2025-03-05"):
            wizard = cls.env["account.move.reversal"].with_context(active_model="account.move", active_ids=cls.bill.ids)
            wizard = wizard.create({"journal_id": cls.bill.journal_id.id, "reason": "broken"})
            wizard.refund_moves()
            cls.credit = cls.bill.reversal_move_ids
            cls.credit.invoice_line_ids.quantity = 1
            cls.credit.action_post()
        with case.on("2025-03-10"):
            cls.pay(
                cls.bill,
                amount=198.0,
                payment_difference_handling="reconcile",
                writeoff_account_id=cls.loss.id,
            )
        with case.on("2025-03-20"):
            cls.pay(cls.bill_abroad, amount=100.0, currency_id=cls.own.id)

    def figures(self, period, partner=None):
        """Return the figures of a period of the customer, by currency."""
        self.env.flush_all()
        partner = partner or self.customer
        days = map(self.env["sop.statement"]._fields["date_to"].to_date, period)
        found = self.env["sop.statement.figures"]._get_figures(partner, self.company, *days)[partner.id]
        return {part["currency"]: part for part in found["currencies"]}

    def booked(self, day, partner=None):
        """Return what the customer owes by the end of ``day``, from the entries: by currency, and in all."""
        domain = [
            ("partner_id.commercial_partner_id", "=", (partner or self.customer).id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("company_id", "=", self.company.id),
            ("parent_state", "=", "posted"),
            ("date", "<=", day),
        ]
        lines = self.env["account.move.line"].search(domain)
        sums = {}
        for line in lines:
            name = line.currency_id.name
            sums[name] = sums.get(name, 0) + Decimal(str(line.amount_currency))
        return sums, sum(Decimal(str(line.balance)) for line in lines)

    def make(self, period=FIRST, partners=None, user="finance", reason=None):
        """Make and send statements as accountant; return ``(statements, [(partner, code)])``."""
        self.env.flush_all()
        engine = self.env["sop.engine.statement"].with_user(self.users[user])
        days = map(self.env["sop.statement"]._fields["date_to"].to_date, period)
        made, others = engine._make((partners or self.customer).with_env(engine.env), self.company, *days, reason)
        engine._send_now(made)
        return made.with_env(self.env), others

    def make_customers(self, number, email=True):
        """Return customers with an invoice each."""
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {n}", "email": f"c{n}@example.com" if email else False} for n in range(number)]
        )
        with self.on("2025-02-15"):
            moves = self.env["account.move"].create(
                [
                    {
                        "move_type": "out_invoice",
                        "partner_id": partner.id,
                        "invoice_line_ids": [Command.create({"name": "x", "price_unit": 10.0, "tax_ids": []})],
                    }
                    for partner in partners
                ]
            )
            moves.action_post()
        return partners


class StatementCase(StatementFixture):
    """A test that begins with the business made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_business()
