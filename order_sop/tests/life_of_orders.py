"""Random lives of orders, reproducible by their seed: each order's days are played through the ORM on a moving clock.

``Lives(env, seed, count).play()`` makes ``count`` orders over about 120 days of 2025 and leaves their records in
``orders``. A life is a generator that acts and yields how long it waits; the lives of all orders take their turns in
the order of time. ``refused`` counts what Odoo would not do, ``acts`` what was done.
"""

import heapq
from collections import Counter
from datetime import datetime, time, timedelta
from random import Random

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError

from .life_deliveries import DeliveryActs
from .life_invoices import InvoiceActs
from .life_payments import PaymentActs
from .life_world import DAYS, FIRST_DAY, World, open_process

LAST = datetime.combine(FIRST_DAY, time()) + timedelta(days=DAYS)
TOGETHER = (1, 1, 1, 1, 1, 2, 2, 3)  # how many orders of a customer live one life
ACTS = {
    "deliver": 7,
    "invoice": 7,
    "pay": 7,
    "bring_back": 2,
    "credit": 2,
    "take_deposit": 1,
    "settle_by_statement": 2,
    "edit_lines": 3,
    "work": 2,
    "reissue": 1,
    "write_off": 1,
    "set_off": 1,
    "undo_reconciliation": 1,
    "draw_back": 1,
    "bounce": 1,
    "sell_apart": 1,
    "reopen": 1,
    "pay_in_advance": 1,
}


class Lives:
    """The lives of ``count`` orders in two companies."""

    def __init__(self, env, seed, count):
        self.seed, self.count = seed, count
        with freeze_time(datetime.combine(FIRST_DAY, time()) - timedelta(days=30)):
            self.worlds = [World(env, number, seed) for number in (0, 1)]
            self.process = open_process(env)
        self.acts, self.refused, self.made = Counter(), Counter(), 0

    @property
    def orders(self):
        """All orders that were made."""
        return self.worlds[0].orders.browse([id_ for world in self.worlds for id_ in world.orders.ids])

    def play(self, keep=None):
        """Play all lives in the order of time; ``keep`` is called now and then (to commit, say), and in the end."""
        keep = keep or self.flush
        queue, number = [], 0
        while self.made < self.count:
            life = Life(self, number, Random(f"{self.seed} {number}"))
            begin = datetime.combine(FIRST_DAY, time()) + life.rng.random() * timedelta(days=DAYS * 0.7)
            queue.append((begin, number, life.live()))
            number += 1
        heapq.heapify(queue)
        with freeze_time(queue[0][0]) as clock:
            steps = 0
            while queue:
                moment, number, life = heapq.heappop(queue)
                clock.move_to(moment)
                pause = next(life, None)
                steps += 1
                if steps % 150 == 0:
                    keep()
                    self.worlds[0].env.invalidate_all()
                if pause is not None and moment + pause < LAST:
                    heapq.heappush(queue, (moment + pause, number, life))
            keep()
        self.worlds[0].env.invalidate_all()
        return self

    def flush(self):
        """Do what a commit does before it commits."""
        env = self.worlds[0].env
        env.flush_all()
        env.cr.precommit.run()


