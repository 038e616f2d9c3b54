from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED, WRONG

_lt = LazyTranslate(__name__)


class SopRuleCaseOrder(models.AbstractModel):
    """It is known what the case is about: the order, and where goods come back, which.

    A question, or a complaint, may be about no order at all.
    """

    _name = "sop.rule.case_order"
    _inherit = "sop.rule"
    _description = "Case: order and goods known"

    _judges = "sop.case"
    _reasons = {
        "no_order": (
            AWAITED,
            _lt("%(case)s: it is not known yet which order it is about. Customer Service chooses the order."),
        ),
        "no_goods": (
            AWAITED,
            _lt(
                "%(case)s: it is not known yet which goods it is about. Customer Service enters them with the customer."
            ),
        ),
        "not_delivered": (WRONG, _lt("%(case)s: %(order)s is not confirmed, so nothing of it can come back.")),
    }
    _content = True

    def _evaluate(self, checks):
        return {check: self._judge(check.case_id) for check in checks}

    def _judge(self, case):
        if not case.goods_back:
            return None
        if not case.order_id:
            return self._reason("no_order", case=case.name)
        if case.order_id.state != "sale":
            return self._reason("not_delivered", case=case.name, order=case.order_id.name)
        return None if case.line_ids else self._reason("no_goods", case=case.name)
