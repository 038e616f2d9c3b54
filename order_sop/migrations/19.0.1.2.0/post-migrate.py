"""Stages and checks are added up by days and by what is known of orders, too; sums have no foreign keys to people; what
services take promises nothing any more."""

from odoo.api import SUPERUSER_ID, Environment
from odoo.tools import SQL

BY_PERSON = ("sop_visit_tally", "sop_visit_profile_tally", "sop_check_tally", "sop_check_profile_tally")


def migrate(cr, version):
    for table in BY_PERSON:
        key = SQL.identifier(f"{table}_user_id_fkey")
        cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", SQL.identifier(table), key))
    env = Environment(cr, SUPERUSER_ID, {})
    for table in ("sop_visit_profile_day_tally", "sop_check_profile_day_tally"):
        env["sop.engine.tally"]._add_up(table)
    env["sop.engine.fact"]._note_where(
        SQL(
            "id IN (SELECT l.order_id FROM sale_order_line l JOIN product_product p ON p.id = l.product_id"
            " JOIN product_template t ON t.id = p.product_tmpl_id"
            " WHERE l.customer_lead > 0 AND (t.type <> 'consu' OR l.is_delivery))"
        )
    )
