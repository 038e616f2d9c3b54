"""Tracking events out of files: good lines are taken, the others named with their line."""

import io
import zipfile
from base64 import b64encode
from datetime import datetime

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common_delivery import DeliveryFixture

HEADER = "number,event,time,place,note\n"


@tagged("post_install", "-at_install")
class TestTrackingImport(DeliveryFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_deliveries()
        cls.order = cls.make_shipped()
        cls.delivery = cls.order.picking_ids
        cls.users["logistics"].tz = "Asia/Shanghai"

    def load(self, content, user="logistics"):
        content = content.encode() if isinstance(content, str) else content
        wizard = self.env["sop.tracking.import"].with_user(self.users[user])
        wizard = wizard.create({"carrier_id": self.carrier.id, "file": b64encode(content)})
        wizard.action_import()
        return wizard

    def xlsx(self, *rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def far(self):
        """Return a small spreadsheet that claims to have billions of rows."""
        small, large = zipfile.ZipFile(io.BytesIO(self.xlsx(["number", "event", "time"], ["x"]))), io.BytesIO()
        with zipfile.ZipFile(large, "w") as archive:
            for name in small.namelist():
                content = small.read(name)
                if name.endswith("sheet1.xml"):
                    for place in (b'r="2"', b'r="A2"', b"A1:C2"):
                        content = content.replace(place, place.replace(b"2", b"9999999999"))
                archive.writestr(name, content)
        return large.getvalue()

    def test_no_base64(self):
        wizard = self.env["sop.tracking.import"].with_user(self.users["logistics"])
        wizard = wizard.create({"carrier_id": self.carrier.id, "file": "x"})
        with self.assertRaisesRegex(UserError, "no file"):
            wizard.action_import()

    def test_csv(self):
        wizard = self.load(
            HEADER
            + "TRACK-1,picked_up,2026-01-05 08:00,Shanghai,\n"
            + "\n"
            + "OTHER,in_transit,2026-01-05 09:00,,\n"
            + "TRACK-1,lost,2026-01-05 10:00,,\n"
            + "TRACK-1,delivered,soon,,\n"
            + "TRACK-1,delivered,2026-01-06T10:00:00Z,Beijing,Signed\n"
        )
        self.assertEqual((wizard.created, wizard.duplicates), (2, 0))
        self.assertEqual(wizard.line_ids.mapped("line"), [4, 5, 6])
        self.assertIn("Courier", wizard.line_ids[0].problem)
        self.assertIn("picked_up", wizard.line_ids[1].problem)
        delivered, picked_up = self.delivery.sop_tracking_ids
        self.assertEqual(str(picked_up.event_at), "2026-01-05 00:00:00", "as it is in Shanghai")
        self.assertEqual(str(delivered.event_at), "2026-01-06 10:00:00", "with an offset, as it says")
        self.assertEqual((delivered.source, delivered.user_id), ("import", self.users["logistics"]))
        self.assertEqual(self.delivery.sop_tracking_state, "delivered")

    def test_the_same_file_again(self):
        content = HEADER + "TRACK-1,picked_up,2026-01-05 08:00,,\nTRACK-1,picked_up,2026-01-05 08:00,,\n"
        self.assertEqual((self.load(content).created, len(self.delivery.sop_tracking_ids)), (1, 1))
        wizard = self.load(content)
        self.assertEqual((wizard.created, wizard.duplicates, len(wizard.line_ids)), (0, 2, 0))

    def test_chinese_files(self):
        text = "运单号;状态;时间;地点\nTRACK-1;Delivered;2026/01/05 10:00;上海\n"
        for encoding in ("utf-8-sig", "gb18030"):
            self.load(text.replace("10:00", "11:00" if encoding == "gb18030" else "10:00").encode(encoding))
        self.assertEqual(self.delivery.sop_tracking_ids.mapped("place"), ["上海", "上海"])

    def test_xlsx(self):
        wizard = self.load(
            self.xlsx(
                ["Tracking number", "Status", "Time", "Note", "ID"],
                ["TRACK-1", "Out for Delivery", datetime(2026, 1, 5, 8), "=1+1", 5],
                [None, None, None],
                ["TRACK-1", "Delivered", "2026-01-05 12:00", '@SUM("x")', 6.0],
                [12345678, "delivered", datetime(2026, 1, 5, 8), None, None],
            )
        )
        self.assertEqual((wizard.created, wizard.line_ids.line), (2, 5))
        self.assertEqual(wizard.line_ids.number, "12345678")
        delivered, out = self.delivery.sop_tracking_ids
        self.assertEqual((out.note, out.external_id), (False, "5"), "a formula has no value until somebody computes it")
        self.assertEqual((delivered.note, delivered.external_id), ('\'@SUM("x")', "6"))

    def test_what_cannot_be_read(self):
        many = HEADER + "TRACK-1,delivered,2026-01-05,,\n" * 5001
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"0" * (60 * 1024 * 1024))
        for content, text in (
            (b"", "nothing|columns"),
            ("a,b\n1,2\n", "columns"),
            (HEADER, "nothing"),
            (b"PK\x03\x04 broken", "neither"),
            (b"\x00\x01\x02\x03" * 30, "neither"),
            (b"\xff\xfe\x80\x81", "neither|columns"),
            (many, "too large"),
            (b"x" * (5 * 1024 * 1024 + 1), "too large"),
            (bomb.getvalue(), "too large"),
            (self.far(), "too large"),
        ):
            with self.assertRaisesRegex(UserError, text):
                self.load(content)
        self.assertFalse(self.delivery.sop_tracking_ids)

    def test_who_may(self):
        for name in ("warehouse", "customer_service", "sales", "auditor"):
            with self.assertRaises(AccessError, msg=name):
                self.load(HEADER + "TRACK-1,delivered,2026-01-05,,\n", name)
        self.load(HEADER + "TRACK-1,delivered,2026-01-05,,\n", "manager")
        self.assertTrue(self.delivery.sop_tracking_ids)

    def test_another_company_is_not_reached(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.users["logistics"].write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        wizard = self.load(HEADER + "TRACK-1,delivered,2026-01-05,,\n")
        self.assertEqual((wizard.created, wizard.line_ids.line), (0, 2))
        self.assertFalse(self.delivery.sop_tracking_ids)

    def test_others_wizards_are_not_seen(self):
        wizard = self.load(HEADER + "OTHER,delivered,2026-01-05,,\n")
        with self.assertRaises(AccessError):
            wizard.with_user(self.users["manager"]).read(["line_ids"])
