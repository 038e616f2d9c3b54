from odoo import models
from odoo.tools import SQL, LazyTranslate

from .helpers import select
from .same_content import find_same_content
from .sop_rule import WRONG

_lt = LazyTranslate(__name__)

READ = {
    "res.partner": ["commercial_partner_id"],
    "sale.order": ["client_order_ref", "company_id", "partner_id", "state"],
}
"""What of orders is read past the ORM."""


class SopRuleDuplicate(models.AbstractModel):
    """The customer has not placed the same order before. Of two orders alike, the later one is the duplicate."""

    _name = "sop.rule.duplicate"
    _inherit = "sop.rule"
    _description = "No duplicate order"

    _parameters = {"rule_days": _lt("days within which the same content counts as a duplicate (0: not compared)")}
    _reasons = {
        "same_reference": (
            WRONG,
            _lt(
                "Order %(order)s has the same customer reference “%(reference)s” as %(other)s. "
                "Sales asks the customer, and cancels one of them or corrects the reference."
            ),
        ),
        "same_content": (
            WRONG,
            _lt(
                "Order %(order)s asks for the same products and quantities as %(other)s of the same customer. "
                "Sales asks the customer, and cancels one of them or has an SOP manager waive this check."
            ),
        ),
    }
    _content = True
    _lasting = True

    def _evaluate(self, checks):
        same_reference = self._find_same_reference(checks.order_id)
        same_content = find_same_content(
            {
                check: (check.order_id, check.checkpoint_id.rule_days)
                for check in checks
                if check.checkpoint_id.rule_days > 0
            }
        )
        result = {}
        for check in checks:
            order = check.order_id
            if other := same_reference.get(order):
                reference = order.client_order_ref.strip()
                reason = self._reason("same_reference", order=order.name, other=other.name, reference=reference)
            elif other := same_content.get(check):
                reason = self._reason("same_content", order=order.name, other=other.name)
            else:
                reason = None
            result[check] = reason
        return result

    def _find_same_reference(self, orders):
        """Return ``{order: the latest earlier order of the same customer and company with the same reference}``."""
        rows = select(
            self.env,
            READ,
            SQL(
                r"""
                SELECT DISTINCT ON (mine.id) mine.id, other.id
                  FROM sale_order mine
                  JOIN res_partner customer ON customer.id = mine.partner_id
                  JOIN res_partner contact ON contact.commercial_partner_id = customer.commercial_partner_id
                  JOIN sale_order other ON other.partner_id = contact.id
                 WHERE mine.id IN %s
                   AND other.id < mine.id
                   AND other.state != 'cancel'
                   AND other.company_id = mine.company_id
                   AND regexp_replace(mine.client_order_ref, '\s', '', 'g') != ''
                   AND lower(regexp_replace(other.client_order_ref, '\s', '', 'g'))
                       = lower(regexp_replace(mine.client_order_ref, '\s', '', 'g'))
              ORDER BY mine.id, other.id DESC
                """,
                tuple(orders.ids) or (0,),
            ),
        )
        return {orders.browse(mine): orders.browse(other) for mine, other in rows}
