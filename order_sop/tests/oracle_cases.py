"""The KPIs of after-sales cases once more, by the ORM and in plain Python: nothing is shared with what is tested."""

from .oracle_kpi import KpiOracle, at, over


class CaseOracle(KpiOracle):
    """Reckons the KPIs of ``cases``, all those of one company, over days from ``first`` to ``last``."""

    def __init__(self, cases, first, last, zone):
        super().__init__(cases.order_id, first, last, zone)
        self.all = cases.sudo()

    def elapsed(self, name):
        """Return the sorted hours on the wall until what the field ``name`` says, for cases where that was."""
        return sorted(
            round((case[name] - case.create_date).total_seconds() / 60) / 60
            for case in self.all
            if self.within(case[name])
        )

    def worked(self, name, field):
        return sorted(round(case[field] * 60) / 60 for case in self.all if self.within(case[name]))

    def cost(self, case):
        return sum(line.credit_cost + line.repair_cost + line.freight_cost for line in case.line_ids)

    def deviates(self, case):
        waivers = self.env["sop.waiver"].search([("order_id", "=", case.order_id.id)])
        return any(waiver.given_at <= case.create_date for waiver in waivers)

    def figures(self):
        """Return ``{code: value}``, None where there is nothing to tell."""
        opened = [case for case in self.all if self.within(case.create_date)]
        counted = [case for case in opened if case.state != "cancelled"]
        cost = sum(map(self.cost, counted))
        moves = self.env["account.move"].search(
            [("move_type", "=", "out_invoice"), ("state", "=", "posted"), ("company_id", "=", self.all.company_id.id)]
        )
        invoiced = sum(move.amount_untaxed_signed for move in moves if self.first <= move.date <= self.last)
        return {
            "cases_opened": len(opened),
            "first_answer_elapsed": at(self.elapsed("answered_at"), 50),
            "solution_elapsed": at(self.elapsed("closed_at"), 50),
            "first_answer_hours": at(self.worked("answered_at", "answer_worked_hours"), 50),
            "solution_hours": at(self.worked("closed_at", "solution_worked_hours"), 50),
            "case_cost": cost,
            "deviation_cost": sum(self.cost(case) for case in counted if self.deviates(case)),
            "case_cost_share": over(100 * cost, invoiced),
        }
