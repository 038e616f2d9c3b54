from odoo import api, fields, models
from odoo.fields import Domain

from .sop_flow_mixin import OPEN_STATUSES


class SopRecordMixin(models.AbstractModel):
    """What the engine keeps of one flow document, an order or a case: a visit, a check, an approval, a hold …

    It belongs to exactly one of both: whatever counts orders never meets a case by accident.
    """

    _name = "sop.record.mixin"
    _description = "Kept of an order or a case"

    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade", index=True)
    case_id = fields.Many2one("sop.case", readonly=True, ondelete="cascade", index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner", "Customer", compute="_compute_partner_id", search="_search_partner_id", compute_sudo=True
    )

    _one_document = models.Constraint(
        "CHECK (num_nonnulls(order_id, case_id) = 1)", "It belongs to one order, or to one case."
    )

    @property
    def flow(self):
        """The flow documents that the records in ``self`` belong to: all orders, or all cases; see ``_by_model``."""
        cases = self.case_id
        if not cases:
            return self.order_id
        if len(self) > 1 and not all(record.case_id for record in self):
            raise TypeError("records of orders and of cases: take them apart by _by_model()")
        return cases

    def _by_flow(self):
        """Return the records in ``self`` by their flow document: ``{document: records}``."""
        return self.grouped(lambda record: record.flow)

    def _by_model(self):
        """Return the records in ``self`` as a list of those of orders and those of cases, as far as there are any."""
        parts = self.grouped(lambda record: bool(record.sudo().case_id))  # which of both, whoever may read it
        return [parts[is_case] for is_case in sorted(parts)]

    @api.model
    def _get_open_domain(self):
        """Return which records are of documents whose flow is still open."""
        is_open = Domain("sop_status", "in", OPEN_STATUSES)
        return Domain("order_id", "any!", is_open) | Domain("case_id", "any!", is_open)

    @api.model
    def _get_flows(self, vals_list):
        """Return the flow documents of new records of one model with these values, in their order: a list."""
        name = "case_id" if any(vals.get("case_id") for vals in vals_list) else "order_id"
        model = self.env[self._fields[name].comodel_name]
        documents = {document.id: document for document in model.browse(dict.fromkeys(v[name] for v in vals_list))}
        return [documents[vals[name]] for vals in vals_list]

    @api.depends("order_id", "case_id")
    def _compute_partner_id(self):
        for record in self:
            record.partner_id = record.case_id.partner_id or record.order_id.partner_id

    @api.model
    def _search_partner_id(self, operator, value):
        return Domain("order_id.partner_id", operator, value) | Domain("case_id.partner_id", operator, value)
