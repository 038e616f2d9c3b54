"""Event logs for process mining: what is in the files, and at what cost."""

from datetime import timedelta

from lxml import etree

from odoo.tests import freeze_time, tagged

from ..engine.guard import as_engine
from ..reports import sop_event_log
from .common_event_log import EventLogFixture
from .common_gates import GateCase

XES = {"x": "http://www.xes-standard.org/"}
KINDS = {"string", "date", "int", "float", "boolean"}


@tagged("post_install", "-at_install")
class TestEventExport(EventLogFixture, GateCase):
    def test_story(self):
        """Reviewed, sent back from packing, reviewed again: what was left is there, what is open is not."""
        self.company.partner_id.tz = "Asia/Shanghai"
        with freeze_time("2025-01-31 23:30:00") as clock:
            order = self.make_gated()
            clock.move_to("2025-02-03 02:00:00")
            self.tick(order, "Reviewed")
            self.commit()
            order.with_user(self.users["manager"]).action_sop_send_back(self.gated.stage_ids[0].id, "Again")
            clock.move_to("2025-02-03 05:00:00")
            self.tick(order, "Reviewed")
            self.commit()
            order.with_user(self.users["manager"]).action_sop_complete()
            rows = self.rows()
        self.assertEqual([row["concept:name"] for row in rows], ["Review", "Pack", "Review"])
        self.assertEqual([row["outcome"] for row in rows], ["completed", "sent_back", "completed"])
        first, packing, last = rows
        self.assertEqual(first["entered_at"], "2025-01-31T23:30:00.000+00:00")
        self.assertEqual(first["time:timestamp"], "2025-02-03T02:00:00.000+00:00")
        self.assertEqual(last["time:timestamp"], "2025-02-03T05:00:00.000+00:00")
        self.assertEqual([row["cycle"] for row in rows], ["1", "1", "2"])
        self.assertEqual({row["lifecycle:transition"] for row in rows}, {"complete"})
        self.assertEqual([row["org:resource"] for row in rows], ["sales", "manager", "manager"])
        self.assertEqual((first["org:group"], packing["org:group"]), ("Sales", "Warehouse"))
        visit = order.sop_visit_ids[0]
        self.assertEqual(first["worked_minutes"], str(round(visit.worked_hours * 60)))
        self.assertEqual((first["paused_minutes"], first["late"]), ("0", "false"))
        self.assertEqual(first["case:concept:name"], order.name)
        self.assertEqual((first["case:process"], first["case:versions"]), ("GATED", str(self.gated.version)))
        self.assertEqual((first["case:customer"], first["case:salesperson"]), ("Business Customer", "sales"))
        self.assertEqual((first["case:country"], first["case:company"]), ("Belgium", self.company.name))
        self.assertEqual(float(first["case:amount"]), order.amount_untaxed)
        self.assertEqual(first["case:currency"], self.company.currency_id.name)
        self.assertEqual((first["case:status"], first["case:begun"]), (order.sop_status, first["entered_at"]))

    def test_late_and_paused(self):
        order = self.make_reviewed()
        self.commit()
        visit = order.sop_visit_ids[0]
        spans = [["2025-01-06T09:00:00", "2025-01-06T10:30:20"], ["2025-01-07T09:00:00.500000", "2025-01-07T09:10:00"]]
        as_engine(visit).write({"pauses": spans, "deadline": visit.left_at, "worked_hours": 1.26})
        [row] = self.rows()
        self.assertEqual((row["paused_minutes"], row["worked_minutes"], row["late"]), ("100", "76", "false"))
        as_engine(visit).write({"deadline": visit.left_at - timedelta(seconds=1)})
        self.assertEqual(self.rows()[0]["late"], "true")

    # -- XES -----------------------------------------------------------------------------------------------------------

    def test_structure_of_xes(self):
        """What the schema of IEEE 1849-2016 asks for: which elements in which order, typed values, declared keys."""
        self.make_reviewed().action_confirm()
        log = self.xes()
        self.assertEqual(etree.QName(log), etree.QName(XES["x"], "log"))
        self.assertEqual(log.get("xes.version"), "1849.2016")
        order = ["extension", "global", "classifier", "string", "trace"]
        tags = [etree.QName(child).localname for child in log]
        self.assertEqual(list(dict.fromkeys(tags)), order)
        self.assertEqual(sorted(tags, key=order.index), tags)
        prefixes = {node.get("prefix") for node in log.findall("x:extension", XES)}
        self.assertEqual(prefixes, {"concept", "time", "lifecycle", "org"})
        declared = {node.get("key") for node in log.xpath("x:global[@scope='event']/*", namespaces=XES)}
        for classifier in log.findall("x:classifier", XES):
            self.assertLessEqual(set(classifier.get("keys").split()), declared)
            self.assertNotIn(" ", classifier.get("name"))
        for node in log.xpath("//x:trace | //x:event", namespaces=XES):
            attributes = [child for child in node if etree.QName(child).localname != "event"]
            self.assertLessEqual({etree.QName(child).localname for child in attributes}, KINDS)
            keys = [child.get("key") for child in attributes]
            self.assertEqual(len(keys), len(set(keys)))
            if etree.QName(node).localname == "event":
                self.assertLessEqual(declared, set(keys))

    def test_hostile_names(self):
        """What is markup, a formula or no character at all elsewhere is a name here."""
        name = "=1+1]]><\"&'\x0b\x1b\ufffe\n客户 @SUM(A1),;"
        self.customer.name = name
        self.make_reviewed()
        clean = "=1+1]]><\"&'\n客户 @SUM(A1),;"
        [customer] = self.xes().xpath("//x:trace/x:string[@key='customer']/@value", namespaces=XES)
        self.assertEqual(customer, clean)
        [row] = self.rows()
        self.assertEqual(row["case:customer"], "'" + clean)
        for begin in "=+-@\t\r":
            self.customer.name = f"{begin}x"
            self.assertEqual(self.rows()[0]["case:customer"], f"'{begin}x")
        self.customer.name = "x;=1; -1\n@A, -1"  # a German spreadsheet begins cells after semicolons
        self.assertEqual(self.rows()[0]["case:customer"], "x;'=1; '-1\n'@A, -1")

    def test_a_customer_without_a_name(self):
        self.make_reviewed().partner_id.write({"type": "other", "name": False})
        self.assertEqual(self.rows()[0]["case:customer"], "")
        self.assertFalse(self.xes().xpath("//x:trace/x:string[@key='customer']", namespaces=XES))

    def test_csv_for_a_spreadsheet(self):
        self.make_reviewed()
        self.assertFalse(self.export().startswith(b"\xef\xbb\xbf"))
        self.assertTrue(self.export(bom=True).startswith(b"\xef\xbb\xbfcase:concept:name,"))

    # -- activities ----------------------------------------------------------------------------------------------------

    def test_stages_of_several_versions_are_one_activity(self):
        before = self.make_reviewed()
        draft = self.gated.browse(self.gated.action_new_version()["res_id"])
        draft.stage_ids[0].name = "Look Through"
        draft.stage_ids[1].name = "Close"
        self.assertEqual(self.rows()[0]["concept:name"], "Review", "a draft renames nothing")
        draft.action_publish()
        after = self.make_reviewed(process=draft)
        rows = self.rows()
        self.assertEqual([row["case:concept:name"] for row in rows], [before.name, after.name])
        self.assertEqual({row["concept:name"] for row in rows}, {"Look Through"})
        self.assertEqual(self.rows(version=self.gated.version)[0]["concept:name"], "Review")
        self.assertEqual(self.names(version=draft.version), [after.name])

    def test_two_activities_of_one_name(self):
        twice = self.make_process(
            {"name": "Look", "checkpoints": [{"name": "One"}]}, {"name": "Look", "checkpoints": [{}]}, code="TWICE"
        )
        order = self.make_gated(process=twice)
        self.tick(order, "One")
        [row] = self.rows(process="TWICE")
        self.assertEqual(row["concept:name"], f"Look ({twice.stage_ids[0].pace_key})")

    def test_two_orders_of_one_name(self):
        first, second = self.make_reviewed(name="SO/1"), self.make_reviewed(name="SO/1")
        self.assertEqual(self.names(), [f"SO/1 (#{first.id})", f"SO/1 (#{second.id})"])

    # -- cost ----------------------------------------------------------------------------------------------------------

    def test_queries(self):
        """As many for 50 orders as for 5, and a batch more costs the same again."""

        def count():
            self.env.invalidate_all()
            self.export()  # what is cached for good
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(self.rows())
            return self.env.cr.sql_log_count - before

        for _number in range(5):
            self.make_reviewed(partner=self.customer.copy())
        few = count()
        for _number in range(15):
            self.make_reviewed(partner=self.customer.copy())
        self.assertEqual(count(), few)
        self.patch(sop_event_log, "AT_ONCE", 5)
        batches = count()
        self.patch(sop_event_log, "AT_ONCE", 10)
        self.assertLessEqual((batches - count()) / 2, few)