class Life(DeliveryActs, InvoiceActs, PaymentActs):
    """One to three orders of one customer, from entry to wherever chance takes them."""

    def __init__(self, lives, number, rng):
        self.lives, self.rng = lives, rng
        self.world = rng.choice(lives.worlds)
        self.env = self.world.env
        self.customer, self.invoiced_to = rng.choice(self.world.customers)
        self.foreign = rng.random() < 0.4
        self.many = rng.choice(TOGETHER)
        lives.made += self.many
        self.orders = self.env["sale.order"]
        self.invoices = self.env["account.move"]

    def live(self):
        """Enter and confirm the orders, then act at random; yields the pauses."""
        for _number in range(self.many):
            self.enter()
            yield self.pause(1)
        if self.chance(0.06):
            return  # remains a quotation
        yield self.pause(3)
        self.act("confirm")
        names, weights = list(ACTS), list(ACTS.values())
        for _number in range(self.rng.randint(3, 13)):
            yield self.pause(8)
            for name in self.rng.choices(names, weights, k=3):
                if self.act(name):
                    break
        if self.chance(0.04):
            yield self.pause(5)
            self.act("cancel")

    def act(self, name):
        """Do something; what Odoo refuses is undone and counted. Tell whether anything was done."""
        done = None
        try:
            with self.env.cr.savepoint():
                done = getattr(self, f"do_{name}")()
        except UserError as error:
            self.lives.refused[f"{name}: {error}"] += 1
            self.env.invalidate_all()
        else:
            done = done is not False
            self.lives.acts[name] += done
        return done

    def chance(self, probability):
        """Tell whether something of that probability happens."""
        return self.rng.random() < probability

    def pause(self, days):
        """Return a random time of up to ``days`` days."""
        return self.rng.random() * timedelta(days=days)

    # -- orders --------------------------------------------------------------------------------------------------------

    def enter(self):
        """Enter an order with one to five lines."""
        world = self.world
        currency = self.rng.choice(sorted(world.pricelists)) if self.foreign else world.company.currency_id.name
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "partner_invoice_id": self.invoiced_to.id,
                "company_id": world.company.id,
                "pricelist_id": world.pricelists[currency].id,
                "order_line": [
                    Command.create(self.line_vals()) for _number in range(self.rng.choice((1, 1, 2, 2, 3, 5)))
                ],
            }
        )
        self.orders |= order
        world.orders |= order

    def line_vals(self):
        """Return a random line: goods or services, free ones, discounts, several units."""
        world, rng = self.world, self.rng
        service = rng.random() < 0.25
        product = rng.choice((world.advance_service, world.done_service)) if service else rng.choice(world.goods)
        vals = {
            "product_id": product.id,
            "product_uom_id": world.uoms[0].id if service else rng.choice((world.uoms[0], *world.uoms)).id,
            "product_uom_qty": rng.choice((1, 2, 3, 5, 7, 10, 24)) if not service else rng.choice((1, 1.5, 2.25, 8)),
            "price_unit": round(rng.choice((rng.uniform(0.5, 20), rng.uniform(20, 900))), 2),
            "discount": rng.choice((0, 0, 0, 5, 12.5, 33.33)),
            "tax_ids": [Command.set(rng.choice(world.taxes).ids)],
        }
        if rng.random() < 0.08:
            vals["price_unit"] = 0.0
        elif rng.random() < 0.05:
            vals |= {"product_id": world.discount.id, "product_uom_id": world.uoms[0].id, "product_uom_qty": 1}
            vals["price_unit"] = -round(rng.uniform(0.5, 30), 2)
        return vals

    def do_confirm(self):
        """Confirm the orders, some of them under a SOP process (which has no gates here)."""
        self.orders.filtered(lambda order: order.state == "draft").action_confirm()
        if self.chance(0.3):
            self.env["sop.engine.flow"]._start(self.orders, self.lives.process)

    def confirmed(self):
        """Return the confirmed orders."""
        return self.orders.filtered(lambda order: order.state == "sale")

    def do_edit_lines(self):
        """Add a line, order more of one, or take one back as far as it may be."""
        orders = self.confirmed()
        if not orders:
            return False
        order = self.rng.choice(orders)
        lines = order.order_line.filtered(lambda line: not line.is_downpayment and not line.display_type)
        line, what = self.rng.choice(lines), self.rng.random()
        if what < 0.4:
            order.order_line = [Command.create(self.line_vals())]
        elif what < 0.6:
            line.product_uom_qty += self.rng.randint(1, 5)
        elif what < 0.8:
            line.product_uom_qty = max(line.qty_delivered, 0)
        else:
            line.product_uom_qty = 0
        return True

    def do_cancel(self):
        """Cancel the orders."""
        orders = self.confirmed()
        orders._action_cancel()
        return bool(orders)

    def do_reopen(self):
        """Cancel an order and, most times, make it a quotation again and confirm it."""
        orders = self.confirmed()
        if not orders:
            return False
        order = self.rng.choice(orders)
        order._action_cancel()
        if self.chance(0.8):
            order.action_draft()
            order.action_confirm()
        return True
