from werkzeug.exceptions import NotFound

from odoo.addons.sale.controllers.portal import CustomerPortal as SalePortal
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

LARGEST_ID = 2**31 - 1
MAX_NAME = 100
MAX_NOTE = 2000
ANSWERS = {"agreed": True, "refused": False}
NOTICES = ("received", "received_before", "answered", "answered_before", "unclear")


class CustomerPortal(SalePortal):
    """The customer follows his order, confirms what he received and answers what he is asked.

    Who may see the order is Odoo's to say. Only the customer, or whoever holds the link to the order, may speak for
    him: colleagues who look at his page may not.
    """

    def _get_page_view_values(self, document, access_token, values, session_history, no_breadcrumbs, **kwargs):
        if document._name == "sale.order":
            tracker = document._sop_get_tracker()
            speaks = self._sop_speaks_for_customer(document)
            notice = kwargs.pop("sop", None)
            values |= {
                "sop_tracker": tracker,
                "sop_speaks": speaks,
                "sop_notice": notice if notice in NOTICES else None,
                "sop_rating_token": tracker.get("may_rate") and speaks and document._sop_get_rating_token(),
            }
        return super()._get_page_view_values(document, access_token, values, session_history, no_breadcrumbs, **kwargs)

    @route("/my/orders/<int:order_id>/receipt", type="http", auth="public", methods=["POST"], website=True)
    def sop_confirm_receipt(self, order_id, access_token=None, picking_id=None, name=None, **_kwargs):
        """The customer says that he received one delivery of his order.

        :param str picking_id: which one
        :param str name: who received it; empty: who says so
        """
        order = self._sop_find_order(order_id, access_token)
        if not order:
            return request.redirect("/my")
        self._sop_check_speaks(order)
        picking = self._sop_find_delivery(order, picking_id)
        if not picking.sudo()._sop_is_delivered():  # of an order that he may see
            raise NotFound()
        if picking.sop_is_proven:
            return self._sop_back_to(order, "received_before")
        engine = request.env["sop.engine.proof"].sudo()  # it is the customer, see above
        engine._confirm_receipt(picking, self._sop_get_speaker(order), (name or "").strip()[:MAX_NAME])
        return self._sop_back_to(order, "received")

    @route(
        "/my/orders/<int:order_id>/answer/<int:remedy_id>", type="http", auth="public", methods=["POST"], website=True
    )
    def sop_answer(self, order_id, remedy_id, access_token=None, answer=None, note=None, **_kwargs):
        """The customer answers one question about his order.

        :param str answer: ``agreed`` or ``refused``
        :param str note: what he adds
        """
        order = self._sop_find_order(order_id, access_token)
        if not order:
            return request.redirect("/my")
        self._sop_check_speaks(order)
        remedy = order.sop_remedy_ids.filtered(lambda remedy: remedy.id == remedy_id and remedy.asked_at)
        if not remedy:
            raise NotFound()
        if answer not in ANSWERS:
            return self._sop_back_to(order, "unclear")
        engine = request.env["sop.engine.remedy"].sudo()  # it is the customer, see above
        try:
            with request.env.cr.savepoint():
                engine._answer(
                    remedy.with_env(engine.env),
                    ANSWERS[answer],
                    self._sop_get_speaker(order).name or order.partner_id.display_name,
                    (note or "").strip()[:MAX_NOTE] or None,
                )
        except UserError:  # answered or withdrawn before
            return self._sop_back_to(order, "answered_before")
        is_over = remedy.state == "cancelled"  # nothing is short any more
        return self._sop_back_to(order, "answered_before" if is_over else "answered")

    @route("/my/orders/<int:order_id>/packing_list/<int:picking_id>", type="http", auth="public", website=True)
    def sop_packing_list(self, order_id, picking_id, access_token=None, **_kwargs):
        """The customer gets the packing list of one delivery of his order that has left."""
        order = self._sop_find_order(order_id, access_token)
        if not order:
            return request.redirect("/my")
        picking = self._sop_find_delivery(order, str(picking_id))
        if not picking._sop_get_parcel(order)["has_packing_list"]:
            raise NotFound()
        report = request.env["ir.actions.report"].sudo()  # he may see the delivery, see above
        pdf = report._render_qweb_pdf("order_sop.sop_packing_list_report", picking.ids)[0]
        headers = [("Content-Type", "application/pdf"), ("Content-Length", len(pdf))]
        return request.make_response(pdf, headers=headers)

    # -- who asks, and for what ----------------------------------------------------------------------------------------

    def _sop_find_order(self, order_id, access_token):
        """Return the order, in superuser mode, that the visitor may see by his login or the token; None else."""
        if order_id > LARGEST_ID or not (access_token or "").isascii():
            return None
        try:
            return self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return None

    def _sop_find_delivery(self, order, picking_id):
        """Return the delivery of ``order`` with this id (text), in superuser mode.

        :raise NotFound: when it is none of them
        """
        deliveries = order._sop_deliveries().get(order, order.picking_ids.browse()) if order.sop_process_id else ()
        for picking in deliveries:
            if str(picking.id) == picking_id and picking.state != "cancel":
                return picking
        raise NotFound()

    def _sop_speaks_for_customer(self, order):
        """Tell whether the visitor, who may see ``order``, is the customer: no colleague who looks at his page."""
        user = request.env.user
        customer = order.partner_id.commercial_partner_id
        return not user._is_internal() or user.partner_id.commercial_partner_id == customer

    def _sop_sees(self, case):
        """Tell whether the visitor sees ``case`` by his login: as its customer, or as a colleague who may read it."""
        user = request.env.user
        if user._is_public():
            return False
        return bool(case.filtered_domain(case._sop_customer_domain(user))) or case.with_user(user).has_access("read")

    def _sop_check_speaks(self, order):
        if not self._sop_speaks_for_customer(order):
            raise AccessError(
                request.env._("Only the customer himself can say this: enter on the order what he told you.")
            )

    def _sop_get_speaker(self, order):
        """Return who the visitor is: the contact of his login, else the customer of ``order`` himself."""
        user = request.env.user
        return order.partner_id if user._is_public() else user.partner_id.sudo()  # his own

    def _sop_back_to(self, order, notice):
        """Return the way back to the page of ``order``, which tells the ``notice``."""
        return request.redirect(order.get_portal_url(query_string=f"&sop={notice}"))
