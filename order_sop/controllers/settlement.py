import json
import os
import tempfile

from werkzeug.exceptions import BadRequest, Forbidden
from werkzeug.wsgi import FileWrapper

from odoo.exceptions import AccessError, ValidationError
from odoo.http import Controller, Response, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        book = request.env["sop.settlement.book"]
        try:
            domain = json.loads(domain)
            ids = [int(id_) for id_ in companies.split(",") if id_]
            context = {"sop_day": day or None} | ({"allowed_company_ids": ids} if ids else {})
            book = book.with_context(**context)
            book.env.companies  # noqa: B018 (raises for those that are not the user's)
            file, name = self._write(book, model, domain), book._get_file_name()
        except (AccessError, ValidationError) as error:
            raise (Forbidden if isinstance(error, AccessError) else BadRequest)(str(error)) from error
        except (ValueError, RecursionError) as error:
            raise BadRequest() from error
        headers = [
            ("Content-Type", XLSX),
            ("Content-Length", str(os.fstat(file.fileno()).st_size)),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
        ]
        return Response(FileWrapper(file), headers=headers, direct_passthrough=True)

    def _write(self, book, model, domain):
        """Return the open file, which is gone as soon as it is closed."""
        with tempfile.TemporaryDirectory(prefix="order_sop-") as folder:
            path = os.path.join(folder, "settlement.xlsx")
            book._write_book(path, model, domain)
            return open(path, "rb")
