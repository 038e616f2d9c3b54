from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine.arguments import existing, plain, text
from ..engine.windows import form_of
from ..models.sop_flow_mixin import STATUSES
from ..models.sop_remedy import OPEN_STATES as OPEN_REMEDIES
from ..rules.helpers import company_day

FIGURES = (
    "ordered",
    "delivered",
    "on_hand",
    "reserved",
    "in_stock",
    "in_transit",
    "incoming_qty",
    "short",
    "expected_at",
    "late",
)


class _Memo(dict):
    """Figures that one request has got already, by id of the order line. Made in this module only."""


class SopStockLine(models.Model):
    """The stock desk: a line for each order line of storable goods that is still to be delivered, with what covers it.

    A line's id is that of its order line. Which lines there are is said by a query (the other file of this model), what
    stock says of them by ``sop.engine.stock``, out of Odoo's own forecast.
    """

    _name = "sop.stock.line"
    _description = "Stock Desk Line"
    _inherit = ["sop.guard.mixin"]
    _auto = False
    _order = "promised_at, id"
    _rec_name = "product_id"
    _depends = {
        "sale.order": [
            "state",
            "sop_status",
            "sop_process_id",
            "sop_stage_id",
            "commitment_date",
            "date_order",
            "partner_id",
            "company_id",
            "user_id",
        ],
        "sale.order.line": [
            "product_id",
            "product_uom_qty",
            "qty_delivered",
            "customer_lead",
            "warehouse_id",
            "display_type",
            "is_expense",
            "is_downpayment",
        ],
        "stock.move": ["sale_line_id", "state", "origin_returned_move_id"],
        "product.template": ["is_storable"],
        "sop.remedy": ["line_id"],
    }

    order_id = fields.Many2one("sale.order", readonly=True)
    line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    sop_status = fields.Selection(STATUSES, "Status", readonly=True)
    promised_at = fields.Datetime("Promised", readonly=True, help="The order's delivery date, else the lead time's.")

    ordered = fields.Float(compute="_compute_figures", compute_sudo=True, digits="Product Unit")
    delivered = fields.Float(compute="_compute_figures", compute_sudo=True, digits="Product Unit")
    on_hand = fields.Float(
        compute="_compute_figures",
        compute_sudo=True,
        digits="Product Unit",
        help="Of the product in this warehouse, for all orders together.",
    )
    reserved = fields.Float(compute="_compute_figures", compute_sudo=True, digits="Product Unit")
    in_stock = fields.Float(
        "Left in Stock",
        compute="_compute_figures",
        compute_sudo=True,
        digits="Product Unit",
        help="Not reserved, but there for this line by Odoo's forecast.",
    )
    in_transit = fields.Float(
        compute="_compute_figures",
        compute_sudo=True,
        digits="Product Unit",
        help="In the warehouse, but not where it is picked.",
    )
    incoming_qty = fields.Float("Incoming", compute="_compute_figures", compute_sudo=True, digits="Product Unit")
    incoming = fields.Char("What Comes When", compute="_compute_figures", compute_sudo=True)
    short = fields.Float(
        compute="_compute_figures",
        search="_search_short",
        compute_sudo=True,
        digits="Product Unit",
        help="What neither stock nor anything on its way covers.",
    )
    expected_at = fields.Datetime(
        "Expected", compute="_compute_figures", compute_sudo=True, help="When the last of what is on its way comes."
    )
    late = fields.Boolean(compute="_compute_figures", search="_search_late", compute_sudo=True)
    my_department = fields.Boolean("My Department's", compute="_compute_my_department", search="_search_my_department")
    remedy_id = fields.Many2one("sop.remedy", "Last Decision", readonly=True)
    remedy_kind = fields.Selection(related="remedy_id.kind", string="Decision")
    remedy_state = fields.Selection(related="remedy_id.state", string="State")
    may_decide = fields.Boolean(compute="_compute_may_decide")

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends("line_id")
    def _compute_figures(self):
        found = self._get_figures(self.line_id)
        for line in self:
            figures = found[line.id]
            for name in FIGURES:
                line[name] = figures[name]
            line.incoming = ", ".join(self._get_incoming_text(line, item) for item in figures["incoming"]) or False

    @api.model
    def _get_figures(self, order_lines):
        """Return ``{id: figures}`` of ``order_lines``, see ``sop.engine.stock``; once in a request on the desk."""
        memo = self.env.context.get("sop_figures")
        memo = memo if isinstance(memo, _Memo) else _Memo()
        unknown = order_lines.filtered(lambda line: line.id not in memo)
        if unknown:
            memo.update(
                (line.id, figures) for line, figures in self.env["sop.engine.stock"]._get_figures(unknown).items()
            )
        return memo

    @api.model
    @api.readonly
    def web_search_read(self, *args, **kwargs):
        desk = self.with_context(sop_figures=_Memo())
        return super(SopStockLine, desk).web_search_read(*args, **kwargs)

    @api.model
    @api.readonly
    def web_read_group(self, *args, **kwargs):
        desk = self.with_context(sop_figures=_Memo())
        return super(SopStockLine, desk).web_read_group(*args, **kwargs)

    @api.model
    def _get_incoming_text(self, line, item):
        name, _model, _id, quantity, moment = item
        return f"{name}: {quantity:.10g}, {format_date(self.env, company_day(line.company_id, moment))}"

    def _search_short(self, operator, value):
        if (operator == "in" and set(value) == {0}) or (operator == "<=" and not value):
            return ~self._search_short(">", 0)
        if operator not in (">", "not in") or any(value if operator == "not in" else [value]):
            return NotImplemented
        return Domain("id", "in", self._get_ids(lambda figures: figures["short"]))

    def _search_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = Domain("id", "in", self._get_ids(lambda figures: figures["late"]))
        return late if (operator == "in") == (True in value) else ~late

    @api.model
    def _get_ids(self, condition):
        """Return the ids of the lines of the current companies whose figures fulfil a condition."""
        lines = self.sudo().search_fetch(  # narrowed by whoever searches
            [("company_id", "in", self.env.companies.ids)], ["line_id"], order="id"
        )
        found = self._get_figures(self.env["sale.order.line"].sudo().browse(lines.ids))  # the same
        return [id_ for id_ in lines.ids if condition(found[id_])]

    def _compute_my_department(self):
        for line in self:
            line.my_department = line.order_id.sop_my_department

    def _search_my_department(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        return Domain("order_id.sop_my_department", operator, value)

    @api.depends_context("uid")
    def _compute_may_decide(self):
        mine = self.env["sop.engine.remedy.command"]._get_deciding(self.order_id)
        for line in self:
            decided = line.remedy_state in OPEN_REMEDIES
            line.may_decide = bool(line.short or line.late) and line.order_id in mine and not decided

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_open_order(self):
        """Open the order of the one line in ``self``."""
        self.ensure_one()
        self.check_access("read")
        return form_of(self.order_id)

    def action_open_remedy(self):
        """Open the last decision about the one line in ``self``."""
        self.ensure_one()
        self.check_access("read")
        return form_of(self.remedy_id)

    def action_open_dialog(self):
        """Open the dialog that shows what can be decided about the one line in ``self``, with each consequence."""
        self.ensure_one()
        return self.env["sop.remedy.dialog"]._open(plain(self))

    def action_decide(self, kind=None, reason=None, wishes=None, agreed=False, seen=None):
        """Decide about the one line in ``self``; for the departments that may, see README.

        :param str kind: a code of ``sop.remedy``
        :param str reason: required
        :param dict wishes: what was chosen: ``qty``, ``new_date``, ``substitute_id``, ``price_unit``, ``other_line_id``
        :param bool agreed: the customer has agreed already: he is not asked
        :param str seen: what the user saw, as the dialog got it; decides nothing when that has changed since
        :return: id of the remedy
        """
        line = plain(self)
        line.ensure_one()
        # the line of the order: it is there even when nothing is to be delivered of it any more
        order_line = existing(self.env["sale.order.line"].sudo(), line.id)  # whether the user sees it is checked there
        remedy = self.env["sop.engine.remedy.command"]._decide(
            order_line, kind, text(self.env, reason), wishes or {}, bool(agreed), seen
        )
        return remedy.id
