from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_work import WorkCase, manual


@tagged("post_install", "-at_install")
class TestBoard(WorkCase):
    """The department's board: late first, then blocked; nobody moves an order by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blocking = cls.make_process(
            {
                "name": "Pack",
                "department_id": cls.house.id,
                "time_limit_hours": 4,
                "checkpoints": [{"kind": "auto", "rule": "quantity"}, manual("Packed")],
            },
            {"name": "Billed", "department_id": cls.departments["finance"].id, "checkpoints": [manual("Billed")]},
            code="BLOCK",
        )
        cls.running = cls.make_orders(1)
        cls.blocked = cls.make_order(process=cls.blocking, lines=[(cls.product, 0, 1.0)])
        with freeze_time(fields.Datetime.now() - timedelta(days=9)):
            cls.late = cls.make_orders(1)
        cls.commit()

    def board(self, name):
        return self.env["sale.order"].with_user(self.users[name]).with_context(sop_board=True)

    def test_late_and_blocked_first(self):
        orders = self.running | self.blocked | self.late
        self.assertEqual(self.blocked.sop_status, "waiting")
        found = self.board("anna").search([("id", "in", orders.ids)], order="sop_urgency, sop_deadline, id")
        self.assertEqual(found.ids, [self.late.id, self.blocked.id, self.running.id])
        self.assertEqual(found.mapped("sop_urgency"), [0, 1, 2])
        last = self.board("anna").search([("id", "in", orders.ids)], order="sop_urgency desc", limit=1)
        self.assertEqual(last.id, self.running.id)

    def test_columns(self):
        """Stages of one's department and those that have orders, each with the name of its process."""
        domain = [("id", "in", (self.running | self.blocked).ids)]
        board = self.board("anna").with_context(read_group_expand=True)
        groups = board.web_read_group(domain, ["sop_stage_id"], ["__count"])["groups"]
        names = [group["sop_stage_id"][1] for group in groups]
        self.assertEqual(sorted(names), ["Pack (BLOCK)", "Pack (PACK)", "Ship (PACK)"])
        self.assertEqual({group["__count"] for group in groups}, {0, 1})

    def test_dragging_moves_nothing(self):
        stage = self.process.stage_ids[-1]
        for name in ("anna", "manager", "sales"):
            with self.assertRaises(AccessError):
                self.running.with_user(self.users[name]).web_save({"sop_stage_id": stage.id}, {})
        self.assertEqual(self.running.sop_stage_id, self.process.stage_ids[0])
