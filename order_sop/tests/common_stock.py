"""A desk with short lines: a process that matches stock, and makers of what is on its way."""

from datetime import timedelta

from odoo import Command, fields

from .common import SopCase, SopFixture


class StockFixture(SopFixture):
    """Orders under a process of one stage that matches stock; tables are scarce, and bought from a vendor."""

    @classmethod
    def set_up_stock(cls):
        cls.matching = cls.make_process(
            {
                "name": "Match stock",
                "department_id": cls.departments["warehouse"].id,
                "checkpoints": [
                    {"name": "Stock", "kind": "auto", "rule": "stock"},
                    *(
                        {"name": name, "kind": "manual", "department_id": cls.departments[name].id}
                        for name in ("purchasing", "sales")
                    ),
                ],
            },
            code="MATCH",
        )
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor", "email": "vendor@example.com"})
        cls.table = cls.other_product
        cls.table.seller_ids = [Command.create({"partner_id": cls.vendor.id, "price": 150.0, "delay": 5})]
        cls.bench = cls.env["product.product"].create(
            {"name": "Bench", "type": "consu", "is_storable": True, "list_price": 250.0, "taxes_id": []}
        )

    @classmethod
    def in_days(cls, days):
        return fields.Datetime.now().replace(microsecond=0) + timedelta(days=days)

    @classmethod
    def make_confirmed(cls, quantity=5, product=None, promised=10, lines=None, **vals):
        """Return a confirmed order of ``quantity`` tables at 300 each, promised in so many days, of the salesperson."""
        lines = lines or [(product or cls.table, quantity, 300.0)]
        vals = {"user_id": cls.users["sales"].id, "commitment_date": promised and cls.in_days(promised), **vals}
        order = cls.make_order(lines=lines, process=cls.matching, **vals)
        order.action_confirm()
        cls.commit()
        return order

    @classmethod
    def expect(cls, product, quantity, days):
        """Have ``quantity`` of ``product`` on its way from a vendor, expected in ``days``."""
        receipt = cls.env["stock.picking"].create(
            {
                "picking_type_id": cls.warehouse.in_type_id.id,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.warehouse.lot_stock_id.id,
                "scheduled_date": cls.in_days(days),
                "move_ids": [Command.create({"product_id": product.id, "product_uom_qty": quantity})],
            }
        )
        receipt.action_confirm()
        return receipt

    def desk(self, name, order=None):
        """Return the lines of the stock desk that the user called ``name`` sees, of ``order`` where one is given."""
        self.commit()
        self.env.invalidate_all()
        domain = [("order_id", "=", order.id)] if order else []
        return self.env["sop.stock.line"].with_user(self.users[name]).search(domain)

    def decide(self, name, order, kind, reason="Because", **wishes):
        """Have the user called ``name`` decide about the one line of ``order``; return the remedy."""
        options = {key: wishes.pop(key) for key in ("agreed", "seen") if key in wishes}
        line = self.env["sop.stock.line"].with_user(self.users[name]).browse(order.order_line.ids)
        remedy = self.env["sop.remedy"].browse(line.action_decide(kind, reason, wishes, **options))
        self.commit()
        self.env.invalidate_all()
        return remedy

    def events(self, order, *codes):
        """Return the data of the lines of the log of ``order`` with these ``codes``, oldest first."""
        self.commit()
        domain = [("order_id", "=", order.id), ("code", "in", codes)]
        return [event.data for event in self.env["sop.event"].sudo().search(domain, order="id")]


class StockCase(StockFixture, SopCase):
    """A transaction case with a stock desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_stock()
