from odoo import api, fields, models
from odoo.tools import formatLang

from ..engine.arguments import plain
from ..engine.statement_late import MOST_NAMED


class SopStatementLate(models.Model):
    """What the books say of a statement's period by now; kept by ``sop.engine.statement.late`` alone."""

    _inherit = "sop.statement"  # pylint: disable=consider-merging-classes-inherited

    compared_at = fields.Datetime("Last Compared", readonly=True)
    late_count = fields.Integer("Late Entries", readonly=True, help="Rows that the books have otherwise by now.")
    late_at = fields.Datetime("Late Entries Found On", readonly=True)
    late_changes = fields.Json(readonly=True, help="What was sent, and what the books say today.")
    late_summary = fields.Text("What Changed", compute="_compute_late_summary")

    @api.depends_context("lang")
    @api.depends("late_changes")
    def _compute_late_summary(self):
        for statement in self:
            changes = statement.late_changes or []
            words = [statement._get_change(change) for change in changes[:MOST_NAMED]]
            statement.late_summary = "\n".join(words + ["…"] * (len(changes) > MOST_NAMED)) or False

    def _get_change(self, change):
        """Return one of ``late_changes`` of the one statement in ``self`` as text in the reader's language."""
        currency = self.env["res.currency"].sudo().browse(change["currency_id"])  # its name
        if change.get("what") == "ages":
            return self.env._("%s: the age of what is open", currency.name)
        name = self.env._("Opening balance") if change.get("what") == "opening" else change["name"]
        before, now = (
            "–" if value is None else formatLang(self.env, float(value), currency_obj=currency)
            for value in (change["before"], change["now"])
        )
        return f"{name}: {before} → {now}"

    def action_compare(self):
        """Compare the statements in ``self`` that were sent with what the books say of their periods today; for
        Finance."""
        statements = plain(self)
        statements.env["sop.engine.statement.late"]._compare_now(statements)
        return True
