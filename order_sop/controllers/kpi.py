import json

from odoo.http import Controller, request, route

from .download import send_workbook


class KpiController(Controller):
    """The KPIs of a period as a file, for whoever may see them."""

    @route("/order_sop/kpis/xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def get_workbook(self, date_from="", date_to="", filters="{}", other="{}", companies="", **_parameters):
        """Answer with the workbook of KPIs.

        :param str date_from: first day; ``date_to``: the last one
        :param str filters: as for ``sop.kpi.get_page``, as JSON; ``other``: likewise
        :param str companies: ids of the companies that are chosen, with commas between them; the first one counts
        """

        def write(path):
            ids = [int(id_) for id_ in companies.split(",") if id_]
            book = request.env["sop.kpi.book"].with_context(**({"allowed_company_ids": ids} if ids else {}))
            return book._get_file_name(
                book._write_book(path, date_from, date_to, json.loads(filters), json.loads(other))
            )

        return send_workbook(write)
