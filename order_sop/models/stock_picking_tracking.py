import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.arguments import moment, plain, text
from .sop_tracking_event import CODES

SEPARATOR = r"\s*,\s*"
"""What stands between several tracking numbers of one delivery, as a pattern for Python and PostgreSQL."""

TRACKING_FIELDS = ("sop_tracking_state", "sop_tracked_at", "sop_delivered_at")


class StockPickingTracking(models.Model):
    """Where a delivery is on its way to the customer, as its tracking events tell."""

    _inherit = "stock.picking"  # pylint: disable=consider-merging-classes-inherited

    sop_tracking_ids = fields.One2many("sop.tracking.event", "picking_id", "Tracking Events", readonly=True)
    sop_tracking_state = fields.Selection(
        CODES,
        "On Its Way",
        compute="_compute_sop_tracking",
        search="_search_sop_tracking_state",
        help="What the latest tracking event says, by the time of the event.",
    )
    sop_tracked_at = fields.Datetime("Tracked", compute="_compute_sop_tracking")
    sop_delivered_at = fields.Datetime(
        "Delivered On", compute="_compute_sop_tracking", help="When it reached the customer, as the latest event says."
    )
    sop_leaves = fields.Boolean("Goes to a Customer", compute="_compute_sop_leaves")

    # of deliveries with several parcels, each number by itself finds them; the expression is _find_deliveries'
    _sop_numbers_idx = models.Index(
        f"USING gin (regexp_split_to_array(carrier_tracking_ref, '{SEPARATOR}')) WHERE carrier_tracking_ref IS NOT NULL"
    )

    @api.depends("sop_tracking_ids")
    def _compute_sop_tracking(self):
        for picking in self:
            latest = self.env["sop.tracking.event"]._get_latest(picking.sop_tracking_ids)
            picking.sop_tracking_state = latest.code
            picking.sop_tracked_at = latest.event_at
            picking.sop_delivered_at = latest.code == "delivered" and latest.event_at

    def _search_sop_tracking_state(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        codes = [code for code in value if code]

        def to_sql(_model, alias, _query):
            return SQL(
                """(SELECT code FROM sop_tracking_event WHERE picking_id = %s
                     ORDER BY event_at DESC, rank DESC, id DESC LIMIT 1) = ANY(%s)""",
                SQL.identifier(alias, "id"),
                codes,
            )

        # the events of these codes first: no delivery without any is looked at
        some = Domain("sop_tracking_ids", "any", [("code", "in", codes)])
        found = some & Domain.custom(to_sql=to_sql, predicate=lambda picking: picking.sop_tracking_state in codes)
        if len(codes) < len(value):
            found |= Domain("sop_tracking_ids", "=", False)
        return found if operator == "in" else ~found

    @api.depends("location_id", "location_dest_id")
    def _compute_sop_leaves(self):
        for picking in self:
            picking.sop_leaves = picking._sop_can_be_tracked()

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_sop_track(self, code=None, event_at=None, place=None, note=None):
        """Enter a tracking event of the deliveries in ``self``, for Logistics and SOP managers.

        :param str code: a code of ``sop.tracking.event.CODES``
        :param str event_at: when it happened, UTC; None: now
        :param str place: where, optional
        :param str note: optional
        :raise UserError: for what cannot be; AccessError for everybody else
        """
        told = [text(self.env, value)[:250] for value in (place, note)]
        self.env["sop.engine.tracking"]._enter(plain(self), text(self.env, code), moment(self.env, event_at), *told)
        return True

    # -- business methods ----------------------------------------------------------------------------------------------

    def _sop_can_be_tracked(self):
        """Tell whether the one transfer in ``self`` brings goods to a customer and is not cancelled."""
        return self.state != "cancel" and self._sop_is_leaving()

    def _sop_tracking_numbers(self):
        """Return the tracking numbers of the one delivery in ``self``."""
        return {number.strip() for number in re.split(SEPARATOR, self.carrier_tracking_ref or "")} - {""}

    def _sop_flow_orders(self):
        """Return ``{delivery: its orders under a process}`` for the deliveries in ``self``, in superuser mode."""
        pickings = self.sudo()  # called by the engine: links to orders, and whether these have a process
        orders = {p: p._get_flow_documents().sudo() | p.move_ids._sop_orders() for p in pickings}  # as above
        together = set().union(*(found.ids for found in orders.values()))
        return {
            picking: found.with_prefetch(together).filtered("sop_process_id").sorted("id").with_prefetch(together)
            for picking, found in orders.items()
        }

    @api.model
    def _sop_tracking_fields(self):
        """Return the names of the fields that follow from tracking events."""
        return TRACKING_FIELDS
