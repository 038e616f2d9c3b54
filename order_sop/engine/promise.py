from odoo import api, models

from .crons import LATER, trigger
from .guard import as_engine
from .isolation import isolated

BATCH = 100


class _Reason(str):
    """Why a date is moved, and by which remedy. Made in this module only: nobody can send one over RPC."""

    remedy = None


class SopEnginePromise(models.AbstractModel):
    """Keeps what orders were promised for, and tells customers when that moves: once, after the commit, by a cron."""

    _name = "sop.engine.promise"
    _description = "SOP engine: promised dates"

    @api.model
    def _move(self, order, date, reason, remedy):
        """Promise the one ``order`` for ``date`` (naive UTC) because of ``remedy``."""
        note = _Reason(reason or "")
        note.remedy = remedy.id
        order.with_context(sop_promise_reason=note).commitment_date = date

    @api.model
    def _keep(self, before):
        """Keep that the delivery date of orders has changed, on whatever path.

        :param before: ``{order: delivery date before}``
        """
        note = self.env.context.get("sop_promise_reason")
        note = note if isinstance(note, _Reason) else None
        moved = [order for order, date in before.items() if order.commitment_date != date]
        if not moved:
            return
        moved = [order.sudo() for order in moved]  # follows the order's own change
        before = {order.sudo(): date for order, date in before.items()}  # as above
        now, journal = self.env["sop.engine.clock"]._now(), []
        vals_list = []
        for order in moved:
            old, new = before[order], order.commitment_date
            vals_list.append(
                {
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "old_date": old,
                    "new_date": new,
                    "reason": note and str(note),
                    "remedy_id": note and note.remedy,
                    "changed_at": now,
                    "changed_by_id": self.env.uid,
                    "to_tell": order.state == "sale" and bool(new),
                }
            )
            dates = {"from": old and old.isoformat(), "to": new and new.isoformat(), "note": note and str(note)}
            journal.append((order, "promised", {key: value for key, value in dates.items() if value}))
        self.env["sop.engine.evaluation"]._lock(moved[0].union(*moved))
        as_engine(self.env["sop.promise"]).create(vals_list)
        self.env["sop.engine.evaluation"]._close_journal(journal)
        if any(vals["to_tell"] for vals in vals_list):
            trigger(self.env, "promise_cron")

    # -- telling -------------------------------------------------------------------------------------------------------

    @api.model
    def _cron_tell(self):
        """Tell customers of what moved, the last move of each order; who cannot be told does not stop the others."""
        cron, promises = self.env["ir.cron"], self.env["sop.promise"].search([("to_tell", "=", True)], order="id")
        orders = promises.grouped("order_id")
        cron._commit_progress(remaining=len(orders))
        for order, moves in list(orders.items())[: BATCH * 10]:
            if order.try_lock_for_update(allow_referencing=True):
                isolated(order, lambda order, moves=moves: self._tell(order, moves))
            if not cron._commit_progress(1):
                break

    @api.model
    def _tell(self, order, moves):
        """Tell the customer of the one ``order`` of the last of ``moves``, all of which he was not told of, if its date
        still holds."""
        told, last = False, moves.sorted("id")[-1:]
        unchanged = moves.sorted("id")[:1].old_date == last.new_date  # there and back again: nothing to tell
        if order.state == "sale" and not unchanged and order.commitment_date == last.new_date:
            told = self.env["sop.engine.notify"]._try_post(order, "order_sop.mail_template_promise")
            if told is None:
                trigger(self.env, "promise_cron", self.env["sop.engine.clock"]._now() + LATER)
                return
        told_at = told and self.env["sop.engine.clock"]._now()
        as_engine(moves).write({"to_tell": False} | ({"told_at": told_at} if told else {}))
        if told:
            self.env["sop.engine.evaluation"]._close_journal([(order, "informed", {"promise": last.id})])
