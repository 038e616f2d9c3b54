"""Stages and checks are added up by days and by what is known of orders, too."""

from odoo.api import SUPERUSER_ID, Environment


def migrate(cr, version):
    env = Environment(cr, SUPERUSER_ID, {})
    for table in ("sop_visit_profile_day_tally", "sop_check_profile_day_tally"):
        env["sop.engine.tally"]._add_up(table)
