import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from . import closing as engine_closing
from .crons import LATER, trigger
from .guard import as_engine
from .isolation import BUSY

MOST_AT_ONCE = 10_000
"""Orders that somebody waits for as he signs or compares; more are done by a cron."""
UNSIGNED = {
    "state": "draft",
    "signed_at": False,
    "signed_by_id": False,
    "partner_name": False,
    "order_count": 0,
    "line_count": 0,
    "frozen_to": 0,
    "last_move": 0,
    "last_partial": 0,
}

_logger = logging.getLogger(__name__)


class SopEngineClosingSigning(models.AbstractModel):
    """Signs closings: at once, or by a cron where there are many orders, some thousands a transaction.

    Where the cron is stopped it goes on behind the last order that it froze. When somebody signed, and what the latest
    documents were, is kept as he signs: what is booked while the cron is at it counts as made after the signing.
    """

    _inherit = "sop.engine.closing"

    @api.model
    def _sign(self, closings):
        """See ``sop.closing.action_sign``."""
        room = MOST_AT_ONCE
        for closing in self._to_act_on(closings, "draft"):
            if closing.day >= self.env["sop.ledger"]._get_day(closing.company_id):
                raise UserError(self.env._("“%s” can be signed when its day is over.", closing.display_name))
            self._name_customer(closing)
            self._begin(closing)
            if closing.order_count <= room:
                room -= closing.order_count
                while self._freeze_some(closing):
                    pass
                self._finish(closing)
            else:
                self._log(closing, "signing", False)
                trigger(self.env, "closing_cron")

    @api.model
    def _begin(self, closing):
        """Keep who signs the one ``closing`` and when, how much there is to freeze, and which documents there are."""
        scope, domain = self._get_scope(closing)
        last_move, last_partial = self._get_latest()
        as_engine(closing).write(
            {
                "state": "signing",
                "signed_at": fields.Datetime.now(),
                "signed_by_id": self.env.uid,
                "order_count": scope.search_count(domain),
                "last_move": last_move,
                "last_partial": last_partial,
            }
        )

    @api.model
    def _get_latest(self):
        """Return the ids of the latest entry and the latest reconciliation there are."""
        [row] = self.env.execute_query(
            SQL(
                "SELECT (SELECT COALESCE(MAX(id), 0) FROM account_move),"
                " (SELECT COALESCE(MAX(id), 0) FROM account_partial_reconcile)"
            )
        )
        return row

    @api.model
    def _freeze_some(self, closing):
        """Write the next lines of the one ``closing``; tell whether there may be more."""
        scope, domain = self._get_scope(closing)
        limit = engine_closing.AT_ONCE
        orders = scope.search(domain & Domain("id", ">", closing.frozen_to), order="id", limit=limit)
        if orders:
            figures = self._get_figures(orders)
            self._insert(closing, figures.values())
            count = closing.line_count + len(figures)
            as_engine(closing).write({"frozen_to": orders._ids[-1], "line_count": count})
        self.env.flush_all()
        self.env.invalidate_all()
        return len(orders) == limit

    @api.model
    def _finish(self, closing):
        """Seal the lines of the one ``closing``: it is signed."""
        [[outstanding]] = self.env.execute_query(
            SQL("SELECT COALESCE(SUM(outstanding_company), 0) FROM sop_closing_line WHERE closing_id = %s", closing.id)
        )
        as_engine(closing).write(
            {
                "state": "half" if closing.company_id.sop_countersign else "signed",
                "hash": self._get_hash(closing),
                "outstanding_company": float(outstanding),
            }
        )
        self._log(closing, "signed", closing.hash, closing.signed_by_id)

    # -- in the background ---------------------------------------------------------------------------------------------

    @api.model
    def _cron_sign(self):
        """Go on with all closings that are being signed, for a cron; one that fails does not stop the others."""
        cron = self.env["ir.cron"]
        closings = self.env["sop.closing"].search([("state", "=", "signing")], order="signed_at, id")
        cron._commit_progress(remaining=len(closings))
        for number, closing in enumerate(closings, 1):
            going_on = True
            while going_on:
                going_on = self._go_on(closing)
                if not cron._commit_progress(1, remaining=len(closings) - number + going_on):
                    return

    @api.model
    def _go_on(self, closing):
        """Do the next step of the one ``closing``; tell whether there is another one, now."""
        try:
            with self.env.cr.savepoint():
                if not closing.try_lock_for_update(allow_referencing=True):
                    raise ConcurrencyError("order_sop: another session is working on the same closing")
                if self._freeze_some(closing):
                    return True
                self._finish(closing)
                self._compare_soon(closing)
                self._tell_signed(closing)
                self.env.flush_all()
        except BUSY:
            trigger(self.env, "closing_cron", fields.Datetime.now() + LATER)
        except Exception as error:
            self.env.invalidate_all()
            _logger.exception("order_sop: %s cannot be signed", closing)
            self._fail(closing, error)
        return False

    @api.model
    def _compare_soon(self, closing, everything=False):
        """Have the cron look for late entries in the one ``closing`` soon: of what changed since it was compared or
        signed, or of all its orders."""
        now = fields.Datetime.now()
        as_engine(closing).write({"began_at": now, "last_order": 0, "compare_all": everything})
        trigger(self.env, "late_cron")

    @api.model
    def _fail(self, closing, error):
        """Make the one ``closing`` a draft again, of which nothing was signed, and tell who wanted to sign it."""
        user = closing.signed_by_id
        self.env.cr.execute(SQL("DELETE FROM sop_closing_line WHERE closing_id = %s", closing.id))
        self.env["sop.closing.line"].invalidate_model()
        closing.invalidate_recordset()
        as_engine(closing).write(UNSIGNED)
        env = self.with_context(lang=user.lang).env
        words = str(error) if isinstance(error, UserError) else env._("The log of the server says why.")
        self._log(closing, "failed", words, user)
        self._tell(closing, user, env._("Could not be signed: %s", closing.with_env(env).display_name), words)

    @api.model
    def _tell_signed(self, closing):
        user = closing.signed_by_id
        env = self.with_context(lang=user.lang).env
        name = closing.with_env(env).display_name
        if closing.state == "half":
            words = env._("Somebody else of Finance countersigns it.")
        else:
            words = env._("%s orders are frozen as they were by the end of that day.", closing.line_count)
        self._tell(closing, user, env._("Signed: %s", name), words)

    @api.model
    def _tell(self, closing, user, subject, body):
        if user.active:
            self.env["mail.thread"].sudo().message_notify(  # in the name of the house
                partner_ids=user.partner_id.ids, subject=subject, body=body, model=closing._name, res_id=closing.id
            )
