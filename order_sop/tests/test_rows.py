"""Rows of the engine's records: read for all orders at once, of unsaved copies too, and as rights allow."""

from odoo.tests import tagged

from ..engine.reading import read_lines, stored
from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestRows(GateCase):
    def test_what_orders_wait_for_takes_as_many_queries_however_many_they_are(self):
        """None of them has anything left to do: whoever looks at their checks looks at those of all."""
        orders = self.env["sale.order"].union(*(self.make_delivered() for _number in range(6)))
        self.commit()
        counts = []
        for size in (6, 2, 6):  # the first warms up
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders[:size].mapped("sop_missing")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_an_unsaved_copy_of_an_order(self):
        """A form that holds orders asks for what a copy of one waits for, as its user changes it."""
        order = self.make_reviewed()
        self.env.invalidate_all()
        copy = self.env["sale.order"].new(origin=order)
        self.assertEqual(copy.sop_missing, order.sop_missing)
        self.assertTrue(order.sop_missing)
        read_lines(self.env["sale.order"].new({}), "sop_check_ids")

    def test_columns_as_they_are_kept(self):
        """The cache's own values, changed ones too: links as ids, in the order of the records."""
        checks = self.make_reviewed().sudo().sop_check_ids
        self.env.flush_all()
        self.env.invalidate_all()
        found = list(stored(checks, "state", "checkpoint_id", "picking_id"))
        self.assertEqual(found, [(c.id, c.state, c.checkpoint_id.id, c.picking_id.id or None) for c in checks])
        self.assertEqual(list(stored(checks.browse(), "state")), [])

    def test_lines_are_those_of_the_orm(self):
        """One plain SELECT says what a search says, and only for the superuser."""
        orders = self.make_reviewed() | self.make_delivered()
        self.commit()
        for name in ("sop_check_ids", "sop_visit_ids"):
            wanted = {order: order.sudo()[name] for order in orders}
            columns = [field.name for field in wanted[orders[0]]._get_columns().columns]
            values = {order: wanted[order].read(columns) for order in orders}
            self.env.invalidate_all()
            read_lines(orders.sudo(), name)
            before = self.env.cr.sql_log_count
            self.assertEqual({order: order.sudo()[name] for order in orders}, wanted)
            for order in orders:
                for line, value in zip(wanted[order], values[order], strict=True):
                    for column in ("company_id", "stage_id", "state", "left_at", "cycle", "reason_data", "superseded"):
                        if column in value:
                            kept = line[column].id if line._fields[column].type == "many2one" else line[column]
                            said = value[column][0] if isinstance(value[column], tuple) else value[column]
                            self.assertEqual(kept, said, column)
            self.assertEqual(self.env.cr.sql_log_count, before)
        self.env.invalidate_all()
        legal = orders.with_user(self.users["legal"])
        read_lines(legal, "sop_check_ids")
        self.assertEqual(legal.sop_check_ids, legal.sop_check_ids._filtered_access("read"))
