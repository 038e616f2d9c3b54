from odoo import models
from odoo.tools import LazyTranslate
from odoo.tools.safe_eval import safe_eval

from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)


class SopRuleContract(models.AbstractModel):
    """The customer has signed the order, or a contract is attached to it."""

    _name = "sop.rule.contract"
    _inherit = "sop.rule"
    _description = "Contract attached or order signed"

    _reasons = {
        "none": (
            AWAITED,
            _lt(
                "Order %(order)s has neither a contract attached nor the customer's signature. Sales attaches the "
                "contract to the order or sends the order to the customer for signature."
            ),
        )
    }

    def _evaluate(self, checks):
        agreed = self._get_agreed(checks.order_id)
        return {
            check: None if check.order_id in agreed else self._reason("none", order=check.order_id.name)
            for check in checks
        }

    def _get_agreed(self, orders):
        """Return those of ``orders`` that are signed or have an attachment that Odoo did not print itself."""
        # the signature is an attachment too: asked for here, its picture need not be read
        files = self._get_files(orders, "signature")
        return orders.filtered(lambda order: files[order])

    def _get_files(self, orders, *fields):
        """Return what is attached to each of ``orders`` that Odoo did not print itself: ``{order: ir.attachment}``.

        :param fields: names of fields whose content counts as well
        """
        attachments = self.env["ir.attachment"].search_fetch(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "in", orders.ids),
                ("res_field", "in", [False, *fields]),
            ],
            ["name", "res_id", "res_field", "checksum", "url"],
        )
        printed = None
        files = dict.fromkeys(orders, attachments.browse())
        for attachment in attachments:
            order = orders.browse(attachment.res_id)
            if not attachment.res_field and (attachment.name or "").endswith(f"{order.name}.pdf"):
                printed = printed or self._get_printed_names()
                if attachment.name in {name.replace("\0", order.name) for name in printed}:
                    continue
            files[order] |= attachment
        return files

    def _get_printed_names(self):
        """Return the file names that Odoo gives to a quotation or order it prints, with NUL for the order's name.

        They depend on the order's state and on the reader's language when it was printed, so all are returned. The
        portal names the order that it prints after a signature after the order alone.
        """
        names = {"\0.pdf"}
        reports = self.env["ir.actions.report"].search(
            [("model", "=", "sale.order"), ("print_report_name", "!=", False)]
        )
        states = [state for state, _label in self.env["sale.order"]._fields["state"]._description_selection(self.env)]
        for language, _name in self.env["res.lang"].get_installed():
            for expression in reports.with_context(lang=language).mapped("print_report_name"):
                for state in states:
                    order = self.env["sale.order"].new({"name": "\0", "state": state})
                    try:
                        names.add(f"{safe_eval(expression, {'object': order})}.pdf")
                    except ValueError:  # an expression that needs more than a name: then its file counts
                        continue
        return names
