from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from .after_sales import CLOSED, find_after_sales
from .billing import get_due, get_invoiceable_lines
from .fulfilment import get_exchanges, get_goods_lines, get_returned, get_transfers
from .sop_rule import AWAITED
from .texts import quantity_text

_lt = LazyTranslate(__name__)


class SopRuleReturnsOpen(models.AbstractModel):
    """Nothing that came after the sale is left undone: no return or exchange on its way, no repair, no missing credit.

    A repair belongs to the order when it was made from it, or for goods of one of its returns. Goods that came back are
    to be credited when the return says so (Odoo's “Update quantities on SO/PO”) and they had been invoiced.
    """

    _name = "sop.rule.returns_open"
    _inherit = "sop.rule"
    _description = "No open return, repair or credit"

    _reasons = {
        "open": (
            AWAITED,
            _lt("%(order)s: after-sales work is still open: %(documents)s. After-Sales finishes or cancels it."),
        ),
        "not_credited": (
            AWAITED,
            _lt("%(order)s: returned, but not credited yet: %(products)s. Finance posts the credit note."),
        ),
    }

    def _evaluate(self, checks):
        followed = find_after_sales(checks.order_id)
        documents, followed = self._get_open_documents(followed), set(followed)
        return {
            check: self._judge(check.order_id, documents[check.order_id]) if check.order_id in followed else None
            for check in checks
        }

    def _judge(self, order, documents):
        if documents:
            return self._reason("open", order=order.name, documents=documents)
        products = []
        for line in get_invoiceable_lines(order):
            uom, returned = line.product_uom_id, get_returned(line)
            missing = min(returned, line.qty_invoiced_posted - get_due(line))
            if uom.compare(missing, 0) > 0:
                products.append(quantity_text(line.product_id, missing, uom))
        return self._reason("not_credited", order=order.name, products=products) if products else None

    def _get_open_documents(self, orders):
        """Return ``{order: [names of open returns, exchanges, repairs and cases]}``."""
        names = defaultdict(list)
        orders_of = defaultdict(orders.browse)
        for order in orders:
            is_open = []
            for transfer in get_transfers(order):
                orders_of[transfer] |= order
                if transfer.location_id._sop_is_outside() and transfer.state not in CLOSED:
                    is_open.append(transfer.name)
            for line in get_goods_lines(order):
                is_open += [exchange.name for exchange in get_exchanges(line)]
            names[order] += dict.fromkeys(is_open)  # each once
        repairs = self.env["repair.order"].search(
            (Domain("sale_order_id", "in", orders.ids) | Domain("picking_id", "in", [p.id for p in orders_of]))
            & Domain("state", "not in", CLOSED)
        )
        for repair in repairs:
            for order in repair.sale_order_id & orders or orders_of[repair.picking_id]:
                names[order].append(repair.name)
        cases = self.env["sop.case"].search([("order_id", "in", orders.ids), ("state", "=", "open")])
        for case in cases.filtered(lambda case: case._sop_is_open()):
            names[case.order_id].append(case.name)
        return names
