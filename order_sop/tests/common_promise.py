"""Orders that were promised for a date, and a history of how long their stages usually take."""

from ..engine.guard import as_engine
from .common_time import FrozenCase


class PromiseCase(FrozenCase):
    """Three stages; 8.5 working hours a day."""

    STAGES = ({"time_limit_hours": 4}, {"time_limit_hours": 5}, {"time_limit_hours": 6})

    def make_promised(self, date, *stages, **vals):
        return self.make_timed(*(stages or self.STAGES), commitment_date=date, **vals)

    def learn(self, process, hours):
        """Let history say that the stages of ``process`` took ``hours`` (a list of lists, one a stage)."""
        self.commit()
        for stage, taken in zip(process.stage_ids._in_order(), hours, strict=True):
            order = self.make_order()
            for each in taken:
                vals = {
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "stage_id": stage.id,
                    "entered_at": self.at(1, 8),
                    "left_at": self.at(1, 20),
                    "outcome": "completed",
                    "worked_hours": each,
                }
                as_engine(self.env["sop.visit"]).create(vals)
        self.env["sop.engine.pace"]._cron_learn()
