from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .sop_difference import KINDS

CODES = {code for code, _name in KINDS}
TICKS = {f"for_{code}": code for code, _name in KINDS}


class SopDifferenceReason(models.Model):
    """Why a difference of the settlement is as it should be: the list that accountants choose from.

    Which kinds it is for is kept as their codes, and ticked in a field for each.
    """

    _name = "sop.difference.reason"
    _description = "SOP Reason of Differences"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kinds = fields.Char("Codes of Kinds", help="With commas between them. Empty: all kinds.")
    kind_names = fields.Char("Only For", compute="_compute_kind_names", help="Empty: all kinds of differences.")

    # a tick for each kind: a class body is a dict
    for _code_, _name_ in KINDS:
        vars()[f"for_{_code_}"] = fields.Boolean(_name_, compute="_compute_ticks", inverse="_inverse_ticks")
    del _code_, _name_

    @api.depends_context("lang")
    @api.depends("kinds")
    def _compute_kind_names(self):
        names = dict(self.env["sop.difference"]._fields["kind"]._description_selection(self.env))
        for reason in self:
            reason.kind_names = ", ".join(names[code] for code in reason._get_kinds() if code in names)

    @api.depends("kinds")
    def _compute_ticks(self):
        for reason in self:
            kinds = reason._get_kinds()
            reason.update({name: code in kinds for name, code in TICKS.items()})

    def _inverse_ticks(self):
        for reason in self:
            reason.kinds = ",".join(code for name, code in TICKS.items() if reason[name]) or False

    @api.constrains("kinds")
    def _check_kinds(self):
        for reason in self:
            if unknown := [code for code in reason._get_kinds() if code not in CODES]:
                raise ValidationError(self.env._("“%s”: there is no such kind of difference.", ", ".join(unknown)))

    def _get_kinds(self):
        """Return the codes of the kinds that the one reason in ``self`` is for; empty for all."""
        return [code for part in (self.kinds or "").split(",") if (code := part.strip())]

    def _fits(self, kind):
        """Tell whether the one reason in ``self`` can explain a difference of ``kind``."""
        kinds = self._get_kinds()
        return not kinds or kind in kinds
