"""Every public method of the addon, called as every role on own and foreign records: only who may changes anything.

What is called is the reviewed list of ``test_api_surface``, and create, write and unlink of the addon's models. What
somebody may change by his role stands there too, as ``CHANGES``; whatever else a call does to what the engine owns is
a hole. The dialogs, which forward to these as whoever opened them, are for ``test_access_http``.
"""

import inspect
from base64 import b64encode
from datetime import timedelta

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..engine.guard import as_engine
from .common import DEPARTMENTS
from .common_gates import GateCase
from .test_api_surface import CHANGES, REVIEWED

ENGINE_MODELS = (
    "sop.visit",
    "sop.check",
    "sop.waiver",
    "sop.hold",
    "sop.block",
    "sop.alert",
    "sop.remedy",
    "sop.promise",
    "sop.decision",
    "sop.event",
    "sop.tracking.event",
    "sop.proof",
    "sop.difference",
    "sop.settlement.event",
    "sop.closing.line",
    "sop.late.entry",
    "sop.statement",
    "sop.statement.dispute",
    "sop.settlement.export",
)
OUTSIDERS = ("employee", "portal", "public")


class Undo(Exception):
    """What a call did was looked at and is taken back."""


@tagged("post_install", "-at_install")
class TestPublicMethods(GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user")
        cls.users["portal"] = new_test_user(cls.env, login="sop_portal", groups="base.group_portal")
        cls.users["public"] = cls.env.ref("base.public_user")
        cls.orders = {name: cls.make_order_of(name) for name in DEPARTMENTS}
        cls.orders["portal"] = cls.make_order_of("sales", partner=cls.users["portal"].partner_id)
        cls.debtor = cls.env["res.partner"].create({"name": "Debtor"})
        cls.debtor.action_sop_block("Never pays")
        cls.shipped = cls.make_delivered()
        engine, day = cls.env["sop.engine.statement"], cls.env.cr.now().date() - timedelta(days=2)
        draft = engine._get_vals(cls.debtor, cls.company, day, day, 0, None, {"currencies": []})
        sent = draft | {"key": f"{draft['key']}/sent", "state": "sent"}
        as_engine(cls.env["sop.statement"]).create([draft, sent])
        closings = cls.env["sop.closing"].create([{"day": "2025-02-28"}, {"day": "2025-03-31"}])
        closings[0].with_user(cls.users["finance"]).action_sign()
        cls.draft = cls.gated.browse(cls.gated.action_new_version()["res_id"])
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema AND tablename LIKE 'sop\\_%%'"
        dialogs = {model._table for model in cls.env.registry.values() if model._transient}  # everybody has his own
        cls.tables = [
            table for [table] in cls.env.execute_query(SQL(tables)) if table not in dialogs and "_dialog" not in table
        ]

    @classmethod
    def make_order_of(cls, department, **vals):
        """Return an order in the second stage of a department, with a check of each kind, on hold, decided on once."""
        process = cls.make_process(
            cls.stage("First", False, department=department, auto_advance=False),
            cls.stage(
                "Second",
                False,
                {"name": "Look", "kind": "manual", "blocking": False},
                {"name": "Ticked", "kind": "manual", "blocking": False},
                {"name": "Agree", "kind": "approval", "blocking": False},
                {"name": "Agree too", "kind": "approval", "blocking": False},
                department=department,
                auto_advance=False,
            ),
            cls.stage("Third", False, department=department, auto_advance=False),
            code=department,
        )
        order = cls.make_order(user_id=False, process=process, **vals)
        order.with_user(cls.users["manager"]).action_sop_complete()
        member = cls.users[department]
        cls.check(order, "Ticked").with_user(member).action_pass()
        cls.check(order, "Agree").with_user(member).action_reject("Not yet")
        cls.env["sop.engine.holds"]._set(order, "manual")
        cls.env["sop.engine.alert"]._raise([{"kind": "breach", "visit_id": order.sop_visit_id.id}])
        as_engine(cls.env["sop.remedy"]).create(
            {
                "order_id": order.id,
                "company_id": order.company_id.id,
                "line_id": order.order_line.id,
                "product_id": order.order_line.product_id.id,
                "kind": "parts",
                "state": "asked",
                "decided_at": order.date_order,
            }
        )
        cls.env["sop.engine.difference"]._dispute(order, 5.0, order.currency_id, "Too dear", order.partner_id)
        case = cls.env["sop.case"].create({"order_id": order.id, "kind": "complaint"})
        cls.put_under(case, cls.env.ref("order_sop.process_case"))
        return order

    # -- what must not change ------------------------------------------------------------------------------------------

    def snapshot(self):
        """Return ``{table: (rows, hash)}`` of the tables of the SOP, and of what it keeps on orders."""
        self.env.flush_all()
        owned = [
            SQL.identifier(name)
            for name, field in self.env["sale.order"]._fields.items()
            if name.startswith("sop_") and field.store and field.column_type
        ]
        sources = {table: SQL.identifier(table) for table in self.tables}
        sources["sale_order"] = SQL("(SELECT id, %s FROM sale_order)", SQL(", ").join(owned))
        content = [
            SQL("SELECT %s, COUNT(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM %s t", name, source)
            for name, source in sources.items()
        ]
        return {table: state for table, *state in self.env.execute_query(SQL(" UNION ALL ").join(content))}

    def changed(self, name, records, method, arguments):
        """Call ``method`` as the user called ``name`` and undo it; return the tables that it changed.

        What is refused changes nothing: its request is rolled back as a whole.
        """
        tables = set()
        try:
            with self.cr.savepoint():
                user = records.with_user(self.users[name])
                getattr(user, method)(*arguments)
                self.commit()
                after = self.snapshot()
                tables = {table for table, state in after.items() if state != self.before[table]}
                raise Undo
        except (Undo, AccessError, MissingError, UserError, ValueError, TypeError):
            self.env.invalidate_all()
            if tables:  # made anew for each call it would take most of the time
                self.env.registry.clear_cache()
        return tables

    def get_records(self, model, order):
        """Return records of ``model`` one by one: those of ``order``, or any where they belong to none."""
        if model == "sale.order":
            return order
        if model == "sop.process":
            return self.draft | order.sop_process_id
        if model == "res.partner":
            return self.debtor | self.consumer
        if model == "stock.picking":
            return self.shipped.picking_ids
        if model not in self.env or self.env[model]._abstract or self.env[model]._transient:
            return self.env["sale.order"]
        domain = [("order_id", "=", order.id)] if "order_id" in self.env[model]._fields else []
        return self.env[model].search(domain, limit=4)

    def get_arguments(self, function, order):
        """Return lists of arguments to try: none, what a client would send, and garbage."""
        first = order.sop_process_id.stage_ids[0]
        plausible = {
            "stage_id": first.id,
            "attachment_ids": [],
            "vals": {"active": False},
            "vals_list": [{}],
            "decision": "approve",
            "seen": None,
            "user_id": self.users["officer"].id,
            "where": "before",
            "receiver_id": self.users[order.sop_process_id.code].id,  # who works in its department
            "type_id": self.env.ref("order_sop.hold_type_fraud").id,
            "line_ids": [],
            "reason_id": self.env.ref("order_sop.difference_reason_agreed").id,
            "scope": "check",
            "expires_at": None,
            "answer": "refused",
            "code": "delivered",
            "event_at": None,
            "received_at": None,
            "file": b64encode(b"%PDF-1.4 signed").decode(),
        }
        names = [
            name
            for name, parameter in inspect.signature(function).parameters.items()
            if name != "self" and parameter.kind == parameter.POSITIONAL_OR_KEYWORD
        ]
        sent = [plausible.get(name, "Because") for name in names]
        return [[], sent, [{"id": 1} for _name in names], [[order.id] for _name in names]] if names else [[]]

    def walk(self, name):
        """Yield ``(model, method, own or foreign, tables changed)`` for all that the user called ``name`` can call."""
        home = name if name in self.orders else "warehouse"
        away = "legal" if home != "legal" else "purchasing"
        for whose, order in (("own", self.orders[home]), ("foreign", self.orders[away])):
            for model in sorted({*REVIEWED, *ENGINE_MODELS}):
                methods = REVIEWED.get(model, set())
                methods = {*methods, "create", "write", "unlink"} if model in ENGINE_MODELS else methods
                for record in self.get_records(model, order):
                    for method in sorted(methods):
                        for arguments in self.get_arguments(getattr(type(record), method), order):
                            tables = self.changed(name, record.with_env(self.env), method, arguments)
                            yield model, method, whose, tables

    # -- the walk ------------------------------------------------------------------------------------------------------

    def test_nobody_changes_what_the_list_does_not_name(self):
        self.commit()
        self.before = self.snapshot()
        done, holes = set(), set()
        for name in self.users:
            with mute_logger("odoo.addons.base.models.ir_rule", "odoo.sql_db", "odoo.models"):
                for model, method, whose, tables in self.walk(name):
                    allowed = CHANGES.get((model, method), {})
                    may = name in allowed.get("all", ()) or (whose == "own" and name in allowed.get("own", ()))
                    if tables:
                        done.add((model, method, name))
                    if tables and not may:
                        holes.add((model, method, name, whose, *sorted(tables)))
        self.assertEqual(holes, set(), "changed by somebody who is not on the list")
        self.assertEqual(self.snapshot(), self.before, "the test itself leaves nothing behind")
        named = {
            (model, method, name)
            for (model, method), allowed in CHANGES.items()
            for names in allowed.values()
            for name in names
        }
        self.assertEqual(named - done, set(), "who is on the list, and could not")
        self.assertFalse({name for _model, _method, name in done} & {"auditor", *OUTSIDERS})
