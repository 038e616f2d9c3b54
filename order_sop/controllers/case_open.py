import math

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from ..engine.case_files import MAX_FILES, take_files
from ..models.sale_order_cases import WITH_GOODS
from ..models.sop_case import KINDS, WISHES
from .case import ROUTE, UPLOAD, _cut
from .portal import MAX_NAME, CustomerPortal


class CaseOpenPortal(CustomerPortal):
    """The customer comes back with what he ordered: he opens a case from the page of his order."""

    def _get_page_view_values(self, document, access_token, values, session_history, no_breadcrumbs, **kwargs):
        if document._name == "sale.order":
            cases = request.env["sop.case"].sudo().search([("order_id", "=", document.id)])  # of the order that he sees
            speaks = self._sop_speaks_for_customer(document)
            values |= {
                "sop_may_open_case": speaks and bool(document._sop_get_case_kinds()),
                "sop_cases": [
                    case._sop_get_row() | {"url": self._sop_sees(case) and case.access_url}
                    for case in cases.with_context(lang=request.env.lang)
                ],
            }
        return super()._get_page_view_values(document, access_token, values, session_history, no_breadcrumbs, **kwargs)

    @route("/my/orders/<int:order_id>/case", **ROUTE)
    def sop_case_form(self, order_id, access_token=None, **_kwargs):
        """Show the form by which the customer opens a case on his order."""
        order = self._sop_find_order(order_id, access_token)
        if not order or not order._sop_get_case_kinds():
            return request.redirect("/my")
        return self._sop_render_case_form(order, access_token, {})

    @route("/my/orders/<int:order_id>/case/open", **UPLOAD)
    def sop_case_open(self, order_id, access_token=None, **form):
        """The customer opens a case.

        :param str kind: one of those that the form offers
        :param str qty_ID: how much of the order line with this id; ``reason_ID`` why, ``lot_ID`` which lot
        :param str wish: what he wants; ``subject`` and ``description`` are his words
        """
        order = self._sop_find_order(order_id, access_token)
        if not order or not order._sop_get_case_kinds():
            return request.redirect("/my")
        self._sop_check_speaks(order)
        try:
            with request.env.cr.savepoint():
                vals = self._sop_read_case(order, form)
                files = take_files(request.env, request.httprequest.files.getlist("files"))
                engine = request.env["sop.engine.case.answer"].sudo()  # it is the customer, see above
                case = engine._open(order, vals, files, self._sop_get_speaker(order))
        except UserError as error:
            request.env.invalidate_all()
            return self._sop_render_case_form(order, access_token, form, error.args[0])
        if self._sop_sees(case):
            return request.redirect(f"{case.access_url}?sop=opened")
        return request.redirect(case.get_portal_url(query_string="&sop=opened"))

    def _sop_read_case(self, order, form):
        """Return the values of the case that the customer describes in ``form``.

        :raise UserError: saying, in his words, what is missing or wrong
        """
        env, kind = request.env, form.get("kind")
        if kind not in order._sop_get_case_kinds():
            raise UserError(env._("Please choose what it is about."))
        description = _cut(form.get("description"))
        if not description:
            raise UserError(env._("Please tell us what happened."))
        lines = []
        for line, left in order._sop_get_case_lines().items():
            quantity = _read_number(form.get(f"qty_{line.id}"))
            if quantity is None or not 0 <= line.product_uom_id.round(quantity) <= left:
                raise UserError(
                    env._(
                        "%(product)s: please choose a quantity of at most %(quantity)s.",
                        product=line.product_id.with_context(display_default_code=False).display_name,
                        quantity=f"{left:.10g}",
                    )
                )
            if not (quantity := line.product_uom_id.round(quantity)):
                continue
            reason = self._sop_get_reasons().get(form.get(f"reason_{line.id}"))
            if not reason and kind in WITH_GOODS:
                raise UserError(env._("Please choose a reason for each product."))
            vals = {"order_line_id": line.id, "qty": quantity, "reason_id": reason and reason.id}
            if number := form.get(f"lot_{line.id}"):
                lot = {str(lot.id): lot for lot in order._sop_get_case_lots(line)}.get(number)
                if not lot:
                    raise UserError(env._("Please choose one of the numbers that were delivered to you."))
                vals["lot_id"] = lot.id
            lines.append(vals)
        if kind in WITH_GOODS and not lines:
            raise UserError(env._("Please say how many of which product it is about."))
        return {
            "kind": kind,
            "subject": (form.get("subject") or "").strip()[:MAX_NAME],
            "description": description,
            "wish": form.get("wish") if form.get("wish") in dict(WISHES) else False,
            "line_ids": [Command.create(line) for line in lines],
        }

    def _sop_get_reasons(self):
        """Return ``{id as text: reason}`` of those that customers choose from, in their language."""
        reasons = request.env["sop.case.reason"].sudo()  # shown to every customer
        found = reasons.with_context(lang=request.env.lang).search([("portal", "=", True)])
        return {str(reason.id): reason for reason in found}

    def _sop_render_case_form(self, order, access_token, form, error=None):
        if not self._sop_speaks_for_customer(order):
            raise AccessError(request.env._("Only the customer himself can open a case here: enter it in the office."))
        kinds, wishes = (
            dict(request.env["sop.case"].sudo()._fields[name]._description_selection(request.env))  # labels alone
            for name in ("kind", "wish")
        )
        offered = order._sop_get_case_kinds()
        values = self._prepare_portal_layout_values() | {
            "sop_order": order,
            "kinds": [(kind, kinds[kind], kind in WITH_GOODS) for kind, _label in KINDS if kind in offered],
            "wishes": [(wish, wishes[wish]) for wish, _label in WISHES],
            "lines": [
                {
                    "id": line.id,
                    "product": line.product_id.with_context(
                        display_default_code=False, lang=request.env.lang
                    ).display_name,
                    "left": f"{left:.10g}",
                    "unit": line.product_uom_id.with_context(lang=request.env.lang).name,
                    "step": f"{line.product_uom_id.rounding:.10g}",
                    "lots": [(str(lot.id), lot.name) for lot in order._sop_get_case_lots(line)],
                }
                for line, left in order._sop_get_case_lines().items()
            ],
            "reasons": [(number, reason.name) for number, reason in self._sop_get_reasons().items()],
            "form": form,
            "error": error,
            "token": access_token or "",
            "max_files": MAX_FILES,
            "res_company": order.company_id,
            "page_name": "sop_case_form",
        }
        return request.render("order_sop.portal_case_form", values)


def _read_number(value):
    """Return the number that somebody typed; 0.0 for nothing, None for what is none."""
    value = (value or "").strip()
    if not value:
        return 0.0
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
