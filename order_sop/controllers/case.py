from werkzeug.exceptions import NotFound

from odoo.addons.portal.controllers.portal import pager
from odoo.exceptions import AccessError, UserError
from odoo.http import Stream, content_disposition, request, route
from odoo.tools.image import image_process
from odoo.tools.mimetypes import guess_mimetype

from ..engine.case_files import MAX_FILES, get_extension, is_picture, take_files
from ..engine.proof import MAX_FILE
from .portal import LARGEST_ID, MAX_NOTE, CustomerPortal

NOTICES = ("opened", "sent", "agreed", "disagreed")
PAGE = 20
THUMBNAIL = (320, 320)
ROUTE = {"type": "http", "auth": "public", "website": True}
UPLOAD = ROUTE | {"methods": ["POST"], "max_content_length": MAX_FILES * MAX_FILE + 1024 * 1024}


class CasePortal(CustomerPortal):
    """The customer follows his cases, writes, prints the return slip, and says whether it is solved.

    Who sees one: whoever holds its link, the customer and his contacts with their logins, and colleagues who may read
    it. Only the customer speaks for the customer. No portal user has access to the models: all is read here.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "sop_case_count" in counters:
            cases = request.env["sop.case"].sudo()  # his own: see the domain
            values["sop_case_count"] = cases.search_count(cases._sop_customer_domain(request.env.user))
        return values

    @route(["/my/cases", "/my/cases/page/<int:page>"], type="http", auth="user", website=True, readonly=True)
    def sop_cases(self, page=1, sortby=None, **_kwargs):
        """List the cases of the customer who is logged in."""
        sortings = {
            "date": {"label": request.env._("Newest"), "order": "id desc"},
            "name": {"label": request.env._("Number"), "order": "name desc, id desc"},
            "state": {"label": request.env._("Status"), "order": "state desc, id desc"},
        }
        sortby = sortby if sortby in sortings else "date"
        cases = request.env["sop.case"].sudo()  # his own: see the domain
        domain = cases._sop_customer_domain(request.env.user)
        total = cases.search_count(domain)
        pages = pager("/my/cases", total, page=min(page, LARGEST_ID), step=PAGE, url_args={"sortby": sortby})
        found = cases.search(domain, order=sortings[sortby]["order"], limit=PAGE, offset=pages["offset"])
        values = self._prepare_portal_layout_values() | {
            "cases": [case._sop_get_row() for case in found.with_context(lang=request.env.lang)],
            "pager": pages,
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "default_url": "/my/cases",
            "page_name": "sop_cases",
        }
        return request.render("order_sop.portal_cases", values)

    @route("/my/cases/<int:case_id>", **ROUTE)
    def sop_case(self, case_id, access_token=None, sop=None, **_kwargs):
        """Show one case."""
        case = self._sop_find_case(case_id, access_token)
        return self._sop_render_case(case, access_token, notice=sop)

    @route("/my/cases/<int:case_id>/message", **UPLOAD)
    def sop_case_message(self, case_id, access_token=None, text=None, **_kwargs):
        """The customer writes, with files (``files``, one for each)."""
        return self._sop_do(case_id, access_token, "sent", self._sop_say, text)

    @route("/my/cases/<int:case_id>/agree", **ROUTE, methods=["POST"])
    def sop_case_agree(self, case_id, access_token=None, **_kwargs):
        """The customer says that it is solved."""
        return self._sop_do(case_id, access_token, "agreed", self._sop_agree)

    @route("/my/cases/<int:case_id>/disagree", **ROUTE, methods=["POST"])
    def sop_case_disagree(self, case_id, access_token=None, text=None, **_kwargs):
        """The customer says that it is not solved, and why."""
        return self._sop_do(case_id, access_token, "disagreed", self._sop_disagree, text)

    @route("/my/cases/<int:case_id>/slip", **ROUTE, readonly=True)
    def sop_case_slip(self, case_id, access_token=None, **_kwargs):
        """Get the return slip as PDF."""
        case = self._sop_find_case(case_id, access_token)
        if not case._sop_has_slip():
            raise NotFound()
        report = request.env["ir.actions.report"].sudo()  # he may see the case
        pdf = report._render_qweb_pdf("order_sop.sop_return_slip_report", case.ids)[0]
        name = f"{case.name.replace('/', '-')}.pdf"
        headers = {"Content-Type": "application/pdf", "Content-Length": len(pdf), "Cache-Control": "no-store"}
        headers["Content-Disposition"] = content_disposition(name, "inline")
        return request.make_response(pdf, headers=list(headers.items()))

    @route("/my/cases/<int:case_id>/file/<int:file_id>", **ROUTE, readonly=True)
    def sop_case_file(self, case_id, file_id, access_token=None, small=None, **_kwargs):
        """Get a file that was sent with a message; pictures are shown, all else is downloaded.

        :param str small: not empty: a picture as a thumbnail
        """
        case = self._sop_find_case(case_id, access_token)
        file = case._sop_customer_files().filtered(lambda file: file.id == file_id)
        if not file:
            raise NotFound()
        content = file.raw or b""
        shown = is_picture(content) and get_extension(content)
        if shown and small:
            content = image_process(content, size=THUMBNAIL)
        stream = Stream(
            type="data",
            data=content,
            size=len(content),
            mimetype=guess_mimetype(content) if shown else "application/octet-stream",
            download_name=file.name,
            etag=f"{file.checksum}-{bool(small)}",
        )
        response = stream.get_response(as_attachment=not shown)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    # -- what the customer does ----------------------------------------------------------------------------------------

    def _sop_do(self, case_id, access_token, notice, action, *arguments):
        """Let the customer do ``action`` on a case; show its page again, with what he wrote, when it is refused."""
        case = self._sop_find_case(case_id, access_token)
        if not self._sop_speaks_for_customer(case):
            raise AccessError(request.env._("Only the customer himself can say this."))
        try:
            with request.env.cr.savepoint():
                action(case, *arguments)
        except UserError as error:
            request.env.invalidate_all()
            text = arguments[0] if arguments else ""
            return self._sop_render_case(case, access_token, error=error.args[0], text=text)
        token = f"access_token={access_token}&" if case._sop_opens_with(access_token) else ""
        return request.redirect(f"/my/cases/{case.id}?{token}sop={notice}")

    def _sop_say(self, case, text):
        files = take_files(request.env, request.httprequest.files.getlist("files"))
        case.env["sop.engine.case.answer"]._say(case, self._sop_get_speaker(case), _cut(text), files)

    def _sop_agree(self, case):
        if not case._sop_awaits_word():
            raise UserError(request.env._("This case is closed already."))
        case.env["sop.engine.case.answer"]._agree(case, self._sop_get_speaker(case))

    def _sop_disagree(self, case, text):
        case.env["sop.engine.case.answer"]._disagree(case, self._sop_get_speaker(case), _cut(text))

    # -- who asks, and for what ----------------------------------------------------------------------------------------

    def _sop_find_case(self, case_id, access_token):
        """Return the case, in superuser mode, that the visitor may see by his login or the token.

        :raise NotFound: when there is none; it does not tell whether another one could see it
        """
        case = request.env["sop.case"].sudo().browse(case_id if case_id <= LARGEST_ID else ()).exists()  # shown below
        if not case:
            raise NotFound()
        if not self._sop_sees(case) and not case._sop_opens_with(access_token):
            raise NotFound()
        return case.with_context(lang=request.env.lang)

    def _sop_render_case(self, case, access_token, notice=None, error=None, text=None):
        speaks = self._sop_speaks_for_customer(case)
        page = case._sop_get_page()
        values = self._prepare_portal_layout_values() | {
            "case": page,
            "speaks": speaks,
            "notice": notice if notice in NOTICES and not error else None,
            "error": error,
            "text": text or "",
            "token": access_token if case._sop_opens_with(access_token) else "",
            "rating_token": page["may_rate"] and speaks and case._sop_get_rating_token(),
            "res_company": case.company_id,
            "max_note": MAX_NOTE,
            "page_name": "sop_cases",
        }
        return request.render("order_sop.portal_case", values)


def _cut(text):
    return (text or "").strip()[:MAX_NOTE]
