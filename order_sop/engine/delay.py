from odoo import api, models

from ..models.sop_flow_mixin import OPEN_STATUSES
from .isolation import isolated


class SopEngineDelay(models.AbstractModel):
    """Tells customers, before they ask, that their promised date will be missed: where the process says so, once for
    each promised date. Done by the cron that tells of time limits."""

    _name = "sop.engine.delay"
    _description = "SOP engine: delays told to customers"

    @api.model
    def _tell_due(self):
        """Tell the customers of all confirmed orders that will be late by now and have not been told yet.

        While the clock of an order stands nobody is told: it waits for something else. Orders that somebody works on
        come with the next run.
        """
        cron, due = self.env["ir.cron"], self._search_due()
        if not due:
            return
        cron._commit_progress(remaining=len(due))
        for order in due:
            isolated(order[0], self._tell_once)
            if not cron._commit_progress(1):
                break

    @api.model
    def _search_due(self):
        """Return the orders whose customers are to be told now, oldest first."""
        process_ids = self.env["sop.process"]._get_telling_ids()
        if not process_ids:
            return self.env["sale.order"]
        now = self.env["sop.engine.clock"]._now()
        late = self.env["sale.order"].search(
            [
                ("sop_status", "in", OPEN_STATUSES),
                ("sop_risk_at", "<=", now),  # which has an index, and is never later than the next
                ("sop_miss_at", "<=", now),
                ("sop_process_id", "in", process_ids),
                ("sop_visit_id.paused_at", "=", False),
                ("state", "=", "sale"),
            ],
            order="id",
        )
        promises = late._sop_promised()
        return late.filtered(lambda order: promises[order] and order.sop_delay_told_for != promises[order])

    @api.model
    def _tell_once(self, order):
        """Tell the customer of the one ``order``, unless somebody works on it. What cannot be sent is logged, and not
        tried again."""
        if not order.try_lock_for_update(allow_referencing=True):
            return
        promised = order._sop_promised()[order]
        if order.sop_delay_told_for == promised or order.sop_jeopardy != "late":
            return
        evaluation, before = self.env["sop.engine.evaluation"], order.sop_delay_told_for
        evaluation._write_owned(order, {"sop_delay_told_for": promised})  # the mail says what the page shows
        told = self.env["sop.engine.notify"]._try_post(order, "order_sop.mail_template_delay")
        if told is None:
            evaluation._write_owned(order, {"sop_delay_told_for": before})
        if told:
            evaluation._close_journal([(order, "informed", {"delay": promised.isoformat()})])
