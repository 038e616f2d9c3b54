"""Loads recorded orders into Odoo as a user's import would: customers, then products, then orders, in batches.

Runs inside Odoo. What was loaded before is known by its reference, so a run that was stopped goes on. What the files
do not say is decided here and told in docs/replay.md.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError

from devkit.replay_files import Order, Problem

BATCH_LINES = 500
GOODS = re.compile(r"\d{5}")
COUNTRIES = {"EIRE": "IE", "USA": "US", "RSA": "ZA", "Channel Islands": "JE", "Czech Republic": "CZ"}
PRICELIST = "List prices in pounds"
PHASE = "receipt"


class Loader:
    """Loads orders into one company and reports where they are in its process for consumers."""

    def __init__(self, env, commit: Callable[[], None], tell: Callable[[str], None]):
        self.env = env(context={"tracking_disable": True, "lang": "en_US"})
        self.commit = commit
        self.tell = tell
        self.countries: dict[str, int | bool] = {}

    def load(self, orders: list[Order]) -> list[Problem]:
        """Load what is not there yet; return the orders that Odoo refused, as problems of their first line."""
        self._set_up_company()
        self._load_customers(orders)
        self._load_products(orders)
        self.commit()
        there = set(self._find(orders).mapped("client_order_ref"))
        todo = [order for order in orders if order.reference not in there]
        if there:
            self.tell(f"  {len(there)} orders are there already")
        problems, done = [], 0
        for batch in self._batches(todo):
            problems += self._load_orders(batch)
            done += len(batch)
            self.tell(f"  {done} of {len(todo)} orders")
        return problems

    # -- what orders refer to ------------------------------------------------------------------------------------------

    def _set_up_company(self) -> None:
        """Let the company be the British wholesaler: prices in pounds; new orders go under the SOP."""
        company, pound = self.env.company, self.env.ref("base.GBP")
        pound.active = True
        if company.currency_id != pound:
            company.write({"currency_id": pound.id, "country_id": self.env.ref("base.uk").id})
        company.sop_active = True
        pricelists = self.env["product.pricelist"]
        self.pricelist = pricelists.search([("name", "=", PRICELIST), ("currency_id", "=", pound.id)], limit=1)
        self.pricelist = self.pricelist or pricelists.create({"name": PRICELIST, "currency_id": pound.id})

    def _load_customers(self, orders: list[Order]) -> None:
        wanted = {self._customer_key(order): order for order in reversed(orders)}
        partners = self.env["res.partner"]
        self.customers = {
            partner.ref: partner.id for partner in partners.search_fetch([("ref", "in", list(wanted))], ["ref"])
        }
        missing = [key for key in wanted if key not in self.customers]
        made = partners.create([self._customer_values(key, wanted[key]) for key in missing])
        self.customers |= dict(zip(missing, made.ids, strict=True))

    def _customer_key(self, order: Order) -> str:
        """Return the reference of the contact who orders: without a number it is whoever walked in, by country."""
        return order.customer or f"walk-in {order.country}"

    def _customer_values(self, key: str, order: Order) -> dict:
        country = self._country(order.country)
        if not order.customer:
            return {"ref": key, "name": f"Unknown customer ({order.country})", "country_id": country}
        return {
            "ref": key,
            "name": f"Customer {key}",
            "email": f"customer.{key}@example.com",
            "street": f"Address of customer {key}",
            "city": order.country,
            "country_id": country,
        }

    def _country(self, name: str) -> int | bool:
        """Return the id of the country that the files call so, False if there is none."""
        if name not in self.countries:
            field = ("code", COUNTRIES[name]) if name in COUNTRIES else ("name", name)
            self.countries[name] = self.env["res.country"].search([(field[0], "=", field[1])], limit=1).id
        return self.countries[name]

    def _load_products(self, orders: list[Order]) -> None:
        """Make a product of each code with the first description and the first price above zero as the list's."""
        names, prices = {}, {}
        for line in (line for order in orders for line in order.lines):
            names[line.code] = names.get(line.code) or line.description
            prices[line.code] = prices.get(line.code) or max(line.price, 0.0)
        products = self.env["product.product"]
        found = products.search_fetch([("default_code", "in", list(names))], ["default_code"])
        self.products = {product.default_code: product.id for product in found}
        missing = [code for code in names if code not in self.products]
        made = products.create(
            [
                {
                    "default_code": code,
                    "name": names[code] or code,
                    "list_price": prices[code],
                    "taxes_id": [Command.clear()],
                    **({"type": "consu", "is_storable": True} if GOODS.match(code) else {"type": "service"}),
                }
                for code in missing
            ]
        )
        self.products |= dict(zip(missing, made.ids, strict=True))

    # -- orders --------------------------------------------------------------------------------------------------------

    def _batches(self, orders: Iterable[Order]) -> Iterator[list[Order]]:
        """Yield the orders in batches of about as many lines; a longer order is a batch of its own."""
        batch, lines = [], 0
        for order in orders:
            if batch and lines + len(order.lines) > BATCH_LINES:
                yield batch
                batch, lines = [], 0
            batch.append(order)
            lines += len(order.lines)
        if batch:
            yield batch

    def _load_orders(self, batch: list[Order]) -> list[Problem]:
        """Create a batch and commit it; where Odoo refuses it, each order by itself, so that the good ones go in."""
        try:
            with self.env.cr.savepoint():
                self.env["sale.order"].create([self._order_values(order) for order in batch])
                self.env.cr.flush()  # the engine judges before the commit: what it refuses belongs to this batch
        except (UserError, ValueError, IntegrityError) as error:
            if len(batch) == 1:
                return [Problem(*batch[0].place, f"order {batch[0].reference}: {error}")]
            return [problem for order in batch for problem in self._load_orders([order])]
        self.commit()
        self.env.invalidate_all()
        return []

    def _order_values(self, order: Order) -> dict:
        return {
            "partner_id": self.customers[self._customer_key(order)],
            "client_order_ref": order.reference,
            "date_order": order.date,
            "pricelist_id": self.pricelist.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": self.products[line.code],
                        "product_uom_qty": line.quantity,
                        "price_unit": line.price,
                        **({"name": line.description} if line.description else {}),
                    }
                )
                for line in order.lines
            ],
        }

    def _find(self, orders: list[Order]):
        return self.env["sale.order"].search([("client_order_ref", "in", [order.reference for order in orders])])

    # -- what became of them -------------------------------------------------------------------------------------------

    def report(self, orders: list[Order]) -> str:
        """Return the table: orders taken, passed to review, stopped at receipt by each rule."""
        taken = self._find(orders)
        stopped = taken.filtered(lambda order: order.sop_stage_id.phase == PHASE)
        passed = (taken - stopped).filtered("sop_process_id")
        unmet = {order: self.env["sop.engine.evaluation"]._get_unmet(order) for order in stopped}
        process = self.env.ref("order_sop.process_b2c")
        rows = [
            ("orders in the files", len(orders)),
            ("taken", len(taken)),
            ("under the B2C process", len(taken.filtered(lambda order: order.sop_process_id == process))),
            ("**passed to review**", len(passed)),
            ("**stopped at receipt**", len(stopped)),
        ]
        for checkpoint in process.stage_ids._in_order()[0].checkpoint_ids.sorted("sequence"):
            by_it = [check for checks in unmet.values() for check in checks if check.checkpoint_id == checkpoint]
            alone = sum(len(unmet[check.order_id]) == 1 for check in by_it)
            reasons = Counter(check.reason_code or "" for check in by_it)
            told = ", ".join(f"{code} {count}" for code, count in reasons.most_common())
            rows.append((f"– {checkpoint.name} (`{checkpoint.rule or checkpoint.kind}`)", len(by_it), alone, told))
        lines = ["| | orders | by this check alone | reasons |", "| --- | ---: | ---: | --- |"]
        for what, count, *more in rows:
            alone, told = more or ("", "")
            lines.append(f"| {what} | {count} | {alone} | {told} |")
        return "\n".join(lines)
