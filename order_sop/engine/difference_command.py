from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError

from .difference import UNEXPLAINED
from .guard import as_engine


class SopEngineDifferenceCommand(models.AbstractModel):
    """What accountants do with differences: see the ``action_*`` methods of ``sop.difference``."""

    _inherit = "sop.engine.difference"

    @api.model
    def _check_finance(self, records):
        """Raise unless the current user is of Finance and may read ``records``.

        :return: ``records`` in superuser mode
        """
        records.check_access("read")
        if not self.env.user.has_group("order_sop.group_finance"):
            raise AccessError(self.env._("Only Finance settles: ask an accountant."))
        return records.sudo()  # the user was checked here

    @api.model
    def _explain(self, differences, reason, note):
        """See ``sop.difference.action_explain``."""
        differences = self._check_finance(differences)
        if len(reason) != 1 or not reason.active:
            raise UserError(self.env._("Choose a reason: others learn from that."))
        for difference in differences:
            if difference.state == "gone":
                raise UserError(self.env._("“%s” is gone: there is nothing to explain.", difference.display_name))
            if not reason._fits(difference.kind):
                raise UserError(
                    self.env._(
                        "“%(reason)s” is no reason for “%(difference)s”.",
                        reason=reason.name,
                        difference=difference.display_name,
                    )
                )
        differences = differences.filtered(
            lambda difference: (
                (difference.state, difference.reason_id, difference.note or "") != ("explained", reason, note)
            )
        )
        self._lock(differences)
        as_engine(differences).write(
            {
                "state": "explained",
                "reason_id": reason.id,
                "note": note or False,
                "explained_on": fields.Datetime.now(),
                "explained_by_id": self.env.uid,
            }
        )
        words = f"{reason.name}: {note}" if note else reason.name
        self._log([(difference, "explained", words) for difference in differences])

    @api.model
    def _reopen(self, differences):
        """See ``sop.difference.action_reopen``."""
        differences = self._check_finance(differences).filtered(lambda difference: difference.state == "explained")
        self._lock(differences)
        as_engine(differences).write(UNEXPLAINED | {"state": "open"})
        self._log([(difference, "taken_back", False) for difference in differences])

    @api.model
    def _assign(self, differences, user):
        """See ``sop.difference.action_assign``."""
        differences = self._check_finance(differences)
        user = user.sudo()  # whoever settles may know who else does
        if len(user) != 1 or not user.active or not user.has_group("order_sop.group_finance"):
            raise UserError(self.env._("Choose an active colleague of Finance."))
        if not differences.company_id <= user.company_ids:
            raise UserError(self.env._("%s does not work in that company.", user.name))
        differences = differences.filtered(lambda difference: difference.user_id != user)
        self._lock(differences)
        as_engine(differences).write({"user_id": user.id})
        self._log([(difference, "assigned", user.name) for difference in differences])

    @api.model
    def _look_again(self, differences):
        """See ``sop.difference.action_look_again``."""
        self._look(self._check_finance(differences).order_id)

    @api.model
    def _lock(self, differences):
        """Lock ``differences``; Odoo runs the request again when another session holds one of them."""
        if differences.try_lock_for_update() != differences:
            raise ConcurrencyError("order_sop: another session is working on the same difference")
