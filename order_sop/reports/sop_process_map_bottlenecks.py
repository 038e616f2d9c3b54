from collections import Counter, defaultdict

from odoo import api, models
from odoo.tools import SQL, format_amount, formatLang

from .rank_test import Ranked, bands

LATEST = 50_000
"""So many visits of a stage, the latest ones, are compared."""
NAMED = 3
LEAST_SHARE = 0.1
LINES = 3
GROUPS = {
    "country_id": "res.country",
    "categ_id": "product.category",
    "team_id": "crm.team",
}


class SopProcessMapBottlenecks(models.AbstractModel):
    """Where documents wait, and which of them: waiting is the time from the end of the stage before to its own end."""

    _inherit = "sop.process.map"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_bottlenecks(self, scope):
        """Return the bottlenecks; what it reads was checked."""
        waits = defaultdict(Counter)
        for row in self._read(scope.arrows()):
            for name in ("visits", "elapsed", "late", "limited"):
                waits[scope.boxes[row["stage_id"]]][name] += row[name]
        total = sum(wait["elapsed"] for wait in waits.values())
        boxes, rows = self._get_boxes(scope), []
        for key, wait in sorted(waits.items(), key=lambda item: (-item[1]["elapsed"], item[0]))[:NAMED]:
            share = wait["elapsed"] / total if total else 0.0
            if share >= LEAST_SHARE:
                rows.append(
                    {
                        "box": key,
                        "share": share,
                        "text": self.env._(
                            "%(stage)s holds %(share)s%% of the waiting time",
                            stage=boxes[key][0].name,
                            share=round(100 * share),
                        ),
                        "evidence": [self._get_mean_text(wait), *self._get_differences(scope, key)],
                    }
                )
        return rows

    @api.model
    def _get_mean_text(self, wait):
        mean = self._duration(wait["elapsed"] / wait["visits"])
        if not wait["limited"]:
            return self.env._("%(visits)s visits, %(mean)s each on average.", visits=wait["visits"], mean=mean)
        return self.env._(
            "%(visits)s visits, %(mean)s each on average; %(late)s%% of those with a time limit were late.",
            visits=wait["visits"],
            mean=mean,
            late=round(100 * wait["late"] / wait["limited"]),
        )

    @api.model
    def _get_differences(self, scope, key):
        """Return sentences on which documents wait longer than the others in the box ``key``, the clearest first."""
        rows = self._read(self._latest(scope, key))
        ranked, found = Ranked([row["elapsed"] for row in rows]), []
        for column in GROUPS:
            groups = defaultdict(set)
            for index, row in enumerate(rows):
                if row[column]:
                    groups[row[column]].add(index)
            for value, group in groups.items():
                difference = ranked.compare(group)
                if difference:
                    found.append((difference, column, value))
        largest = None
        for amount in bands(row["amount"] or 0 for row in rows) if self._get_currency(scope) else ():
            difference = ranked.compare({index for index, row in enumerate(rows) if (row["amount"] or 0) > amount})
            if difference and (not largest or difference.ratio >= largest[0].ratio):
                largest = (difference, "amount", amount)
        found += [largest] if largest else []
        found.sort(key=lambda one: (-one[0].ratio, one[1], one[2]))
        return [self._get_difference_text(scope, *one) for one in found[:LINES]]

    @api.model
    def _latest(self, scope, key):
        """Return the query of the latest visits of the box ``key`` with what is known of their orders."""
        picked = SQL(
            "SELECT v.id, v.elapsed, COALESCE(v.order_id, c.order_id) AS order_id FROM (%s) v"
            " LEFT JOIN sop_case c ON c.id = v.case_id ORDER BY v.id DESC LIMIT %s",
            scope.visits(
                SQL(
                    "v.left_at IS NOT NULL AND v.stage_id = ANY(%s)",
                    [stage for stage, box in scope.boxes.items() if box == key],
                )
            ),
            LATEST,
        )
        ids, live = self.env["sop.engine.fact"]._get_changed()
        changed = live if ids else SQL("SELECT * FROM sop_order_fact WHERE FALSE")
        names = ("amount", *GROUPS)
        kept, fresh = (
            SQL(", ").join(SQL("%s.%s", SQL.identifier(alias), SQL.identifier(name)) for name in names)
            for alias in ("f", "g")
        )
        return SQL(
            "WITH picked AS MATERIALIZED (%s), changed AS MATERIALIZED (%s)"
            " SELECT p.elapsed, %s FROM picked p LEFT JOIN sop_order_fact f ON f.order_id = p.order_id"
            " WHERE (p.order_id IN (SELECT order_id FROM changed)) IS NOT TRUE"
            " UNION ALL SELECT p.elapsed, %s FROM picked p JOIN changed g ON g.order_id = p.order_id",
            picked,
            changed,
            kept,
            fresh,
        )

    @api.model
    def _get_difference_text(self, scope, difference, column, value):
        if column == "amount":
            over = format_amount(self.env, value, self._get_currency(scope), trailing_zeroes=False)
            who = self.env._("Orders over %s", over)
        else:
            name = self.env[GROUPS[column]].sudo().browse(value).display_name  # of an order that the user sees
            who = {
                "country_id": self.env._("Orders from %s", name),
                "categ_id": self.env._("Orders of mostly %s", name),
                "team_id": self.env._("Orders of the team %s", name),
            }[column]
        return self.env._(
            "%(who)s wait %(times)s times as long there: %(median)s against %(other)s in the median"
            " (%(count)s visits against %(other_count)s).",
            who=who,
            times=formatLang(self.env, difference.ratio, digits=1),
            median=self._duration(difference.median),
            other=self._duration(difference.other_median),
            count=difference.count,
            other_count=difference.other_count,
        )

    @api.model
    def _get_currency(self, scope):
        """Return the currency of the companies, an empty one where they have several."""
        currencies = self.env["res.company"].browse(scope.company_ids).currency_id
        return currencies if len(currencies) == 1 else currencies.browse()

    @api.model
    def _duration(self, seconds):
        """Return a time in the words of the page: minutes, hours or days."""
        if seconds < 3600:
            return self.env._("%s min", round(seconds / 60))
        if seconds < 48 * 3600:
            return self.env._("%s h", formatLang(self.env, seconds / 3600, digits=1))
        return self.env._("%s d", formatLang(self.env, seconds / 86400, digits=1))
