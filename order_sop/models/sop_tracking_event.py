from odoo import api, fields, models
from odoo.exceptions import UserError

CODES = [
    ("picked_up", "Picked Up"),
    ("in_transit", "In Transit"),
    ("out_for_delivery", "Out for Delivery"),
    ("failed", "Delivery Failed"),
    ("delivered", "Delivered"),
]
RANKS = {code: rank for rank, (code, _label) in enumerate(CODES)}
SOURCES = [
    ("hand", "By Hand"),
    ("import", "Import"),
    ("carrier", "Carrier's System"),
]


class SopTrackingEvent(models.Model):
    """What became of one delivery on its way to the customer: a line of its tracking (物流轨迹).

    Lines are only added, by ``sop.engine.tracking`` alone; none is ever changed. They may come in any order: the last
    state of a delivery is that of its latest line, by the time of the event.
    """

    _name = "sop.tracking.event"
    _description = "SOP Tracking Event"
    _inherit = ["sop.guard.mixin"]
    _order = "event_at desc, rank desc, id desc"
    _rec_name = "code"

    picking_id = fields.Many2one(
        "stock.picking", "Delivery", required=True, readonly=True, ondelete="cascade", index=True
    )
    order_id = fields.Many2one(
        "sale.order", readonly=True, ondelete="set null", index="btree_not_null", help="The order it is delivered for."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True, ondelete="restrict")
    code = fields.Selection(CODES, "Event", required=True, readonly=True)
    rank = fields.Integer(readonly=True, help="Tells which of two events of the same moment is the later one.")
    event_at = fields.Datetime("When", required=True, readonly=True)
    place = fields.Char(readonly=True)
    note = fields.Char(readonly=True)
    source = fields.Selection(SOURCES, required=True, readonly=True)
    external_id = fields.Char("Carrier's ID", readonly=True, help="What the carrier calls this event.")
    key = fields.Char(required=True, readonly=True, help="What it tells: there is no second event with the same.")
    user_id = fields.Many2one("res.users", "Entered By", readonly=True, ondelete="set null")

    _key_unique = models.UniqueIndex("(key)", "There is already such an event.")
    _latest_idx = models.Index("(picking_id, event_at DESC, rank DESC, id DESC)")
    _external_idx = models.Index("(carrier_id, external_id) WHERE external_id IS NOT NULL")
    _failed_idx = models.Index("(picking_id) WHERE code = 'failed'")

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A tracking event stands as it was told: nobody can change it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A tracking event stands as it was told: nobody can delete it."))

    @api.model
    def _get_latest(self, events):
        """Return the latest of ``events``, in whatever order they came; an empty recordset of none."""
        return max(events, key=lambda event: (event.event_at, event.rank, event.id), default=events[:0])
