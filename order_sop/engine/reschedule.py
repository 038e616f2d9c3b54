from odoo import api, models
from odoo.tools import plaintext2html

from .crons import LATER, trigger
from .guard import as_engine
from .isolation import isolated
from .reading import read_lines

BATCH = 200
ACTIVITY = "order_sop.mail_activity_working_hours"


class SopEngineReschedule(models.AbstractModel):
    """Sets open deadlines anew after somebody changed working hours or holidays, and judges open promises anew after
    something was learned of usual hours; by a cron, in batches."""

    _name = "sop.engine.reschedule"
    _description = "SOP engine: changed working hours"

    @api.model
    def _trigger(self, at=None):
        """Have changed hours followed soon after this transaction is committed, or at ``at`` (naive UTC)."""
        trigger(self.env, "reschedule_cron", at)

    @api.model
    def _cron_follow(self):
        """Work off what is noted in ``sop.schedule.change``; killed at any point, the next run goes on from there."""
        cron, told = self.env["ir.cron"], False
        changes = self.env["sop.schedule.change"].search([("id", ">", 0)], order="id")
        cron._commit_progress(remaining=len(changes))
        for change in changes:
            follow = self._follow_pace if change.process_code else self._follow
            while visits := self.env["sop.visit"].search(change._get_domain(), order="id", limit=BATCH):
                for part in visits._by_model():
                    isolated(part, follow)
                as_engine(change).write({"last_visit": visits[-1].id})
                if not cron._commit_progress():
                    return
            if not (told or change.order_id or change.case_id or change.process_code):  # those are about working hours
                self._tell_owners()
                told = True
            as_engine(change).unlink()
            if not cron._commit_progress(1):
                return

    @api.model
    def _follow(self, visits):
        """Set the times of ``visits``, and of their orders' checks, anew; later, where somebody works on the order."""
        free, clock, journal = self._lock(visits), self.env["sop.engine.clock"], []
        read_lines(free, "sop_check_ids")
        for document in free:
            if document.sop_visit_id:
                records = [document.sop_visit_id, *clock._get_ticking(document)]
                clock._reset(document, records, "rescheduled", {}, journal)
        self.env["sop.engine.pace"]._follow(free)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _follow_pace(self, visits):
        """Judge anew whether the orders of ``visits`` will be ready in time."""
        self.env["sop.engine.pace"]._follow(self._lock(visits))

    @api.model
    def _lock(self, visits):
        """Lock the orders of ``visits``; return those on which nobody works, the others come later."""
        documents = visits.flow
        free = documents.try_lock_for_update(allow_referencing=True)
        busy = [{documents._sop_link: document.id} for document in documents - free]
        self.env["sop.schedule.change"]._add(busy, self.env["sop.engine.clock"]._now() + LATER)
        return free

    # -- hours that are gone -------------------------------------------------------------------------------------------

    @api.model
    def _tell_owners(self):
        """Tell the owner of each process whose time limits never end, since its calendar has lost all hours, once; and
        take that back when there are hours again."""
        for process in self.env["sop.process"].search([("state", "=", "published")]):
            faults = process._get_calendar_faults()
            known = process.activity_search([ACTIVITY])
            if faults and not known:
                admin = self.env.ref("base.user_admin", raise_if_not_found=False)
                owner = process.owner_id if process.owner_id.active else admin
                process.activity_schedule(ACTIVITY, user_id=owner.id, note=plaintext2html("\n".join(faults)))
            elif known and not faults:
                known.unlink()
