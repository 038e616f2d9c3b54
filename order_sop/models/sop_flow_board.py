from odoo import api, fields, models
from odoo.tools import SQL

from .sop_flow_mixin import OPEN_STATUSES


class SopFlowBoard(models.AbstractModel):
    """What comes first on a board: late, then blocked, then the rest. Never stored, since it changes with time."""

    _inherit = "sop.flow.mixin"

    sop_urgency = fields.Integer(
        "Urgency", compute="_compute_sop_urgency", help="0: late, 1: blocked, 2: all other open ones, 3: not open."
    )

    @api.depends("sop_deadline", "sop_status")
    def _compute_sop_urgency(self):
        for document in self:
            is_open = document.sop_status in OPEN_STATUSES
            document.sop_urgency = (
                0 if document.sop_late else 1 if document.sop_status == "waiting" else 2 if is_open else 3
            )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "sop_urgency":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        status = self._field_to_sql(alias, "sop_status", query)
        return SQL(
            "CASE WHEN %(status)s IN %(open)s AND %(deadline)s < %(now)s THEN 0 WHEN %(status)s = 'waiting' THEN 1"
            " WHEN %(status)s IN %(open)s THEN 2 ELSE 3 END %(direction)s",
            status=status,
            deadline=self._field_to_sql(alias, "sop_deadline", query),
            now=self.env["sop.engine.clock"]._now(),
            open=OPEN_STATUSES,
            direction=direction,
        )
