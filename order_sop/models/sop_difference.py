from odoo import api, fields, models

from ..engine.arguments import existing, plain, text
from ..engine.windows import form_of

KINDS = [
    ("not_invoiced", "Delivered, Not Invoiced"),
    ("not_delivered", "Invoiced, Not Delivered"),
    ("no_credit_note", "Returned, No Credit Note"),
    ("price", "Invoiced at Another Price"),
    ("paid_short", "Paid Short"),
    ("paid_over", "Paid Over"),
    ("no_proof", "No Proof of Delivery"),
    ("overdue", "Overdue"),
    ("disputed", "Disputed by the Customer"),
]
STATES = [("open", "Open"), ("explained", "Explained"), ("gone", "Gone")]


class SopDifference(models.Model):
    """Something about an order's money that is not as it should be: see docs/settlement.md.

    Found, and found to be gone, by ``sop.engine.difference`` alone; accountants explain it through the ``action_*``
    methods. There is one record for each kind on an order, its line or its document, for ever; what a customer disputes
    of a statement that belongs to no order has one for each row.
    """

    _name = "sop.difference"
    _description = "SOP Settlement Difference"
    _inherit = ["sop.guard.mixin"]
    _order = "found_on desc, id desc"

    key = fields.Char(required=True, readonly=True, help="Kind and what it is about: there is no second one.")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    order_id = fields.Many2one(
        "sale.order",
        readonly=True,
        ondelete="cascade",
        index=True,
        help="Empty: it is of the customer alone, who disputes something of his statement that belongs to no order.",
    )
    line_id = fields.Many2one(
        "sale.order.line", "Order Line", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    move_id = fields.Many2one(
        "account.move", "Invoice or Payment", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    picking_id = fields.Many2one("stock.picking", "Delivery", readonly=True, ondelete="cascade", index="btree_not_null")
    statement_id = fields.Many2one(
        "sop.statement", "Customer Statement", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True, help="What it is about, in the order's currency.")
    amount_company = fields.Monetary("Amount (Company Currency)", readonly=True, currency_field="company_currency_id")
    quantity = fields.Float(readonly=True, digits="Product Unit", aggregator=None, help="In the unit of the line.")
    found_on = fields.Date(required=True, readonly=True)
    seen_on = fields.Date("Last Seen On", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True, ondelete="set null", index="btree_not_null")
    claim = fields.Text("Customer's Words", readonly=True)
    reason_id = fields.Many2one("sop.difference.reason", readonly=True, ondelete="restrict")
    note = fields.Text(readonly=True)
    explained_on = fields.Datetime(readonly=True)
    explained_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    event_ids = fields.One2many("sop.settlement.event", "difference_id", "History", readonly=True)

    _key_unique = models.UniqueIndex("(key)", "This difference is known already.")
    _open_idx = models.Index("(company_id, kind, order_id) WHERE state = 'open'")

    @api.depends_context("lang")
    @api.depends("kind", "order_id", "partner_id")
    def _compute_display_name(self):
        names = dict(self._fields["kind"]._description_selection(self.env))
        for difference in self:
            whose = difference.order_id.sudo().name or difference.partner_id.sudo().name or "?"  # a name alone
            difference.display_name = f"{whose}: {names.get(difference.kind)}"

    # -- public API: buttons and RPC; each checks the caller's rights --------------------------------------------------

    def action_explain(self, reason_id=None, note=None):
        """Say why the differences in ``self`` are as they should be; for Finance.

        :param int reason_id: a ``sop.difference.reason`` that is for their kinds
        :param str note: what else is to be known
        """
        differences = plain(self)
        reason = existing(differences.env["sop.difference.reason"], reason_id)
        differences.env["sop.engine.difference"]._explain(differences, reason, text(self.env, note))
        return True

    def action_reopen(self):
        """Take back the explanation of the differences in ``self``; for Finance."""
        differences = plain(self)
        differences.env["sop.engine.difference"]._reopen(differences)
        return True

    def action_assign(self, user_id=None):
        """Give the differences in ``self`` to somebody of Finance; without ``user_id`` to oneself."""
        differences = plain(self)
        user = existing(differences.env["res.users"], user_id) or self.env.user
        differences.env["sop.engine.difference"]._assign(differences, user)
        return True

    def action_look_again(self):
        """Find out anew what is different on the orders of the differences in ``self``; for Finance."""
        differences = plain(self)
        differences.env["sop.engine.difference"]._look_again(differences)
        return True

    def action_open_dialog(self):
        """Open the dialog that asks for reason and note of the differences in ``self``."""
        differences = plain(self)
        differences.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_difference_dialog_action")
        return action | {"context": {"default_difference_ids": differences.ids}}

    def action_open_handover(self):
        """Open the dialog that asks which colleague gets the differences in ``self``."""
        differences = plain(self)
        differences.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_difference_handover_action")
        return action | {"context": {"default_difference_ids": differences.ids}}

    def action_open_document(self):
        """Open the document that the one difference in ``self`` is about: its invoice, delivery, or else the order or
        the statement."""
        difference = plain(self)
        difference.ensure_one()
        difference.check_access("read")
        document = difference.move_id or difference.picking_id or difference.order_id or difference.statement_id
        return form_of(document)
