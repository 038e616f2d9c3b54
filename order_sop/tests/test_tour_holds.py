"""A hold in the browser: finance sets it by hand, the warehouse meets it on the delivery, finance releases it."""

from odoo.tests import HttpCase, tagged

from .common_gates import GateFixture


@tagged("post_install", "-at_install")
class TestTourHolds(GateFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_gates()
        finance = cls.departments["finance"].id
        exception = {"department_id": finance, "waive_department_ids": [finance]}
        process = cls.make_process(
            cls.stage("Review", "confirm", {"name": "Reviewed"}),
            cls.stage(
                "Pack",
                "ship",
                {"name": "Packed", "scope": "delivery"},
                {"name": "Card checked", "kind": "manual", **exception},
                department="warehouse",
                auto_advance=False,
            ),
            code="HELD",
        )
        cls.order = cls.make_confirmed(process=process)
        cls.delivery = cls.order.picking_ids
        cls.delivery.action_assign()
        cls.tick(cls.order, "Packed")
        cls.commit()

    def walk(self, department, tour, record):
        """Let the user of ``department`` do ``tour`` on the form of ``record``."""
        path = f"sop-orders/{record.id}" if record == self.order else f"m-stock.picking/{record.id}"
        self.start_tour(f"/odoo/{path}", f"order_sop_{department}_{tour}", login=f"sop_{department}", timeout=180)
        self.env.invalidate_all()

    def test_finance_stops_an_order_and_lets_it_go(self):
        self.walk("finance", "holds", self.order)
        hold = self.order.sop_hold_ids
        self.assertEqual((hold.type_id.code, hold.note), ("fraud", "The card was reported stolen"))
        self.assertEqual((hold.set_by_id, self.order.sop_status), (self.users["finance"], "on_hold"))
        self.walk("warehouse", "meets_a_hold", self.delivery)
        self.assertEqual(self.delivery.state, "assigned")
        self.walk("finance", "releases", self.order)
        waiver = self.env["sop.waiver"].search([("order_id", "=", self.order.id)])
        self.assertEqual((waiver.reason, waiver.user_id), ("The bank is closed today", self.users["finance"]))
        self.assertEqual(hold.release_reason, "The bank has confirmed the card")
        self.assertEqual((hold.outcome, self.order.sop_status), ("hand", "running"))
        self.walk("warehouse", "ships", self.delivery)
        self.assertEqual(self.delivery.state, "done")
