from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.arguments import plain
from ..engine.windows import list_of

MOST = 2000


class SopTrial(models.TransientModel):
    """Tries a draft on past orders before it is published: who would have been stopped, and who would have had to act.

    No order is touched, see ``sop.engine.trial``. For those who write drafts.
    """

    _name = "sop.trial"
    _description = "Try a Draft on Past Orders"

    process_id = fields.Many2one("sop.process", "Draft", required=True, ondelete="cascade")
    order_count = fields.Integer("Last Orders", required=True, default=200, help="At most 2,000.")
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    ran_at = fields.Datetime("Tried At", readonly=True)
    summary = fields.Text(readonly=True)
    stopped_count = fields.Integer("Orders Stopped", readonly=True)
    department_ids = fields.One2many("sop.trial.department", "trial_id", "Departments", readonly=True)
    checkpoint_ids = fields.One2many("sop.trial.checkpoint", "trial_id", "Checkpoints", readonly=True)
    approver_ids = fields.One2many("sop.trial.approver", "trial_id", "Approvers", readonly=True)
    order_ids = fields.One2many("sop.trial.order", "trial_id", "Orders That Would Be Stopped", readonly=True)

    @api.depends("process_id")
    def _compute_display_name(self):
        for trial in self:
            trial.display_name = trial.env._("Trial of %s", trial.process_id.display_name or "…")

    # -- actions -------------------------------------------------------------------------------------------------------

    def action_run(self):
        """Try the draft and show what came out in the one trial in ``self``, in place of what it showed before.

        :raise UserError: for what cannot be tried; AccessError for anybody who does not write drafts
        """
        trial = plain(self)
        trial.ensure_one()
        trial._check_right()
        trial.check_access("write")
        process = trial._get_draft()
        trial._check_wishes()
        engine = trial.env["sop.engine.trial"]
        companies = process.company_id or trial.env.companies
        orders, hidden = engine._get_orders(companies, trial.order_count, trial.date_from, trial.date_to)
        if not orders:
            raise UserError(trial._get_nothing(hidden))
        taken, elsewhere, nowhere = engine._split(process, orders)
        # beside it what the versions that they ran by say; which of them is no secret
        ran_by = [(version, batch) for version, batch in taken.sudo().grouped("sop_process_id").items() if version]
        findings, *before = trial.env["sop.engine.trial.judge"]._judge([(process, taken), *ran_by])
        trial._show(
            findings, list(chain(*before)), {"taken": taken, "elsewhere": elsewhere, "nowhere": nowhere}, hidden
        )
        return True

    def action_view_orders(self):
        """Open the list of the orders that would be stopped by the one trial in ``self``."""
        trial = plain(self)
        trial.ensure_one()
        trial._check_right()
        title = trial.env._("Would Be Stopped by %s", trial.process_id.display_name)
        return list_of("sale.order", title, [("id", "in", trial.order_ids.order_id.ids)])

    # -- what can be tried ---------------------------------------------------------------------------------------------

    @api.model
    def _check_right(self):
        if not self.env.user.has_group("order_sop.group_officer"):
            raise AccessError(self.env._("Only those who write drafts can try one: SOP officers and managers."))

    def _get_draft(self):
        """Return the draft of the one trial in ``self``; raise :class:`UserError` where it cannot be tried."""
        process = self.process_id
        process.check_access("read")
        if process.company_id and process.company_id not in self.env.companies:
            raise UserError(
                self.env._(
                    "%(process)s is for %(company)s: switch to that company to try it.",
                    process=process.display_name,
                    company=process.company_id.name,
                )
            )
        if process.state != "draft":
            raise UserError(
                self.env._("%s is not a draft (any more): make a new version of it and try that.", process.display_name)
            )
        if process.applies_to != "sale.order":
            raise UserError(
                self.env._("%s is for after-sales cases: only a draft for orders can be tried.", process.display_name)
            )
        if not process.stage_ids:
            raise UserError(self.env._("%s has no stage yet: there is nothing to try.", process.display_name))
        return process

    def _check_wishes(self):
        if not 1 <= self.order_count <= MOST:
            raise UserError(
                self.env._(
                    "Between 1 and %(most)s orders can be tried at once, not %(count)s.",
                    most=MOST,
                    count=self.order_count,
                )
            )
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins."))

    def _get_nothing(self, hidden):
        """Return why there is no order to try the draft on, where the user may not read ``hidden`` of them."""
        if hidden:
            return self.env._("You may read none of the %s orders found: there is nothing to try the draft on.", hidden)
        if self.date_from or self.date_to:
            return self.env._("There is no order in this period that is not cancelled. Choose another one.")
        return self.env._("There is no order yet that is not cancelled: there is nothing to try the draft on.")
