"""A process whose orders are packed, shipped, tracked and proven, with a carrier; and makers of its deliveries."""

import hashlib
import hmac
import json
import time

from .common_gates import GateFixture

PDF = b"%PDF-1.4 signed by the customer"
SECRET = "s" * 43


class DeliveryFixture(GateFixture):
    """Makes the process and its deliveries."""

    @classmethod
    def set_up_deliveries(cls):
        cls.set_up_gates()
        cls.shipping = cls.make_process(
            cls.stage("Pack", "ship", {"name": "Packed", "scope": "delivery"}, department="warehouse"),
            cls.stage(
                "Prove",
                "invoice",
                {"name": "Proven", "kind": "auto", "rule": "proof_of_delivery", "scope": "delivery"},
                department="logistics",
            ),
            cls.stage("Work", False, auto_advance=False),
            code="SHIPPING",
        )
        cls.carrier = cls.env["delivery.carrier"].create({"name": "Courier", "product_id": cls.service.id})
        cls.carrier.sudo().sop_tracking_secret = SECRET

    @classmethod
    def make_shipped(cls, number="TRACK-1", process=None, **vals):
        """Return an order whose delivery has left by the carrier under ``number``."""
        order = cls.make_order(process=process or cls.shipping, user_id=cls.users["sales"].id, **vals)
        order.action_confirm()
        cls.commit()
        order.picking_ids.write({"carrier_id": cls.carrier.id, "carrier_tracking_ref": number})
        cls.tick(order, "Packed")
        cls.ship(order.picking_ids)
        cls.commit()
        return order

    @classmethod
    def tell(cls, *items, source="carrier"):
        """Let the carrier tell ``items``; return their statuses."""
        results = cls.env["sop.engine.tracking"]._take(list(items), cls.carrier, source)
        cls.commit()
        return [result["status"] for result in results]

    @classmethod
    def item(cls, event="in_transit", moment="2026-01-05T10:00:00", number="TRACK-1", **vals):
        """Return an event as a carrier sends it; its id is made of what it says."""
        return {"id": f"{number} {event} {moment}", "number": number, "event": event, "time": moment, **vals}

    @classmethod
    def log(cls, order, *codes):
        """Return the data of the lines with ``codes`` in the log of ``order``."""
        return [event.data for event in cls.events(order) if event.code in codes]


class TrackingClient:
    """The carrier's system, which posts to the endpoint; mixed into an HTTP case."""

    URL = "/order_sop/tracking/v1"

    def post(self, body, secret=SECRET, carrier=None, timestamp=None, headers=None):
        """Post ``body`` (bytes, or what is sent as JSON) and return the response.

        :param headers: to be sent instead of those that the rest would make
        """
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        timestamp = str(int(time.time()) if timestamp is None else timestamp)
        signature = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        made = {
            "Content-Type": "application/json",
            "X-Sop-Carrier": str(self.carrier.id if carrier is None else carrier),
            "X-Sop-Timestamp": timestamp,
            "X-Sop-Signature": signature,
        }
        response = self.url_open(self.URL, data=body, headers=made | (headers or {}), method="POST")
        self.env.invalidate_all()
        return response

    def count(self):
        """Return how many events there are."""
        return self.env["sop.tracking.event"].search_count([])
