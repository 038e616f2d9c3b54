import json

from odoo.http import Controller, request, route

from .download import send_workbook

TYPES = {"csv": "text/csv; charset=utf-8", "xes": "application/xml"}


class EventLogController(Controller):
    """Event logs for process mining, for whoever may have them."""

    @route("/order_sop/event_log", type="http", auth="user", methods=["GET"], readonly=True)
    def get_file(self, wanted="{}", company="", **_parameters):
        """Answer with an event log.

        :param str wanted: what ``sop.event.log._write_file`` takes, as JSON
        :param str company: id of the company; empty: the user's own
        """
        log = request.env["sop.event.log"]
        try:
            parameters = json.loads(wanted)
        except (ValueError, RecursionError):
            parameters = None
        parameters = parameters if isinstance(parameters, dict) else {}

        def write(path):
            chosen = log.with_context(**({"allowed_company_ids": [int(company)]} if company else {}))
            chosen.env.companies  # noqa: B018 (raises for one that is not the user's)
            return chosen._write_file(path, parameters)

        return send_workbook(write, TYPES.get(str(parameters.get("form")), TYPES["xes"]))
