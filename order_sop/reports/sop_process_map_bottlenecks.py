from collections import Counter, defaultdict

from odoo import api, models
from odoo.tools import SQL, format_amount, formatLang

from ..engine.reading import query_rows
from .rank_test import Ranked, bands

LATEST = 30_000
"""About so many visits of a stage are compared: those of the documents put under the SOP last, by whole days."""
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
        for (_before, here), sums in self._get_ways(scope, self._read_apart(scope)).items():
            waits[here].update(sums)
        total = sum(wait["elapsed"] for wait in waits.values())
        longest = sorted(waits, key=lambda key: (-waits[key]["elapsed"], key))[:NAMED]
        shares = {key: waits[key]["elapsed"] / total if total else 0.0 for key in longest}
        shares = {key: share for key, share in shares.items() if share >= LEAST_SHARE}
        boxes, latest = self._get_boxes(scope), self._read_latest(scope, list(shares))
        return [
            {
                "box": key,
                "share": share,
                "text": self.env._(
                    "%(stage)s holds %(share)s%% of the waiting time",
                    stage=boxes[key][0].name,
                    share=round(100 * share),
                ),
                "evidence": [self._get_mean_text(waits[key]), *self._get_differences(scope, latest[key])],
            }
            for key, share in shares.items()
        ]

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
    def _get_differences(self, scope, rows):
        """Return sentences on which documents wait longer than the others, the clearest first; see `_read_latest`."""
        ranked, groups, found = Ranked([row[0] for row in rows]), defaultdict(list), []
        for place, row in enumerate(rows):
            for column, value in zip(GROUPS, row[2:], strict=True):
                if value:
                    groups[column, value].append(place)
        for (column, value), group in groups.items():
            difference = ranked.compare(group)
            if difference:
                found.append((difference, column, value))
        amounts = [row[1] or 0 for row in rows]
        largest = None
        for amount in bands(amounts) if self._get_currency(scope) else ():
            difference = ranked.compare([place for place, own in enumerate(amounts) if own > amount])
            if difference and (not largest or difference.ratio >= largest[0].ratio):
                largest = (difference, "amount", amount)
        found += [largest] if largest else []
        found.sort(key=lambda one: (-one[0].ratio, one[1], one[2]))
        return [self._get_difference_text(scope, *one) for one in found[:LINES]]

    @api.model
    def _read_latest(self, scope, keys):
        """Return ``{box: [(elapsed, amount, *GROUPS)…]}`` of the latest visits of the boxes ``keys``, the shortest
        first, with what is known of their orders."""
        latest = {key: [] for key in keys}
        if not keys:
            return latest
        since = self._get_since(scope, keys)
        stages = {key: [stage for stage, box in scope.boxes.items() if box == key] for key in keys}
        picked = (
            SQL("v.stage_id = ANY(%s) AND v.begun_on BETWEEN %s AND %s", stages[key], since[key], scope.date_to)
            for key in keys
        )
        names = SQL(", ").join(SQL("f.%s", SQL.identifier(name)) for name in ("amount", *GROUPS))
        facts = scope.facts or self.env["sop.engine.fact"]._get_rows()
        if scope.model == "sale.order":
            source = SQL("(%s) f JOIN sop_visit v ON v.order_id = f.order_id", facts)
            taken = SQL("f.begun_on >= %s AND %s", min(since.values()), scope.of_facts(SQL("f")))
        else:
            source = SQL(
                "sop_visit v JOIN %s d ON d.id = v.%s LEFT JOIN (%s) f ON f.order_id = d.order_id",
                scope.table,
                SQL.identifier(scope.link),
                facts,
            )
            taken = scope.of_documents()
        self.env.flush_all()
        for stage, *row in self.env.execute_query(
            SQL(
                "SELECT v.stage_id, v.elapsed, %s FROM %s WHERE v.left_at IS NOT NULL AND v.company_id = ANY(%s)"
                " AND (%s) AND %s ORDER BY v.elapsed",
                names,
                source,
                list(scope.company_ids),
                SQL(" OR ").join(picked),
                taken,
            )
        ):
            latest[scope.boxes[stage]].append(row)
        return latest

    @api.model
    def _get_since(self, scope, keys):
        """Return ``{box: day}``: documents begun since then have brought each box enough visits, if there are so many.

        A customer's visits are read from his orders, however many others there are.
        """
        since, enough = dict.fromkeys(keys, scope.date_from), LATEST / max(scope.share, LEAST_SHARE)
        visits = Counter()
        rows = [] if scope.partner_id else query_rows(self.env, scope.daily())
        for row in sorted(rows, key=lambda row: row["day"], reverse=True):
            key = scope.boxes[row["stage_id"]]
            if key in since and visits[key] < enough:
                since[key] = row["day"]
                visits[key] += row["visits"]
        return {key: day if visits[key] >= enough else scope.date_from for key, day in since.items()}

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
