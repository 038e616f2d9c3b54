from odoo import models
from odoo.tools import LazyTranslate

from .helpers import company_day
from .sop_rule import WRONG

_lt = LazyTranslate(__name__)


class SopRuleCaseWindow(models.AbstractModel):
    """What comes back is in time: within the return window where the customer changed his mind, under warranty where
    the product failed. The day counts on which the customer came."""

    _name = "sop.rule.case_window"
    _inherit = "sop.rule"
    _description = "Case: in time"

    _judges = "sop.case"
    _reasons = {
        "window_over": (
            WRONG,
            _lt(
                "%(case)s: %(product)s could be returned until %(until)s. Refuse it, or have it passed over as "
                "goodwill."
            ),
        ),
        "warranty_over": (
            WRONG,
            _lt(
                "%(case)s: %(product)s was under warranty until %(until)s. Offer a paid repair, or have it passed over "
                "as goodwill."
            ),
        ),
    }
    _content = True

    def _evaluate(self, checks):
        return {check: self._judge(check.case_id) for check in checks}

    def _judge(self, case):
        limits = self.env["sop.engine.case.limits"]
        day = company_day(case.company_id, case.create_date)
        for line in case.line_ids:
            missed = limits._get_missed(line, day)
            if not missed or line.solution == "none":
                continue
            kind, until = missed
            if kind == "warranty" and line.solution == "repair":
                continue  # a repair after the warranty is simply paid
            code = "window_over" if kind == "return" else "warranty_over"
            product = line.product_id.display_name
            return self._reason(code, case=case.name, product=product, until=until.isoformat())
        return None
