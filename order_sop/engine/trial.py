from collections import defaultdict
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.fields import Domain

FIRST_DAY, LAST_DAY = date(1971, 1, 1), date(9000, 1, 1)
"""Days beyond these are no moment in every time zone; no order is from then."""


class SopEngineTrial(models.AbstractModel):
    """Which orders a draft is tried on, and sums of what ``sop.engine.trial.judge`` found out about them.

    It only reads. Methods work in superuser mode, :meth:`_get_orders` aside, and check nobody.
    """

    _name = "sop.engine.trial"
    _description = "SOP engine: trying a draft"

    # -- which orders --------------------------------------------------------------------------------------------------

    @api.model
    def _get_orders(self, companies, count, date_from=None, date_to=None):
        """Return the last ``count`` orders of ``companies`` by date, cancelled ones left out: ``(those that the current
        user may read, how many he may not)``.

        :param date_from: first day, in the user's time zone; None: without beginning
        :param date_to: last day, None: without end
        """
        domain = Domain("company_id", "in", companies.ids) & Domain("state", "!=", "cancel")
        if date_from:
            domain &= Domain("date_order", ">=", self._get_moment(date_from, time.min))
        if date_to:
            domain &= Domain("date_order", "<=", self._get_moment(date_to, time.max))
        orders = self.env["sale.order"].sudo()  # to count those that the user may not read
        orders = orders.search(domain, order="date_order desc, id desc", limit=count).sudo(False)
        readable = orders._filtered_access("read")
        return readable, len(orders) - len(readable)

    @api.model
    def _get_moment(self, day, moment):
        """Return a moment of a day in the user's time zone as naive UTC."""
        zone = ZoneInfo(self.env.user.tz or "UTC")
        day = datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), moment, zone)
        return day.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    @api.model
    def _split(self, process, orders):
        """Return ``orders`` as ``(those that the one draft would take, that another process takes, that none takes)``,
        as if it were published."""
        matches = self.env["sop.process"].sudo()._match(orders.sudo(), process.sudo())  # as for any new order
        taken = matches.pop(process.sudo(), orders.browse())  # as its keys are
        elsewhere = orders.browse().union(*matches.values())
        return tuple(part.sudo(False) for part in (taken, elsewhere, orders - taken - elsewhere))

    # -- sums ----------------------------------------------------------------------------------------------------------

    @api.model
    def _sum_departments(self, findings):
        """Return ``{department: {"checks", "auto", "manual", "approval", "stops": how many}}``."""
        sums = defaultdict(lambda: dict.fromkeys(("checks", "auto", "manual", "approval", "stops"), 0))
        departments = {}  # asked once a checkpoint
        for finding in findings:
            if (department := departments.get(finding.checkpoint)) is None:
                department = departments[finding.checkpoint] = finding.checkpoint._get_department()
            figures = sums[department]
            figures["checks"] += 1
            figures[finding.checkpoint.kind] += 1
            figures["stops"] += finding.stops
        return dict(sums)

    @api.model
    def _sum_approvers(self, findings):
        """Return ``{user id: (how many approvals would wait for him, of how many of these for nobody else)}``."""
        sums = defaultdict(lambda: [0, 0])
        for finding in findings:
            for _step, user_ids, _needed in finding.asked:
                for user_id in user_ids:
                    sums[user_id][0] += 1
                    sums[user_id][1] += len(user_ids) == 1
        return {user_id: tuple(figures) for user_id, figures in sums.items()}

    @api.model
    def _get_text(self, finding):
        """Return why the order of one ``finding`` would not have got on, in the reader's language."""
        checkpoint = finding.checkpoint
        if finding.outcome == "nobody":
            return self.env._("“%s”: too few people may approve this order.", checkpoint.name)
        return self.env[checkpoint._get_rule()._name]._reason_text(finding.code, finding.data)
