from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.sop_tracking_event import RANKS
from ..models.stock_picking_tracking import SEPARATOR
from .rows import insert_rows

KEEPERS = ("order_sop.group_logistics", "order_sop.group_manager")


class SopEngineTracking(models.AbstractModel):
    """Keeps what is told of deliveries on their way, from whatever side, each event once."""

    _name = "sop.engine.tracking"
    _description = "SOP engine: tracking of deliveries"

    @api.model
    def _check_may_enter(self):
        """Raise :class:`AccessError` unless the current user may say where deliveries are: Logistics and managers."""
        if not any(map(self.env.user.has_group, KEEPERS)):
            raise AccessError(self.env._("Only Logistics and SOP managers enter tracking events."))

    @api.model
    def _enter(self, pickings, code, event_at, place, note):
        """Enter an event of each of ``pickings`` by hand; see ``stock.picking.action_sop_track``.

        :return: the new events; none for what was told before
        """
        self._check_may_enter()
        pickings.check_access("read")
        now = self.env["sop.engine.clock"]._now()
        event_at = event_at or now
        if code not in RANKS:
            raise UserError(self.env._("Choose what happened."))
        if event_at > now:
            raise UserError(self.env._("What has not happened yet cannot be told: choose another time."))
        pickings = pickings.sudo()  # read access and the right to tell were checked
        for picking in pickings:
            if not picking._sop_can_be_tracked():
                raise UserError(self.env._("%s brings nothing to a customer.", picking.display_name))
        return self._record(
            [
                {
                    "picking": picking,
                    "code": code,
                    "event_at": event_at,
                    "place": place or False,
                    "note": note or False,
                    "source": "hand",
                }
                for picking in pickings
            ]
        )

    @api.model
    def _find_deliveries(self, numbers, carrier):
        """Return ``{number: stock.picking}``: what ``carrier`` brings to customers under each of ``numbers``.

        Searched as the current user; a number that nothing bears is left out. One query, whatever ``len(numbers)``.
        """
        numbers = list(numbers)
        pickings = self.env["stock.picking"]

        def to_sql(model, alias, query):
            field = model._field_to_sql(alias, "carrier_tracking_ref", query)
            return SQL("regexp_split_to_array(%s, %s) && %s::text[]", field, SEPARATOR, numbers)

        domain = Domain("carrier_id", "=", carrier.id) & Domain("carrier_tracking_ref", "!=", False)
        domain &= Domain("state", "!=", "cancel") & Domain.custom(to_sql=to_sql)
        deliveries = {}
        for picking in pickings.search(domain, order="id") if numbers else ():
            for number in picking._sop_tracking_numbers():
                if number in numbers and picking._sop_can_be_tracked():
                    deliveries[number] = deliveries.get(number, pickings) | picking
        return deliveries

    @api.model
    def _record(self, entries):
        """Keep ``entries``, each once, and let what depends on them follow. Whoever calls has checked the source.

        :param entries: dicts of ``picking`` (one ``stock.picking``, in superuser mode), ``code``, ``event_at`` (naive
            UTC), ``source``, and where there are such ``place``, ``note``, ``carrier`` and ``external_id``
        :return: the new events, in the caller's environment
        """
        evaluation = self.env["sop.engine.evaluation"]
        # called by the engine
        pickings = self.env["stock.picking"].sudo().union(*(entry["picking"] for entry in entries))
        orders = pickings._sop_flow_orders()
        evaluation._lock(self.env["sale.order"].sudo().union(*orders.values()))  # called by the engine, as below
        vals_list = [self._get_vals(entry, ordinal) for entry, ordinal in _with_ordinals(entries)]
        events = insert_rows(self.env["sop.tracking.event"], vals_list, unique="key") if vals_list else ()
        events = self.env["sop.tracking.event"].browse(event.id for event in events)
        if not events:
            return events
        recorded = events.sudo()  # as above
        pickings = recorded.picking_id
        pickings.invalidate_recordset(["sop_tracking_ids", *pickings._sop_tracking_fields()])
        journal = [(order, "tracked", _get_log(event)) for event in recorded for order in orders[event.picking_id]]
        self.env["sop.engine.proof"]._take_carrier_word(recorded, journal)
        self._alert(recorded, orders, journal)
        evaluation._close_journal(journal)
        evaluation._mark(pickings)
        return events

    @api.model
    def _get_vals(self, entry, ordinal):
        """Return the values of the event that ``entry`` of :meth:`_record` tells of.

        :param ordinal: of the deliveries that one message of a carrier is about, which one: the first decides whether
            it was told before
        """
        picking, carrier = entry["picking"], entry.get("carrier")
        if entry.get("external_id"):
            key = f"carrier:{carrier.id}:{ordinal}:{entry['external_id']}"
        else:
            key = f"delivery:{picking.id}:{entry['code']}:{entry['event_at'].isoformat()}"
        return {
            "picking_id": picking.id,
            "order_id": picking._get_flow_documents()[:1].id,
            "company_id": picking.company_id.id,
            "carrier_id": (carrier or picking.carrier_id).id,
            "code": entry["code"],
            "rank": RANKS[entry["code"]],
            "event_at": entry["event_at"],
            "place": entry.get("place") or False,
            "note": entry.get("note") or False,
            "source": entry["source"],
            "external_id": entry.get("external_id") or False,
            "key": key,
            "user_id": entry["source"] != "carrier" and self.env.uid,
        }

    @api.model
    def _alert(self, events, orders, journal):
        """Raise an alert to Logistics, once, on each delivery that failed last; of what is told late, nothing is left
        to be done."""
        failed = self.env["stock.picking"].browse()
        for picking in events.filtered(lambda event: event.code == "failed").picking_id:
            if picking.sop_tracking_state == "failed" and orders[picking]:
                failed |= picking
        if not failed:
            return
        alerts = self.env["sop.alert"].sudo()  # called by the engine
        known = alerts.search(
            [("picking_id", "in", failed.ids), ("kind", "=", "undelivered"), ("state", "!=", "closed")]
        )
        logistics = self.env.ref("order_sop.department_logistics", raise_if_not_found=False)
        self.env["sop.engine.alert"]._raise(
            [
                {
                    "kind": "undelivered",
                    "picking_id": picking.id,
                    "order_id": orders[picking][:1].id,
                    "department_id": logistics and logistics.id,
                    "due_at": picking.sop_tracked_at,
                }
                for picking in failed - known.picking_id
            ],
            journal,
        )


def _with_ordinals(entries):
    """Yield ``(entry, which of the entries of the same message it is)``."""
    seen = {}
    for entry in entries:
        message = (entry.get("carrier"), entry.get("external_id"))
        seen[message] = ordinal = seen.get(message, -1) + 1
        yield entry, ordinal


def _get_log(event):
    """Return what the log keeps of the one ``event``."""
    return {
        "event": event.id,
        "picking": event.picking_id.id,
        "what": event.code,
        "at": event.event_at.isoformat(),
        "source": event.source,
        "external": event.external_id or None,
    }
