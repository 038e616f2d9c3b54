import json

from odoo.http import Controller, request, route

from .download import send_workbook

TYPES = {"csv": "text/csv; charset=utf-8", "xes": "application/xml"}


class EventLogController(Controller):
    """Event logs for process mining, for whoever may have them."""

    @route("/order_sop/event_log", type="http", auth="user", methods=["GET"], readonly=True)
    def get_file(self, wanted="{}", companies="", **_parameters):
        """Answer with an event log.

        :param str wanted: what ``sop.event.log._write_file`` takes, as JSON
        :param str companies: ids of the companies to read, with commas between them; empty: the user's own
        """
        log = request.env["sop.event.log"]
        try:
            parameters = json.loads(wanted)
        except (ValueError, RecursionError):
            parameters = None
        parameters = parameters if isinstance(parameters, dict) else {}

        def write(path):
            ids = [int(id_) for id_ in companies.split(",") if id_]
            chosen = log.with_context(**({"allowed_company_ids": ids} if ids else {}))
            chosen.env.companies  # noqa: B018 (raises for those that are not the user's)
            return chosen._write_file(path, parameters)

        return send_workbook(write, TYPES.get(str(parameters.get("form")), TYPES["xes"]))
