import json

from odoo.http import Controller, request, route

from .download import send_workbook


class SettlementController(Controller):
    """Files of the settlement, for whoever may read it."""

    @route("/order_sop/settlement/xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def get_workbook(self, model="sop.settlement.line", domain="[]", day=None, companies="", **_parameters):
        """Answer with the workbook of a list.

        :param str model: of the list
        :param str domain: of the list, as JSON
        :param str day: as of which its figures are; empty: today
        :param str companies: ids of the companies to read, with commas between them; empty: the user's own
        """

        def write(path):
            ids = [int(id_) for id_ in companies.split(",") if id_]
            context = {"sop_day": day or None} | ({"allowed_company_ids": ids} if ids else {})
            book = request.env["sop.settlement.book"].with_context(**context)
            book.env.companies  # noqa: B018 (raises for those that are not the user's)
            book._write_book(path, model, json.loads(domain))
            return book._get_file_name()

        return send_workbook(write)
