import gzip
from collections import defaultdict
from datetime import datetime

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ..engine.arguments import text
from .event_log_csv import CsvLog
from .event_log_scope import get_activities, get_events
from .event_log_xes import XesLog

AT_ONCE = 2_000
"""Orders in memory."""
EVER = ("1970-01-01", "9000-12-31")
READERS = ("order_sop.group_auditor", "order_sop.group_officer", "order_sop.group_manager")
WRITERS = {"csv": CsvLog, "xes": XesLog}
COLUMNS = (
    "stage_id",
    "department_id",
    "outcome",
    "entered_at",
    "left_at",
    "worked_hours",
    "pauses",
    "deadline",
    "left_by_id",
    "cycle",
)


class SopEventLog(models.AbstractModel):
    """What happened to orders as process mining reads it: a trace for each order, an event for each completed visit.

    It is about what the process map is about, so that both come to the same numbers. Traces pass in batches and none is
    kept, so that any number of orders fits into memory. Which visits there are is searched by the rights of the user.
    """

    _name = "sop.event.log"
    _description = "SOP Event Log"

    @api.model
    def _check_right(self):
        """Raise :class:`AccessError` for whoever may not have event logs."""
        if not any(map(self.env.user.has_group, READERS)):
            raise AccessError(self.env._("Event logs are for SOP auditors, officers and managers."))

    @api.model
    def _get_scope(self, parameters):
        """Return what the log is about, once the right was checked.

        :param parameters: from outside: the filters of ``sop.process.map``; ``date_from`` and ``date_to``, each may be
            missing; ``status`` of the orders (``open``, ``finished``; else all)
        :return: the scope of the map, and the domain of the visits that are events
        """
        self._check_right()
        days = (parameters.get(name) or day for name, day in zip(("date_from", "date_to"), EVER, strict=True))
        scope = self.env["sop.process.map"]._get_scope(*days, parameters)
        return scope, get_events(self.env, scope, parameters.get("status"))

    @api.model
    def _count(self, parameters):
        """Return how many events the log has."""
        _scope, domain = self._get_scope(parameters)
        return self.env["sop.visit"].search_count(domain)

    @api.model
    def _get_name(self, parameters):
        """Return what the log is called, as a file is: process, version and period."""
        version = parameters.get("version")
        parts = [parameters["process"], f"v{version}" if version else ""]
        parts += [str(parameters.get(name) or "") for name in ("date_from", "date_to")]
        return " ".join(filter(None, parts)).replace("/", "_")

    @api.model
    def _write_file(self, path, parameters, progress=None, packed=False):
        """Write the event log.

        :param path: of the file
        :param parameters: see :meth:`_get_scope`; besides ``form`` (``csv`` or ``xes``) and ``bom`` (whether a CSV file
            begins with a byte order mark, for spreadsheets)
        :param progress: called with the number of events that are written, now and then
        :param packed: whether it is packed as gzip does
        :return: the file's name
        :raise AccessError: for whoever may not have it; UserError for what cannot be exported
        """
        scope, domain = self._get_scope(parameters)
        form = text(self.env, parameters.get("form"))
        if form not in WRITERS:
            raise UserError(self.env._("“%s”: an event log is a file of XES or CSV.", form))
        name, done = self._get_name(parameters), 0
        with (gzip.open if packed else open)(path, "wb") as file, WRITERS[form](file, name, parameters) as log:
            for traces in self._iter_traces(scope, domain):
                for trace, events in traces:
                    log.add(trace, events)
                    done += len(events)
                if progress:
                    progress(done)
        return f"{name}.{form}.gz" if packed else f"{name}.{form}"

    # -- what is in it -------------------------------------------------------------------------------------------------

    @api.model
    def _iter_traces(self, scope, domain):
        """Yield lists of ``(attributes of a trace, [attributes of an event…])``, as :mod:`.event_log_columns` names
        them; traces by the order's id, their events as they happened."""
        visits, documents = self.env["sop.visit"], self.env[scope.model].sudo()  # their visits are read
        query = visits._search(domain)
        # one array instead of a row each: of a million orders too only their ids lie in memory
        [[ids]] = self.env.execute_query(
            query.select(SQL("ARRAY_AGG(DISTINCT %s)", visits._field_to_sql(visits._table, scope.link, query)))
        )
        ids = ids or []
        twins = self._get_twins(documents, ids)
        stages = self.env["sop.stage"].sudo().browse(scope.boxes)  # their names, as on the map
        versions = {stage.id: stage.process_id.version for stage in stages}
        names, code = get_activities(scope, stages), stages.process_id[:1].code
        for batch in split_every(AT_ONCE, ids, list):
            rows = self._read_visits(domain & Domain(scope.link, "in", batch), scope.link)
            label = self._get_labels(rows, names)
            traces = []
            for document in documents.browse(batch):
                events = [label(row) for row in rows[document.id]]
                known = {
                    "concept:name": f"{document.name} (#{document.id})" if document.name in twins else document.name,
                    "process": code,
                    "versions": ", ".join(map(str, sorted({versions[row[0]] for row in rows[document.id]}))),
                    "begun": events[0]["entered_at"],
                }
                traces.append((known | self._get_attributes(document), events))
            yield traces
            self.env.invalidate_all()

    @api.model
    def _read_visits(self, domain, link):
        """Return ``{document id: [the values COLUMNS of a visit…]}``, each in the order of the visits."""
        visits = self.env["sop.visit"]
        query = visits._search(domain, order="id")
        columns = [visits._field_to_sql(visits._table, name, query) for name in (link, *COLUMNS)]
        found = defaultdict(list)
        for id_, *row in self.env.execute_query(query.select(*columns)):
            found[id_].append(row)
        return found

    @api.model
    def _get_labels(self, rows, names):
        """Return the function that makes the attributes of an event from the values of its visit."""
        users = {row[8] for visits in rows.values() for row in visits if row[8]}
        departments = {row[1] for visits in rows.values() for row in visits if row[1]}
        # whoever reads a visit may know what those are called who did it
        people = {user.id: user.name for user in self.env["res.users"].sudo().browse(users)}
        groups = {one.id: one.name for one in self.env["sop.department"].sudo().browse(departments)}

        def label(row):
            stage, department, outcome, entered_at, left_at, hours, pauses, deadline, user, cycle = row
            return {
                "concept:name": names[stage],
                "lifecycle:transition": "complete",
                "time:timestamp": left_at,
                "entered_at": entered_at,
                "org:resource": people.get(user),
                "org:group": groups.get(department),
                "outcome": outcome,
                "worked_minutes": round((hours or 0) * 60),
                "paused_minutes": _get_minutes(pauses),
                "late": bool(deadline and deadline < left_at),
                "cycle": cycle,
            }

        return label

    @api.model
    def _get_attributes(self, document):
        """Return what is known of the one order or case ``document``, of which a visit was read."""
        order = document if document._name == "sale.order" else document.order_id
        customer, company = document.partner_id, document.company_id
        amount = document.amount_untaxed if document == order else document.refund_amount
        return {
            "customer": customer.commercial_partner_id.name or None,
            "sales_team": order.team_id.name or None,
            "salesperson": order.user_id.name or None,
            "country": customer.country_id.name or None,
            "company": company.name,
            "amount": company.currency_id.round(amount / (order.currency_rate or 1)),
            "currency": company.currency_id.name,
            "status": document.sop_status,
        }

    @api.model
    def _get_twins(self, documents, ids):
        """Return the names that several of the documents with ``ids`` have: their traces would be taken for one."""
        rows = self.env.execute_query(
            SQL(
                "SELECT name FROM %s WHERE id = ANY(%s) GROUP BY name HAVING COUNT(*) > 1",
                SQL.identifier(documents._table),
                ids,
                to_flush=documents._fields["name"],
            )
        )
        return {name for [name] in rows}


def _get_minutes(pauses):
    """Return for how many minutes the clock stood."""
    spans = (map(datetime.fromisoformat, pause) for pause in pauses or ())
    return round(sum((end - begin).total_seconds() for begin, end in spans) / 60)
