"""Where random orders live: two companies in two time zones, customers, products, taxes, rates that change."""

from datetime import date, timedelta
from random import Random

from odoo import Command

FIRST_DAY = date(2025, 1, 7)
DAYS = 120
RATES = {"USD": 1.0, "EUR": 0.92, "CNY": 7.1, "JPY": 149.0}
TERMS = ("immediate", "30days", "advance_60days", "30days_early_discount")
ROUNDINGS = ("round_globally", "round_per_line")


def open_process(env):
    """Return a published process of one stage without gates that asks for proof of delivery, for all companies."""
    department = env.ref("order_sop.department_sales")
    proof = {"name": "Proven", "kind": "auto", "rule": "proof_of_delivery", "scope": "delivery"}
    stage = {"name": "Run", "sequence": 1, "department_id": department.id, "auto_advance": False}
    stage["checkpoint_ids"] = [Command.create(proof)]
    process = env["sop.process"].create(
        {"name": "Lives", "code": "LIVES", "company_id": False, "stage_ids": [Command.create(stage)]}
    )
    process.action_publish()
    return process


class World:
    """A company with all that its orders need; ``number`` 0 and 1 differ in currency, time zone and tax rounding."""

    def __init__(self, env, number, seed):
        self.rng = Random(f"world {seed} {number}")
        self.number = number
        currency, zone = (("USD", "America/New_York"), ("EUR", "Asia/Shanghai"))[number]
        self.currencies = {name: self._currency(env, name) for name in RATES}
        self.company = env["res.company"].create(
            {"name": f"Lives {number} {seed}", "currency_id": self.currencies[currency].id}
        )
        self.company.partner_id.write({"tz": zone, "country_id": env.ref("base.us").id})
        self.company.tax_calculation_rounding_method = ROUNDINGS[number]
        env.user.company_ids |= self.company
        self.env = env(context={**env.context, "allowed_company_ids": [self.company.id], "tz": zone})
        self.company = self.company.with_env(self.env)
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self._make_rates()
        self._make_journals()
        self._make_taxes()
        if not self.env["stock.warehouse"].search_count([("company_id", "=", self.company.id)]):
            self.env["stock.warehouse"].create({"name": self.company.name, "code": f"L{number}"})
        self._make_products()
        self._make_customers()
        self.orders = self.env["sale.order"]

    @staticmethod
    def _currency(env, name):
        currency = env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
        currency.active = True
        return currency

    def _make_rates(self):
        own = RATES[self.company.currency_id.name]
        self.env["res.currency.rate"].create(
            [
                {
                    "name": FIRST_DAY + timedelta(days=day),
                    "currency_id": currency.id,
                    "company_id": self.company.id,
                    "rate": round(RATES[name] / own * self.rng.uniform(0.93, 1.07), 6),
                }
                for name, currency in self.currencies.items()
                if currency != self.company.currency_id
                for day in range(0, DAYS, 5)
            ]
        )

    def _account(self, code, name, account_type, **vals):
        return self.env["account.account"].create({"code": code, "name": name, "account_type": account_type, **vals})

    def _make_journals(self):
        outstanding = self._account("101499", "Outstanding Receipts", "asset_current", reconcile=True)
        outgoing = self._account("101498", "Outstanding Payments", "asset_current", reconcile=True)
        self.expense = self._account("699001", "Bad Debts", "expense")
        self.fees = self._account("699002", "Bank Fees", "expense")
        journals = self.env["account.journal"].search(
            [("type", "in", ("bank", "cash")), ("company_id", "=", self.company.id)]
        )
        self.bank = journals.filtered(lambda journal: journal.type == "bank")[:1]
        foreign = self.currencies["CNY"]
        self.foreign_bank = self.env["account.journal"].create(
            {"name": "Foreign bank", "type": "bank", "code": "FBNK", "currency_id": foreign.id}
        )
        for journal in self.bank | self.foreign_bank:
            journal.inbound_payment_method_line_ids.payment_account_id = outstanding
            journal.outbound_payment_method_line_ids.payment_account_id = outgoing
        self.general = self.env["account.journal"].search(
            [("type", "=", "general"), ("code", "=", "MISC"), ("company_id", "=", self.company.id)]
        )
        common = {"profit_account_id": self.fees.id, "loss_account_id": self.fees.id}
        self.cash_roundings = self.env["account.cash.rounding"].create(
            [
                {"name": "Line 0.05", "rounding": 0.05, "strategy": "add_invoice_line", **common},
                {"name": "Tax 1.00", "rounding": 1.0, "strategy": "biggest_tax", **common},
            ]
        )

    def _make_taxes(self):
        def tax(name, amount, **vals):
            vals = {"name": name, "amount": amount, "type_tax_use": "sale", **vals}
            return self.env["account.tax"].create(vals)

        included = {"price_include_override": "tax_included"}
        excluded = {"price_include_override": "tax_excluded"}
        self.taxes = [
            self.env["account.tax"],
            tax("21 in", 21, **included),
            tax("10 ex", 10, **excluded),
            tax("7.7 ex", 7.7, **excluded),
            tax("3.3 ex", 3.3, **excluded),
        ]
        self.taxes += [self.taxes[3] | self.taxes[4], self.taxes[1] | self.taxes[2]]

    def _make_products(self):
        def product(name, **vals):
            return self.env["product.product"].create(
                {"name": name, "taxes_id": [Command.clear()], "list_price": 100.0, **vals}
            )

        self.goods = [
            product("Chair", type="consu", is_storable=True, invoice_policy="delivery"),
            product("Crate", type="consu", is_storable=True, invoice_policy="order"),
            product("Paper", type="consu", invoice_policy="delivery"),
        ]
        self.advance_service = product("Licence", type="service", invoice_policy="order")
        self.done_service = product("Repair hours", type="service", invoice_policy="delivery")
        self.discount = product("Discount", type="service", invoice_policy="order")
        self.uoms = [self.env.ref(f"uom.product_uom_{name}") for name in ("unit", "dozen", "pack_6")]

    def _make_customers(self):
        terms = [self.env.ref(f"account.account_payment_term_{name}") for name in TERMS]
        self.pricelists = {
            name: self.env["product.pricelist"].create(
                {"name": name, "currency_id": currency.id, "company_id": self.company.id}
            )
            for name, currency in self.currencies.items()
        }
        self.customers = []
        for number in range(8):
            customer = self.env["res.partner"].create(
                {
                    "name": f"Customer {self.number}.{number}",
                    "is_company": number % 2 == 0,
                    "property_payment_term_id": terms[number % len(TERMS)].id,
                    "country_id": self.env.ref("base.us").id,
                }
            )
            branch = self.env["res.partner"].create(
                {"name": f"Branch of {number}", "parent_id": customer.id, "type": "invoice"}
            )
            self.customers.append((customer, branch if number % 4 == 0 else customer))
