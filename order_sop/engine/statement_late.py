from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from .difference_scan import MARGIN
from .guard import as_engine
from .isolation import isolated

BATCH = 200
AT_LEAST = timedelta(days=7)
"""How often a statement is compared even though none of its customer's entries was written."""
AT_MOST = timedelta(hours=12)
MOST_NAMED = 20
SENT = ("sent", "confirmed", "disputed")


class SopEngineStatementLate(models.AbstractModel):
    """Finds late entries in statements: the books say something else today of a period whose statement was sent."""

    _name = "sop.engine.statement.late"
    _description = "SOP engine: late entries in customer statements"

    @api.model
    def _compare_now(self, statements):
        """See ``sop.statement.action_compare``."""
        self.env["sop.engine.statement"]._check_finance()
        statements.check_access("read")
        for batch in split_every(BATCH, statements.ids, self.env["sop.statement"].browse):
            self._compare(batch)

    @api.model
    def _cron_compare(self):
        """Compare the statements that are due, for a cron; one that cannot be compared does not stop the others."""
        cron = self.env["ir.cron"]
        due = self._get_due()
        cron._commit_progress(remaining=len(due))
        for ids in split_every(BATCH, due.ids, list):
            batch = due.browse(ids)
            isolated(batch, self._compare)
            self.env.flush_all()
            if not cron._commit_progress(len(batch)):
                return
            self.env.invalidate_all()

    @api.model
    def _get_due(self):
        """Return the statements whose customer's receivable entries were written since they were compared, or that were
        not compared for a week; those that were compared today wait for tomorrow."""
        self.env.flush_all()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """SELECT s.id
                     FROM sop_statement s
                     JOIN res_partner c ON c.id = s.partner_id
                    WHERE s.state IN %(sent)s AND COALESCE(s.compared_at, s.made_at) < %(at_most)s
                      AND (COALESCE(s.compared_at, s.made_at) < %(at_least)s
                           OR EXISTS (SELECT FROM res_partner p
                                        JOIN account_move_line l ON l.partner_id = p.id
                                        JOIN account_account a ON a.id = l.account_id
                                             AND a.account_type = 'asset_receivable'
                                       WHERE p.commercial_partner_id = c.commercial_partner_id
                                         AND l.company_id = s.company_id
                                         AND l.write_date >= COALESCE(s.compared_at, s.made_at) - %(margin)s))
                    ORDER BY s.date_to, s.date_from, s.company_id, s.id""",
                sent=SENT,
                at_most=now - AT_MOST,
                at_least=now - AT_LEAST,
                margin=MARGIN,
            )
        )
        return self.env["sop.statement"].sudo().browse(id_ for [id_] in rows)  # called by a cron

    @api.model
    def _compare(self, statements):
        """Compare those of ``statements`` that were sent with the books of today, and keep what differs. No rights are
        checked here, and nothing that was sent is touched."""
        statements = statements.sudo().filtered(lambda statement: statement.state in SENT)  # see above
        now = fields.Datetime.now()
        periods = statements.grouped(lambda one: (one.company_id, one.date_from, one.date_to))
        for (company, date_from, date_to), batch in periods.items():
            partners = batch.partner_id.commercial_partner_id
            today = self.env["sop.statement.figures"]._get_figures(partners, company, date_from, date_to)
            for statement in batch:
                figures = today[statement.partner_id.commercial_partner_id.id]
                self._keep(statement, self._get_changes(statement.figures, figures))
        as_engine(statements).write({"compared_at": now})

    @api.model
    def _get_changes(self, frozen, today):
        """Return what differs between two ``figures``, as plain values: one dict for each row that is there in one of
        them alone or says something else, and for each currency of which something else differs."""
        before, now = ({part["currency_id"]: part for part in figures["currencies"]} for figures in (frozen, today))
        changes = []
        for currency_id in sorted(before.keys() | now.keys()):
            old, new = before.get(currency_id, {}), now.get(currency_id, {})
            if old == new:
                continue
            rows, rows_now = ({row["key"]: row for row in part.get("rows", [])} for part in (old, new))
            found = [
                {
                    "currency_id": currency_id,
                    "name": (rows_now.get(key) or rows[key])["name"],
                    "before": self._get_amount(rows.get(key)),
                    "now": self._get_amount(rows_now.get(key)),
                }
                for key in (rows | rows_now)
                if self._get_words(rows.get(key)) != self._get_words(rows_now.get(key))
            ]
            for name in ("opening", "ages"):
                if not found and old.get(name) != new.get(name):
                    amounts = (old.get(name), new.get(name)) if name == "opening" else (None, None)
                    found.append({"currency_id": currency_id, "what": name, "before": amounts[0], "now": amounts[1]})
            changes += found
        return changes

    @api.model
    def _get_amount(self, row):
        return row and str(float(row["debit"]) - float(row["credit"]))

    @api.model
    def _get_words(self, row):
        """Return what a row says by itself: its balance is that of the rows before."""
        return row and {name: value for name, value in row.items() if name != "balance"}

    @api.model
    def _keep(self, statement, changes):
        if changes == (statement.late_changes or []):
            return
        now = fields.Datetime.now()
        as_engine(statement).write(
            {"late_changes": changes or False, "late_count": len(changes), "late_at": now if changes else False}
        )
        if not changes:
            self._log(statement, "agrees", False)
            return
        user = statement.made_by_id
        env = self.with_context(lang=user.lang).env
        summary = statement.with_env(env).late_summary
        self._log(statement, "late", summary)
        subject = env._("Late entries: %s", statement.with_env(env).display_name)
        self.env["sop.engine.statement"]._tell(statement, subject, summary)

    @api.model
    def _log(self, statement, code, note):
        self.env["sop.engine.statement"]._log(statement, code, note)
