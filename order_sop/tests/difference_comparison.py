"""Holds the differences that the search finds against the independent computation, by name."""

from collections import Counter

from .ledger_comparison import EXACT, Comparison, describe
from .oracle_differences import Differences

FIGURES = ("amount", "amount_company", "quantity")
ABOUT = ("line", "move", "picking")


class DifferenceComparison(Comparison):
    """A comparison that knows the differences of the orders as well; ``kinds`` counts what the oracle found."""

    def __init__(self, env, lines):
        super().__init__(env, lines)
        self.kinds = Counter()

    def differences_found(self):
        """On each day the search finds the differences of the page, no others, with the same figures."""
        engine = self.env["sop.engine.difference.kinds"]
        for day in self.settlements:
            got = {}
            for company, orders in self.lines.order_id.grouped("company_id").items():
                for vals in engine._find(company, orders.ids, day).values():
                    about = {name: vals.get(f"{name}_id") for name in ABOUT}
                    got[self.key(vals["kind"], vals["order_id"], about)] = [vals[name] for name in FIGURES]
            self.compare_found(day, got)
        return self.differences

    def differences_kept(self):
        """What is kept of them after a search are those of today."""
        orders, got = self.lines.order_id, {}
        self.env["sop.engine.difference"]._look(orders)
        kept = self.env["sop.difference"].search([("order_id", "in", orders.ids), ("state", "!=", "gone")])
        for row in kept:
            about = {name: row[f"{name}_id"].id for name in ABOUT}
            got[self.key(row.kind, row.order_id.id, about)] = [row[name] for name in FIGURES]
        self.compare_found(self.today, got)
        return self.differences

    @staticmethod
    def key(kind, order_id, about):
        """Return what the oracle calls a difference by; ``about`` is ``{"line": id or nothing, …}``."""
        return kind, order_id, *next((pair for pair in about.items() if pair[1]), ("order", order_id))

    def compare_found(self, day, got):
        """Compare ``{key: figures}`` with what the oracle finds on a day."""
        expected = Differences(self.settlements[day], self.lines.order_id.ids).found
        self.kinds.update(kind for kind, *_about in expected)
        for key in expected.keys() | got.keys():
            order = self.env["sale.order"].browse(key[1])
            what = f"{day} {key[0]} ({key[2]} {key[3]})"
            if key not in expected or key not in got:
                figures = [[*map(float, found[key])] if key in found else None for found in (expected, got)]
                self.differences.append((f"{what} of {describe(order)}", *figures))
                continue
            for name, one, other in zip(FIGURES, expected[key], got[key], strict=True):
                self.compare(f"{what} {name}", order, float(one), other, EXACT)
