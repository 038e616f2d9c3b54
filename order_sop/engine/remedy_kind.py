import hashlib
import json

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..rules.helpers import company_day


class NotChosen(UserError):
    """It is possible, as soon as something has been chosen."""


class SopRemedyKind(models.AbstractModel):
    """What a kind of remedies has to say of itself: a model ``sop.remedy.kind.<code>`` that inherits this one.

    Everything runs in superuser mode, on an order that is locked; who may decide so was checked before.
    """

    _name = "sop.remedy.kind"
    _description = "SOP remedy: a kind"

    _setting = None
    """Field of ``res.company`` that says whether the customer is asked; None: never."""
    _changes_order = False
    """Whether it changes what was agreed with the customer: then only who may write the order may decide so."""

    _binds = False
    """Whether the customer agrees to a price or a date: on a line that was changed since he has to be asked anew."""

    # -- the contract --------------------------------------------------------------------------------------------------

    @api.model
    def _get_refusal(self, line, figures):
        """Return why this is not possible for the one order ``line`` with these ``figures`` now, or None."""
        return

    @api.model
    def _get_vals(self, line, figures, wishes):
        """Return the values of a remedy of this kind as they follow from the ``figures`` of the one ``line``.

        :param wishes: what was chosen, by field; what is left out is found here
        :raise NotChosen: when something has to be chosen first; UserError for what cannot be
        """
        raise NotImplementedError(self._name)

    @api.model
    def _do(self, remedy):
        """Carry the one ``remedy`` out on the ERP's documents; return further values to write on it.

        :raise UserError: when that is not possible any more
        """
        raise NotImplementedError(self._name)

    @api.model
    def _get_consequence(self, remedy):
        """Return what the one ``remedy`` brings about, in the reader's words."""
        return False

    @api.model
    def _get_question(self, remedy):
        """Return what the customer is asked, in his words: nothing internal."""
        return False

    # -- shared --------------------------------------------------------------------------------------------------------

    @api.model
    def _asks(self, order):
        """Tell whether the customer of the one ``order`` has a say."""
        return bool(self._setting and order.company_id[self._setting])

    @api.model
    def _get_checked_vals(self, line, wishes):
        """Return the values of a remedy for the one ``line``, after asking whether it is possible at all."""
        figures = self.env["sop.engine.stock"]._get_figures(line)[line]
        refusal = self._get_common_refusal(line, figures) or self._get_refusal(line, figures)
        if refusal:
            raise UserError(refusal)
        return {"old_date": figures["promised_at"], **self._get_vals(line, figures, wishes)}

    @api.model
    def _get_common_refusal(self, line, figures):
        """Return why nothing can be decided about the one ``line`` at all, or None."""
        order, end = line.order_id, self._get_end(line, figures)
        if end:
            return end
        if self._changes_order and order.locked:
            return self.env._("%s is locked.", order.name)
        if self._changes_order and line in order._sop_open_holds().line_ids:
            return self.env._("%s is on hold: release the hold first.", line.display_name)
        return None

    @api.model
    def _get_end(self, line, figures):
        """Return why nothing is left to decide about the one ``line``, whatever is decided, or None."""
        order = line.order_id
        if not order.sop_process_id or order.state != "sale" or not line.exists():
            return self.env._("%s is not confirmed, or under no process.", order.name)
        if not figures["is_open"]:
            return self.env._("%s is delivered, or nothing is to be delivered of it any more.", line.display_name)
        if not (figures["short"] or figures["late"]):
            return self.env._("%s is covered in time by now: there is nothing to decide.", line.display_name)
        return None

    @api.model
    def _get_seen(self, line):
        """Return a hash over what the one ``line`` says, to be compared when the customer has answered."""
        facts = [
            line.product_id.id,
            line.product_uom_qty,
            line.product_uom_id.id,
            line.price_unit,
            line.discount,
            line.qty_delivered,
            str(line.order_id.commitment_date),
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]

    @api.model
    def _qty(self, quantity, product):
        """Return a quantity of ``product`` as text, with its unit."""
        return f"{quantity:.10g} {product.uom_id.name}"

    @api.model
    def _day(self, moment, order):
        """Return the day of ``moment`` (naive UTC) where the company of ``order`` is, as text; “–” for none."""
        return format_date(self.env, company_day(order.company_id, moment)) if moment else "–"
