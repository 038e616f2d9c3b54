"""The packing list of a delivery: what is in which package, what it weighs, in the reader's words, for whom."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common_delivery import DeliveryFixture

REPORT = "order_sop.sop_packing_list_report"


@tagged("post_install", "-at_install")
class TestPackingList(DeliveryFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_deliveries()
        cls.product.write({"weight": 5.0, "default_code": "CH-1"})
        cls.other_product.weight = 20.0
        cls.add_stock(cls.other_product, 100)
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        lines = [(cls.product, 10, 1.0), (cls.other_product, 3, 1.0)]
        cls.order = cls.make_order(process=cls.shipping, lines=lines, client_order_ref="PO-4711")
        cls.order.action_confirm()
        cls.delivery = cls.order.picking_ids
        cls.delivery.action_assign()
        cls.commit()

    def pack(self, move, quantity, package):
        """Put ``quantity`` of what ``move`` reserves into ``package``."""
        line = move.move_line_ids.filtered(lambda line: not line.result_package_id)[:1]
        if quantity < line.quantity:
            line.copy({"quantity": quantity, "result_package_id": package.id})
            line.quantity -= quantity
        else:
            line.result_package_id = package

    def text(self, user="warehouse", deliveries=None):
        """Return the packing list as that user prints it, without the marks."""
        report = self.env["ir.actions.report"].with_user(self.users[user])
        html = report._render_qweb_html(REPORT, (deliveries or self.delivery).ids)[0].decode()
        return " ".join(html.split())

    # -- what it says --------------------------------------------------------------------------------------------------

    def test_packages_and_weights(self):
        crate = self.env["stock.package.type"].create({"name": "Crate", "base_weight": 2.5})
        first = self.env["stock.package"].create({"name": "BOX-1", "package_type_id": crate.id})
        second = self.env["stock.package"].create({"name": "BOX-2", "shipping_weight": 61.5})
        chairs, tables = self.delivery.move_ids.sorted("id")
        self.pack(chairs, 4, first)
        self.pack(tables, 3, second)
        packing = self.delivery._sop_packing_list()
        self.assertEqual([(p["name"], p["type"], p["weight"]) for p in packing["packages"]],
            [("BOX-1", "Crate", 22.5), ("BOX-2", False, 61.5)])  # fmt: skip
        self.assertEqual([(line["code"], line["quantity"], line["weight"]) for line in packing["loose"]],
            [("CH-1", 6, 30.0)])  # fmt: skip
        self.assertEqual((packing["count"], packing["weight"]), (3, 114.0))
        self.assertEqual((packing["orders"], packing["references"]), ([self.order.name], ["PO-4711"]))
        text = self.text()
        for word in (self.order.name, "PO-4711", "BOX-1", "Crate", "CH-1", "Chair", "114.00", "Without a package"):
            self.assertIn(word, text)
        self.assertEqual(text.count("border: 0.4mm solid"), 5, "a box to tick for each package and line")
        self.assertNotIn("Packing Operations", text)

    def test_units_and_lots(self):
        self.product.tracking = "lot"
        lot = self.env["stock.lot"].create({"name": "LOT-7", "product_id": self.product.id})
        self.env["stock.quant"]._update_available_quantity(self.product, self.warehouse.lot_stock_id, 100, lot_id=lot)
        order = self.make_order(process=self.shipping, lines=[(self.product, 2, 1.0)])
        order.order_line.product_uom_id = self.dozen
        order.action_confirm()
        delivery = order.picking_ids
        delivery.action_assign()
        delivery.move_ids.move_line_ids.lot_id = lot
        packing = delivery._sop_packing_list()
        [line] = packing["loose"]
        self.assertEqual((line["weight"], line["lot"], packing["has_lots"]), (120.0, "LOT-7", True))
        self.assertEqual(line["quantity"] * {"Dozens": 12, "Units": 1}[line["unit"]], 24)
        self.assertIn("LOT-7", self.text(deliveries=delivery))

    def test_before_anything_is_reserved(self):
        self.delivery.do_unreserve()
        packing = self.delivery._sop_packing_list()
        self.assertEqual([line["quantity"] for line in packing["loose"]], [10, 3])

    def test_several_at_once(self):
        other = self.make_shipped().picking_ids
        text = self.text(deliveries=self.delivery | other)
        self.assertIn(self.delivery.name, text)
        self.assertIn(other.name, text)

    def test_its_day_is_the_companys(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self.users["warehouse"].tz = "America/New_York"
        self.delivery.move_ids.date = "2026-01-05 20:00:00"
        self.assertIn("01/06/2026", self.text())
        self.assertEqual(self.delivery._sop_packing_list()["date"], "01/06/2026")

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.product.with_context(lang="zh_CN").name = "椅子"
        self.delivery.partner_id.lang = "zh_CN"
        self.assertIn("椅子", self.text())
        self.delivery.partner_id.lang = "en_US"
        self.assertNotIn("椅子", self.text())

    # -- for whom ------------------------------------------------------------------------------------------------------

    def test_for_whoever_may_read_the_delivery(self):
        self.users["employee"] = new_test_user(self.env, login="sop_employee", groups="base.group_user")
        self.users["portal"] = new_test_user(self.env, login="sop_portal", groups="base.group_portal")
        self.users["portal"].partner_id.parent_id = self.customer
        self.customer.user_ids = [Command.link(self.users["portal"].id)]
        for name, user in self.users.items():
            if self.delivery.with_user(user).has_access("read"):
                self.assertIn("Chair", self.text(name), name)
            else:
                with self.assertRaises(AccessError, msg=name):
                    self.text(name)
                with self.assertRaises(AccessError, msg=name):
                    self.delivery.with_user(user)._sop_packing_list()
        self.assertFalse(self.delivery.with_user(self.users["legal"]).has_access("read"), "the list has both")

    def test_over_http(self):
        url = f"/report/html/order_sop.sop_packing_list/{self.delivery.id}"
        self.authenticate("sop_warehouse", "sop_warehouse")
        self.assertIn("Chair", self.url_open(url).text)
        self.authenticate("sop_legal", "sop_legal")
        response = self.url_open(url)
        self.assertNotEqual(response.status_code, 200)
        self.assertNotIn("Chair", response.text)
        self.authenticate(None, None)
        self.assertNotIn("Chair", self.url_open(url).text)
