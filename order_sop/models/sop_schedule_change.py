from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.guard import as_engine


class SopScheduleChange(models.Model):
    """Working hours that were changed, and whose open deadlines ``sop.engine.reschedule`` has to set anew; or usual
    hours of a process, by which open promises are judged anew.

    Lines are only added and, once worked off, deleted: whoever changes hours never waits for the cron, nor it for him.
    """

    _name = "sop.schedule.change"
    _description = "SOP Changed Working Hours"
    _inherit = ["sop.guard.mixin"]
    _order = "id"

    calendar_id = fields.Many2one("resource.calendar", readonly=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", readonly=True, ondelete="cascade", help="All orders of this company are concerned."
    )
    process_code = fields.Char(
        readonly=True, help="What was learned of processes with this code has changed, no working hours."
    )
    order_id = fields.Many2one(
        "sale.order", readonly=True, ondelete="cascade", index=True, help="This one order only: it was not free."
    )
    case_id = fields.Many2one(
        "sop.case", readonly=True, ondelete="cascade", index="btree_not_null", help="This one case only, likewise."
    )
    last_visit = fields.Integer(readonly=True, help="How far the cron has come: the id of a visit.")

    @api.model
    def _add(self, vals_list, at=None):
        """Note down changes, each once a transaction, and have the cron follow them after the commit.

        :param vals_list: dicts with ``calendar_id``, ``company_id``, ``order_id`` or ``case_id``; none of them: all.
            With a ``process_code`` only what is promised is looked at
        :param at: when to follow them (naive UTC); None: soon
        """
        noted = self.env.cr.precommit.data.setdefault("order_sop.schedules", set())
        fresh = {tuple(sorted(vals.items())): vals for vals in vals_list if tuple(sorted(vals.items())) not in noted}
        if fresh:
            noted.update(fresh)
            as_engine(self).create(list(fresh.values()))
            self.env["sop.engine.reschedule"]._trigger(at)

    def _get_domain(self):
        """Return which open visits the one change in ``self`` concerns and have not had their turn yet."""
        domain = Domain("left_at", "=", False) & Domain("id", ">", self.last_visit)
        if self.order_id or self.case_id:
            return domain & Domain("order_id", "=", self.order_id.id) & Domain("case_id", "=", self.case_id.id)
        if self.process_code:
            promised = Domain("sop_miss_at", "!=", False)
            domain &= Domain("order_id", "any!", promised) | Domain("case_id", "any!", promised)
            domain &= Domain("stage_id.process_id.code", "=", self.process_code)
        if self.company_id:
            return domain & Domain("company_id", "=", self.company_id.id)
        if self.calendar_id:
            companies = self.env["res.company"].search([("resource_calendar_id", "=", self.calendar_id.id)])
            own = Domain("stage_id.process_id.calendar_id", "=", self.calendar_id.id)
            general = Domain("stage_id.process_id.calendar_id", "=", False) & Domain("company_id", "in", companies.ids)
            return domain & (own | general)
        return domain
