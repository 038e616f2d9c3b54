from odoo import api, fields, models
from odoo.tools import SQL

from ..models.sop_difference import KINDS


class SopSettlementDifferences(models.AbstractModel):
    """The open differences of what the settlement lists show: a column and a filter."""

    _inherit = "sop.settlement.mixin"  # pylint: disable=consider-merging-classes-inherited

    difference_kind = fields.Selection(
        KINDS,
        "Difference",
        compute="_compute_difference_kind",
        search="_search_difference_kind",
        help="The first open one that was found; the filter finds all.",
    )

    def _compute_difference_kind(self):
        found = {}
        kinds = [kind for kind, _name in KINDS]
        for id_, kind in self.env.execute_query(self._get_differences(self._ids)):
            if id_ not in found or kinds.index(kind) < kinds.index(found[id_]):
                found[id_] = kind
        for record in self:
            record.difference_kind = found.get(record.id, False)

    def _search_difference_kind(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        kinds = [kind for kind in value if kind]
        query = SQL("(SELECT id FROM (%s) d WHERE kind IN %s)", self._get_differences(), tuple(kinds or [""]))
        domain = [("id", "in" if operator == "in" else "not in", query)]
        if False not in value:
            return domain
        any_query = SQL("(SELECT id FROM (%s) d)", self._get_differences())
        return ["|" if operator == "in" else "&", *domain, ("id", "not in" if operator == "in" else "in", any_query)]

    @api.model
    def _get_differences(self, ids=None):
        """Return a query for ``(id, kind)`` of the open differences of records of this model.

        :param ids: of records; None: all
        """
        fields_ = self.env["sop.difference"]._fields
        only = SQL("TRUE") if ids is None else SQL("order_id = ANY(%s)", [id_ for id_ in ids if id_])
        return SQL(
            "SELECT order_id AS id, kind FROM sop_difference WHERE state = 'open' AND order_id IS NOT NULL AND %s%s",
            only,
            SQL("", to_flush=(fields_["state"], fields_["kind"])),
        )
