"""Orders that live at random for weeks, under processes with and without gates."""

from odoo import Command
from odoo.tests import freeze_time

from .common_fulfilment import FulfilmentCase
from .common_gates import GateFixture
from .life_of_flows import FlowLives

BEGIN = "2025-01-20 02:00:00"


class LivesCase(GateFixture, FulfilmentCase):
    """A company in Shanghai whose people do all that they may with orders."""

    Lives = FlowLives

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_gates()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.add_stock(cls.other_product, 1000)
        for group in ("sales_team.group_sale_manager", "stock.group_stock_manager", "account.group_account_manager"):
            cls.users["manager"].group_ids += cls.env.ref(group)
        cls.users["sales"].group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")

    @classmethod
    def make_plain(cls, *more, first="Take"):
        """Return a process without gates, with ``more`` stages behind its first one."""
        return cls.make_process(
            {"name": first, "time_limit_hours": 2, "checkpoints": [{"name": "Taken"}]},
            *more,
            {"name": "Think", "auto_advance": False, "time_limit_hours": 8},
            {"name": "Part", "checkpoints": [{"name": "Parted"}, {"kind": "auto", "rule": "requested_date"}]},
            code="PLAIN",
        )

    @classmethod
    def live(cls, seed, processes, orders, acts):
        """Play ``acts`` acts with ``orders`` orders, each under one of ``processes``; keep them as ``cls.orders``."""
        cls.addClassCleanup(cls.env.invalidate_all)
        with freeze_time(BEGIN) as clock:
            cls.buy()
            cls.lives = cls.Lives(cls(), clock, seed, processes)
            cls.lives.play(orders, acts)
            cls.now = clock()
        # no one has looked at these rows, and PostgreSQL would plan for the empty tables that it has seen
        cls.env.cr.execute("ANALYZE")
        cls.orders = cls.lives.orders

    @classmethod
    def buy(cls):
        """Receive goods that have a value from a vendor."""
        chairs, tables = cls.product, cls.other_product
        chairs.standard_price, tables.standard_price = 40.0, 70.5
        receipt = cls.env["stock.picking"].create(
            {
                "picking_type_id": cls.warehouse.in_type_id.id,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create({"product_id": product.id, "product_uom_qty": 2000}) for product in (chairs, tables)
                ],
            }
        )
        receipt.action_confirm()
        cls.ship(receipt)
