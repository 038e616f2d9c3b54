from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file


@tagged("post_install", "-at_install")
class DemoCase(TransactionCase):
    """The demo data, loaded where they are not there yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref("order_sop.demo_b2b_done", raise_if_not_found=False):
            for filename in Manifest.for_addon("order_sop")["demo"]:
                convert_file(cls.env, "order_sop", filename, {}, mode="init", noupdate=True)
            cls.env.cr.precommit.run()
        data = cls.env["ir.model.data"].search([("module", "=", "order_sop"), ("model", "=", "sale.order")])
        cls.orders = cls.env["sale.order"].browse(data.mapped("res_id"))
        cls.open = cls.orders.filtered(lambda order: order.sop_status in ("running", "waiting", "on_hold"))

    def order(self, name):
        return self.env.ref(f"order_sop.demo_{name}")
