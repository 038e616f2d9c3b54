from odoo import api, models
from odoo.exceptions import UserError

from .guard import as_engine


class SopEngineCaseSolve(models.AbstractModel):
    """Makes what solves cases, line by line, each document once; and tells what is still to be done."""

    _name = "sop.engine.case.solve"
    _description = "SOP engine: solutions of cases"

    @api.model
    def _solve(self, cases):
        """Make what is still missing for ``cases``, for the current user; see ``sop.case.action_solve``."""
        cases = self.env["sop.engine.case"]._take(cases, None, states=("open",))
        cases.line_ids._sop_refresh()
        self.env["sop.engine.evaluation"]._mark(cases, "content", by_user=False)
        cases._sop_enforce("solve")
        engine = self.with_env(cases.env)  # in superuser mode: who solves it was checked, and need not be an accountant
        self.env["sop.engine.case.limits"]._claim(cases.order_id)  # two cases may give back the same money
        for case in cases:
            before = len(case.document_ids)
            for line in case.line_ids:
                engine.with_company(case.company_id)._do(line.with_company(case.company_id))
            if len(case.document_ids) == before:
                raise UserError(self.env._("%s: there is nothing to be made now.", case.name))
        # what the customer said before is about less than what is done now: he is asked again
        as_engine(cases.filtered("agreed_at")).write({"agreed_at": False, "agreed_by_id": False})
        self.env["sop.engine.evaluation"]._mark(cases)

    @api.model
    def _do(self, line):
        """Make what the one ``line`` still lacks."""
        goods, money = self.env["sop.engine.case.goods"], self.env["sop.engine.case.money"]
        if line.solution == "refund":
            money._refund(line)
        elif line.solution == "replace" and line.exchange_product_id:
            if not line._get_links("exchange"):
                money._exchange(line)
            money._refund(line)
        elif line.solution == "replace":
            if not line._get_links("replacement"):
                goods._replace(line)
        elif line.solution == "voucher":
            money._grant(line, "voucher", line.refund_amount, reverse=False)
        elif line.solution == "goodwill":
            money._grant(line, "goodwill", line.agreed_amount, reverse=True)
        elif line.solution == "repair" and line.repair_qty:
            repairs = line._get_links("repair")
            if not repairs:
                money._repair(line)
            elif repairs.repair_id.state == "done" and not line._get_links("sent_back"):
                goods._send_back(line, line.repair_qty)

    @api.model
    def _get_missing(self, line):
        """Return what the one ``line`` waits for until it is solved, or None.

        :return: ``(code, name)``: ``to_make`` where something is to be made, ``undone`` with the document that is not
            posted, shipped, confirmed or repaired yet
        """
        wanted = {
            "refund": ("refund",),
            "replace": ("exchange", "refund") if line.exchange_product_id else ("replacement",),
            "voucher": ("voucher",),
            "goodwill": ("goodwill",),
            "repair": ("repair", "sent_back"),  # where nothing can be repaired, another solution is chosen
        }.get(line.solution, ())
        for kind in wanted:
            links = line._get_links(kind)
            if not links and not (kind == "refund" and self._owes_nothing(line)):
                return "to_make", False
            for link in links:
                if not link._is_done():
                    return "undone", link._get_document().display_name
        return None

    @api.model
    def _owes_nothing(self, line):
        """Tell whether nothing of the one ``line`` is to be credited: what came back was not billed, or is credited."""
        if line.part_id or not line.case_id.goods_back:
            return False
        order_line = line.order_line_id
        if order_line.product_id.invoice_policy == "order" and not order_line.qty_invoiced_posted:
            return False  # it is to be billed first
        return line.product_uom_id.compare(self.env["sop.engine.case.money"]._get_uncredited(line), 0) <= 0
