"""Event logs from outside: the dialog, the file, the long one that a cron writes; who gets them, and garbage."""

import gzip
import json
from contextlib import nullcontext
from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ..wizards import sop_event_export
from .common_event_log import EventLogFixture
from .common_http import Refused, SopHttpCase

DENIED = "odoo.exceptions.AccessError"
OUTSIDERS = ("sales", "finance", "warehouse", "after_sales", "employee", "portal")


@tagged("post_install", "-at_install")
class TestEventExportFiles(EventLogFixture, SopHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user")
        cls.users["portal"] = new_test_user(cls.env, login="sop_portal", groups="base.group_portal")
        cls.order = cls.make_reviewed()
        cls.commit()

    def make_dialog(self, user="officer", **vals):
        return self.rpc("sop.event.export", "create", {"process_id": self.gated.id, **vals}, user=user)

    def get(self, user, companies="", **wanted):
        """Return the answer to a request for the file."""
        self.rpc_user = None
        login = user and self.users[user].login
        self.authenticate(login, login)
        self.env.flush_all()
        wanted = json.dumps({"process": "GATED", "form": "csv"} | wanted)
        path = f"/order_sop/event_log?{urlencode({'wanted': wanted, 'companies': companies})}"
        return self.url_open(path, timeout=60, allow_redirects=False)

    # -- the file ------------------------------------------------------------------------------------------------------

    def test_dialog_and_file(self):
        """An officer asks for both kinds of file and gets them at once."""
        for form, mimetype in (("xes", "application/xml"), ("csv", "text/csv; charset=utf-8")):
            dialog = self.make_dialog(form=form, date_from="2000-01-01", partner_id=self.customer.id)
            action = self.rpc("sop.event.export", "action_export", [dialog], user="officer")
            self.assertEqual((action["type"], action["target"]), ("ir.actions.act_url", "download"))
            answer = self.url_open(action["url"], timeout=60)
            self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, mimetype))
            self.assertIn(f"GATED%202000-01-01.{form}", answer.headers["Content-Disposition"])
            self.assertIn(self.order.name, answer.text)

    def test_nobody_else_gets_it(self):
        dialog = self.make_dialog()
        self.rpc("sop.event.export", "action_export", [dialog], user="officer")
        for user in (*OUTSIDERS, "auditor"):
            with self.subTest(user=user):
                for method, arguments in (("action_export", ()), ("read", (["bom"],)), ("write", ({"bom": True},))):
                    self.assert_refused(
                        lambda u=user, m=method, a=arguments: self.rpc("sop.event.export", m, [dialog], *a, user=u),
                        name=DENIED,
                    )
                if user != "auditor":
                    self.assert_refused(lambda u=user: self.make_dialog(u), name=DENIED)
                    self.assertEqual(self.get(user).status_code, 403)
        self.assertEqual(self.get("auditor").status_code, 200)
        self.assertIn(self.get(None).status_code, (302, 303))

    def test_no_other_way_in(self):
        for method in ("_write_file", "_iter_traces", "_read_visits", "_get_scope"):
            with self.assertRaises(Refused):
                self.rpc("sop.event.log", method, {"process": "GATED"}, user="manager")
            with self.assertRaises(Refused):
                self.json2("sop.event.log", method, parameters={})

    def test_garbage_over_http(self):
        for wanted in (
            {"form": "exe"},
            {"form": ["csv"]},
            {"process": {"a": 1}},
            {"version": True},
            {"partner_id": [[1]]},
            {"partner_id": -5},
            {"department_id": 10**12},
            {"date_from": 5},
            {"status": ["open"]},
        ):
            with self.subTest(wanted=wanted):
                self.assertEqual(self.get("officer", **wanted).status_code, 400)
        for companies in ("x", "0", str(10**9)):
            with self.subTest(companies=companies):
                self.assertIn(self.get("officer", companies=companies).status_code, (400, 403))
        for wanted in ("x", "[]", "[" * 5_000, "null"):
            path = f"/order_sop/event_log?{urlencode({'wanted': wanted})}"
            self.assertEqual(self.url_open(path, timeout=60).status_code, 400, wanted[:9])
        everything = self.get("officer", date_from="1970-01-01", date_to="9000-12-31")
        self.assertIn(self.order.name, everything.text)

    def test_forged_dialogs(self):
        with self.assertRaises(Refused):
            self.rpc("sop.event.export", "action_export", [10**6], user="officer")
        with self.assertRaises(Refused):
            self.rpc("sop.event.export", "action_export", ["1 OR 1=1"], user="officer")
        self.assert_refused(
            lambda: self.rpc(
                "sop.event.export",
                "action_export",
                [self.make_dialog(date_from="2100-01-01")],
                user="officer",
                context={"sop_engine": True, "active_test": False, "uid": 1},
            ),
            "no completed stage",
        )

    def test_other_companies(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        self.assertEqual(self.get("officer", companies=str(sister.id)).status_code, 403)
        theirs = self.make_reviewed()
        self.commit()
        for table, column in (("sale_order", "id"), ("sop_visit", "order_id")):
            self.env.execute_query(
                SQL(
                    "UPDATE %s SET company_id = %s WHERE %s = %s RETURNING id",
                    *(SQL.identifier(table), sister.id, SQL.identifier(column), theirs.id),
                )
            )
        self.env.invalidate_all()
        answer = self.get("officer")
        self.assertIn(self.order.name, answer.text)
        self.assertNotIn(theirs.name, answer.text)
        process = self.gated.copy({"code": "THEIRS", "company_id": sister.id})
        process._set_state("published")
        self.assertEqual(self.get("officer", process="THEIRS").status_code, 400)

    # -- the long one --------------------------------------------------------------------------------------------------

    def ask(self):
        self.patch(sop_event_export, "MOST_AT_ONCE", 0)
        dialogs = self.env["sop.event.export"].with_user(self.users["officer"])
        action = dialogs.create({"process_id": self.gated.id, "form": "xes"}).action_export()
        # all cursors of a test share one connection: none can go on reading while another commits
        self.patch(self.registry["sop.engine.export"], "_open_cursor", lambda engine: nullcontext(engine.env.cr))
        return self.env["sop.settlement.export"].browse(action["res_id"])

    def test_a_long_one_is_written_by_the_cron(self):
        export = self.ask()
        self.assertEqual((export.state, export.line_count, export.name), ("waiting", 1, "GATED.xes.gz"))
        with self.assertRaises(AccessError):
            export.with_user(self.users["auditor"]).read(["name"])
        self.run_cron("export_cron")
        self.assertEqual((export.state, export.done_count), ("done", 1))
        file = export.with_user(self.users["officer"]).attachment_id.raw
        self.assertEqual(gzip.decompress(file), self.export(user="officer", form="xes"))
        mail = self.env["mail.mail"].search([("model", "=", export._name), ("res_id", "=", export.id)])
        self.assertEqual(mail.recipient_ids, self.users["officer"].partner_id)

    def test_by_the_rights_of_then(self):
        export = self.ask()
        self.users["officer"].group_ids = self.env.ref("base.group_user")
        with self.assertLogs("odoo.addons.order_sop.engine.export", "ERROR"):
            self.run_cron("export_cron")
        self.assertEqual(export.state, "failed")
        self.assertFalse(export.attachment_id)

    def test_what_is_asked_for(self):
        """All versions unless one is wanted; a draft has none; what there is not is told in words."""
        dialogs = self.env["sop.event.export"].with_user(self.users["officer"])
        self.assertEqual(dialogs.new({}).process_id.state, "published")
        dialog = dialogs.create({"process_id": self.gated.id, "all_versions": False, "form": "csv", "bom": True})
        query = parse_qs(urlsplit(dialog.action_export()["url"]).query)
        wanted = json.loads(query["wanted"][0])
        self.assertEqual((wanted["process"], wanted["version"], wanted["bom"]), ("GATED", self.gated.version, True))
        self.assertEqual(query["companies"], [str(self.company.id)])
        dialog.process_id = self.gated.copy({"code": "NEW"})
        with self.assertRaisesRegex(UserError, "was published"):
            dialog.action_export()
