from itertools import groupby

from odoo import fields, models
from odoo.tools import format_date

from ..rules.fulfilment import get_goods_lines, get_undelivered
from ..rules.helpers import company_day
from .sop_flow_mixin import OPEN_STATUSES


class SaleOrderTracker(models.Model):
    """What the customer sees of the way of his order."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    sop_delay_told_for = fields.Datetime(
        "Told of Delay",
        copy=False,
        readonly=True,
        groups="order_sop.group_user",
        help="The promised date of which the customer was told that it will be missed.",
    )

    def _sop_get_tracker(self):
        """Return what the customer of the one order in ``self`` may know of its way, in the reader's language.

        All that the portal shows comes from here: plain values made for customers, never a record. No stage that has no
        name for customers, no check, hold, reason, department or colleague.

        :return: ``{"steps": [{"name", "state": done, now or ahead, "date"}], "promised": the day, "expected" and
            "delay": the day on which the goods are to leave and a sentence on it, when he was told of a delay, "parts":
            a sentence, "deliveries": see ``stock.picking._sop_get_parcel``, "questions": [{"id", "text"}], "rating":
            what he said, "may_rate"}``; days are text, what is not there is False. Nothing at all while there is
            nothing to follow: no process, cancelled, or still to be signed or paid.
        """
        order = self.sudo()  # the caller has checked that it is his order
        if not order.sop_process_id or order.state == "cancel" or order.sop_status == "cancelled":
            return {}
        if order.state != "sale" and (order._has_to_be_signed() or order._has_to_be_paid()):
            return {}
        deliveries = order._sop_deliveries().get(order, order.picking_ids.browse())
        parcels = [picking._sop_get_parcel(order) for picking in deliveries if picking.state != "cancel"]
        arrived_at = order._sop_arrived_at(deliveries)
        promised, expected = (False, False) if arrived_at else order._sop_get_dates()
        ratings = order._sop_get_ratings()
        return {
            "steps": order._sop_get_steps(arrived_at),
            "promised": promised,
            "expected": expected,
            "delay": expected
            and self.env._(
                "It takes longer than we promised (%(promised)s): as things stand it will leave us on %(expected)s.",
                promised=promised,
                expected=expected,
            ),
            "parts": len(parcels) > 1 and self.env._("Your order comes in %s parts.", len(parcels)),
            "deliveries": parcels,
            "questions": [
                {"id": remedy.id, "text": remedy.question}
                for remedy in order.sop_remedy_ids.sorted("id")
                if remedy.state == "asked" and remedy.question
            ],
            "rating": int(ratings[order].rating) if order in ratings else False,
            "may_rate": bool(
                order.state == "sale"
                and (arrived_at or order.sop_status == "done" or order.sop_stage_id.phase == "after_sales")
            ),
        }

    def _sop_get_steps(self, arrived_at):
        """Return the steps of the one order in ``self``: its stages by what customers read, one step for those that
        read the same, and at the end the delivery, which no stage knows, but tracking and receipts do.

        :param arrived_at: when all of it had reached the customer, or False
        """
        visits = self.sop_visit_ids.sorted("id").grouped("stage_id")
        named = [stage for stage in self.sop_process_id.stage_ids._in_order() if stage.customer_name]
        present, over = self.sop_stage_id, self.sop_status == "done"
        steps = []
        for name, stages in groupby(named, lambda stage: stage.customer_name):  # pylint: disable=bad-builtin-groupby
            stages = list(stages)
            entered = [visits[stage][0].entered_at for stage in stages if stage in visits]
            behind = over or (bool(present) and not present._is_before(stages[0]))
            if behind and not entered:
                continue  # it was passed over
            steps.append({"name": name, "behind": behind, "date": behind and self._sop_customer_day(min(entered))})
        if get_goods_lines(self):
            arrived = bool(arrived_at) or over
            date = self._sop_customer_day(arrived_at)
            steps.append({"name": self.env._("Delivered"), "behind": arrived, "date": date})
        behind = [place for place, step in enumerate(steps) if step["behind"]]
        now = behind[-1] if behind else -1
        for place, step in enumerate(steps):
            is_now = place == now and place < len(steps) - 1 and not over
            step["state"] = "ahead" if place > now else "now" if is_now else "done"
            del step["behind"]
        return steps

    def _sop_arrived_at(self, deliveries):
        """Return when all goods of the one order in ``self`` had reached the customer: proven, or told by the carrier;
        False while anything is on its way or still to come.

        :param deliveries: those of the order
        """
        live = deliveries.filtered(lambda picking: picking.state != "cancel")
        arrivals = [picking._sop_arrival() for picking in live]
        if not arrivals or not all(arrivals) or get_undelivered(self):
            return False
        return max(arrivals)

    def _sop_get_dates(self):
        """Return ``(promised, expected)`` of the one order in ``self`` as text: the promised day and, where the
        customer was told that it will be missed, the day on which the goods are to leave."""
        promised = self._sop_promised()[self]
        told = promised and self.sop_delay_told_for == promised and self.sop_status in OPEN_STATUSES
        late = told and self.sop_jeopardy == "late"
        return self._sop_customer_day(promised), late and self._sop_customer_day(self.sop_expected_finish)

    def _sop_customer_day(self, moment):
        """Return the day of ``moment`` (naive UTC) where the company of the one order in ``self`` is, as text in the
        reader's language; False for none."""
        return bool(moment) and format_date(self.env, company_day(self.company_id, moment))
