from odoo import api, fields, models

from ..engine.arguments import plain
from ..engine.guard import as_engine


class SopCaseSolution(models.Model):
    """What solves cases: the documents that were made for them, what is to be done next, and what it all costs."""

    _inherit = "sop.case"  # pylint: disable=consider-merging-classes-inherited

    document_ids = fields.One2many("sop.case.document", "case_id", "Documents", copy=False, readonly=True)
    goods_state = fields.Selection(
        [("to_expect", "To be expected"), ("to_solve", "To be solved")], compute="_compute_goods_state"
    )
    document_count = fields.Integer(compute="_compute_document_count")
    credit_amount = fields.Monetary(
        "Credited",
        compute="_compute_costs",
        compute_sudo=True,
        currency_field="company_currency_id",
        help="Posted credit notes and vouchers, without taxes.",
    )
    repair_cost = fields.Monetary(
        compute="_compute_costs",
        compute_sudo=True,
        currency_field="company_currency_id",
        help="Parts used by repairs that are done, at cost.",
    )
    freight_cost = fields.Monetary(
        compute="_compute_costs",
        compute_sudo=True,
        currency_field="company_currency_id",
        help="What the carriers ask for the transfers of the case, back and forth.",
    )
    cost_total = fields.Monetary(
        "Cost of the Case", compute="_compute_costs", compute_sudo=True, currency_field="company_currency_id"
    )

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends("document_ids")
    def _compute_document_count(self):
        for case in self:
            case.document_count = len(case._get_documents())

    @api.depends("state", "sop_stage_id", "goods_back", "line_ids.document_ids", "line_ids.received_qty")
    def _compute_goods_state(self):
        goods, solve = self.env["sop.engine.case.goods"], self.env["sop.engine.case.solve"]
        for case in self:
            lines = case.sudo().line_ids  # how it stands, for whoever sees the case
            if case.state != "open" or not lines:
                case.goods_state = False
            elif case.goods_back and any(goods._get_unexpected(line) > 0 for line in lines):
                case.goods_state = "to_expect"
            elif any(missing and missing[0] == "to_make" for missing in map(solve._get_missing, lines)):
                waits = case.goods_back and any(not line.inspected_at or line.uninspected_qty for line in lines)
                case.goods_state = False if waits else "to_solve"
            else:
                case.goods_state = False

    def _get_documents(self):
        """Return what was made for the one case in ``self`` and lives: a list of records of Odoo's own documents."""
        live = [link._get_document() for link in self.sudo().document_ids if link._is_live()]  # their names and states
        return list(dict.fromkeys(live))

    @api.depends("line_ids.credit_cost", "line_ids.repair_cost", "line_ids.freight_cost")
    def _compute_costs(self):
        for case in self:
            case.credit_amount, case.repair_cost, case.freight_cost = (
                sum(case.line_ids.mapped(name)) for name in ("credit_cost", "repair_cost", "freight_cost")
            )
            case.cost_total = case.credit_amount + case.repair_cost + case.freight_cost

    def _sop_follow_documents(self):
        for line in self.line_ids:
            costs = line._sop_get_costs()
            if any(line.company_id.currency_id.compare_amounts(line[name], cost) for name, cost in costs.items()):
                as_engine(line).write(costs)

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_expect_goods(self):
        """Make the return transfers by which the goods of the cases in ``self`` come back; for the department that has
        the case, once what has to be approved is.

        :raise UserError: naming what is missing, or where nothing is to come back any more
        """
        self.env["sop.engine.case.goods"]._expect(plain(self))
        return True

    def action_solve(self):
        """Make what solves the cases in ``self`` and is not there yet: credit notes, replacements, repairs; for the
        department that has the case, once the goods are inspected.

        :raise UserError: naming what is missing, or where nothing is to be made now
        """
        self.env["sop.engine.case.solve"]._solve(plain(self))
        return True

    def action_view_documents(self):
        """Open the documents that were made for the one case in ``self``."""
        return self._get_own_action("sop_case_document_action")
