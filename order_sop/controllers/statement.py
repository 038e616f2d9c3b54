from werkzeug.exceptions import NotFound

from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.exceptions import AccessError, UserError
from odoo.http import request, route
from odoo.tools import consteq

from .portal import LARGEST_ID, MAX_NAME, MAX_NOTE

NOTICES = ("confirmed", "disputed", "answered_before", "unclear")
PAGE = 20
ROUTE = {"type": "http", "auth": "public", "website": True}


class StatementPortal(CustomerPortal):
    """The customer reads his statements, confirms them or says what is wrong.

    Who sees one: whoever holds the link that was mailed, and the customer himself when he is logged in. Only they speak
    for the customer, colleagues of the house do not.
    """

    @route("/my/statements", type="http", auth="user", website=True, readonly=True)
    def sop_statements(self, page="1", **_kwargs):
        """List the statements of the customer who is logged in."""
        domain = self._sop_statement_domain()
        statements = request.env["sop.statement"].sudo()  # his own: see the domain
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        pages = pager("/my/statements", statements.search_count(domain), page=number, step=PAGE)
        found = statements.search(domain, limit=PAGE, offset=pages["offset"])
        values = self._prepare_portal_layout_values() | {
            "statements": found,
            "pager": pages,
            "page_name": "sop_statements",
        }
        return request.render("order_sop.portal_statements", values)

    @route("/my/statements/<int:statement_id>", **ROUTE, readonly=True)
    def sop_statement(self, statement_id, access_token=None, sop=None, **_kwargs):
        """Show one statement."""
        statement = self._sop_find_statement(statement_id, access_token)
        statement = statement.with_context(lang=request.env.lang)
        values = self._prepare_portal_layout_values() | {
            "record": statement,
            "statement": statement._get_content(),
            "disputed": statement._get_disputed(),
            "choose": statement.state in ("sent", "disputed") and self._sop_is_customer(statement),
            "notice": sop if sop in NOTICES else None,
            "token": access_token or "",
            "page_name": "sop_statements",
        }
        return request.render("order_sop.portal_statement", values)

    @route("/my/statements/<int:statement_id>/pdf", **ROUTE, readonly=True)
    def sop_statement_pdf(self, statement_id, access_token=None, **_kwargs):
        """Get the PDF of one statement, as it was sent."""
        statement = self._sop_find_statement(statement_id, access_token)
        if not statement.attachment_id:
            raise NotFound()
        content = statement.attachment_id.raw
        headers = [("Content-Type", "application/pdf"), ("Content-Length", len(content)), ("Cache-Control", "no-store")]
        return request.make_response(content, headers=headers)

    @route("/my/statements/<int:statement_id>/confirm", **ROUTE, methods=["POST"])
    def sop_statement_confirm(self, statement_id, access_token=None, name=None, **_kwargs):
        """The customer agrees.

        :param str name: who says so
        """
        statement = self._sop_find_statement(statement_id, access_token)
        self._sop_check_customer(statement)
        try:
            with request.env.cr.savepoint():
                statement.env["sop.engine.statement"]._confirm(statement, self._sop_get_name(statement, name))
        except UserError:
            return self._sop_to_statement(statement, access_token, "answered_before")
        return self._sop_to_statement(statement, access_token, "confirmed")

    @route("/my/statements/<int:statement_id>/dispute", **ROUTE, methods=["POST"])
    def sop_statement_dispute(self, statement_id, access_token=None, name=None, note=None, **_kwargs):
        """The customer disputes the rows that he has chosen (``row``, one for each).

        :param str note: what is wrong
        :param str name: who says so
        """
        statement = self._sop_find_statement(statement_id, access_token)
        self._sop_check_customer(statement)
        keys = set(request.httprequest.form.getlist("row"))
        note = (note or "").strip()[:MAX_NOTE]
        if not keys or not note:
            return self._sop_to_statement(statement, access_token, "unclear")
        speaker = (
            statement.partner_id if request.env.user._is_public() else request.env.user.partner_id.sudo()
        )  # himself
        try:
            with request.env.cr.savepoint():
                statement.env["sop.engine.statement"]._dispute(
                    statement, keys, note, speaker, self._sop_get_name(statement, name)
                )
        except UserError:
            waits = statement.state in ("sent", "disputed")
            return self._sop_to_statement(statement, access_token, "unclear" if waits else "answered_before")
        return self._sop_to_statement(statement, access_token, "disputed")

    # -- who asks, and for what ----------------------------------------------------------------------------------------

    def _sop_statement_domain(self):
        partner = request.env.user.partner_id.sudo().commercial_partner_id  # his own
        return [("partner_id", "=", partner.id), ("state", "!=", "draft")]

    def _sop_find_statement(self, statement_id, access_token):
        """Return the statement, in superuser mode, that the visitor may see by his login or the token.

        :raise NotFound: when there is none; it does not tell whether another one could see it
        """
        if statement_id > LARGEST_ID:
            raise NotFound()
        statement = request.env["sop.statement"].sudo().browse(statement_id).exists()  # shown to whom it is meant for
        if not statement or statement.state == "draft":
            raise NotFound()
        token = access_token or ""
        if token and token.isascii() and consteq(statement.access_token, token):
            return statement
        if not request.env.user._is_public() and statement.filtered_domain(self._sop_statement_domain()):
            return statement
        raise NotFound()

    def _sop_is_customer(self, statement):
        """Tell whether the visitor, who may see ``statement``, speaks for the customer: no colleague of the house."""
        user = request.env.user
        # his own contact
        return not user._is_internal() or user.partner_id.sudo().commercial_partner_id == statement.partner_id

    def _sop_check_customer(self, statement):
        if not self._sop_is_customer(statement):
            raise AccessError(request.env._("Only the customer himself can say this."))

    def _sop_get_name(self, statement, name):
        """Return who speaks: by his login, else as he says."""
        user = request.env.user
        said = (name or "").strip()[:MAX_NAME]
        if user._is_public():
            return said or statement.partner_id.display_name
        return user.partner_id.sudo().display_name  # his own

    def _sop_to_statement(self, statement, access_token, notice):
        token = (
            f"access_token={access_token}&" if access_token and consteq(statement.access_token, access_token) else ""
        )
        return request.redirect(f"/my/statements/{statement.id}?{token}sop={notice}")
