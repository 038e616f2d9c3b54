from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import formatLang, plaintext2html


class SopCaseFlow(models.Model):
    """The case as a document under a process: what it tells the engine."""

    _inherit = "sop.case"

    sop_visit_ids = fields.One2many(
        "sop.visit", "case_id", "Visits", copy=False, readonly=True, groups="order_sop.group_user"
    )
    sop_check_ids = fields.One2many(
        "sop.check", "case_id", "Checks", copy=False, readonly=True, groups="order_sop.group_user"
    )
    sop_hold_ids = fields.One2many(
        "sop.hold", "case_id", "Holds", copy=False, readonly=True, groups="order_sop.group_user"
    )
    sop_alert_ids = fields.One2many(
        "sop.alert", "case_id", "Alerts", copy=False, readonly=True, groups="order_sop.group_user"
    )

    sop_approval_ids = fields.One2many(
        "sop.approval", "case_id", "Approvals", copy=False, readonly=True, groups="order_sop.group_user"
    )

    answer_worked_hours = fields.Float(
        "Working Hours to the First Answer",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="From opening the case, without those in which a hold stopped the clock: waiting for the customer, say.",
    )
    solution_worked_hours = fields.Float(
        "Working Hours to the Solution",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="From opening the case to its end, without those in which a hold stopped the clock, and those between a "
        "former end and its being taken up again.",
    )

    def _sop_sight_domain(self):
        # whoever answers customers sees all of their cases, as whoever reads all orders does
        if self.env.user.has_groups(
            "order_sop.group_after_sales,order_sop.group_customer_service,order_sop.group_finance,order_sop.group_reader_all,"
            "sales_team.group_sale_salesman_all_leads"
        ):
            return Domain.TRUE
        domain = Domain("sop_approval_ids.user_ids", "in", [self.env.uid])
        domain |= Domain("sop_approval_ids.delegate_ids", "in", [self.env.uid])
        if self.env.user.has_group("sales_team.group_sale_salesman"):
            domain |= Domain("order_id.user_id", "=", self.env.uid)
        if departments := self.env["sop.department"]._get_my_ids():
            domain |= Domain("sop_visit_ids", "any!", [("department_id", "in", departments)])
            domain |= Domain("sop_check_ids", "any!", [("department_id", "in", departments)])
        return domain

    def _sop_state(self):
        return {"open": "open", "cancelled": "cancelled"}.get(self.state, "confirmed")

    def _sop_order(self):
        return self.order_id

    def _sop_deliveries(self):
        return {}  # the checks of a case are about the case

    def _sop_invoices(self):
        return {}

    def _sop_awaits(self, scope):
        return False

    def _sop_finish(self):
        self.env["sop.engine.case"]._finish(self)

    def _sop_tell_hold(self, hold):
        user = (self.sop_user_id + self.sop_department_id.lead_id).filtered("active")[:1]
        if user:
            note = plaintext2html(hold.reason)
            self.activity_schedule("order_sop.mail_activity_hold", user_id=user.id, note=note)

    def _sop_promised(self):
        return {case: case.promised_at for case in self}

    # -- what it says --------------------------------------------------------------------------------------------------

    def _sop_facts(self):
        """Return what the one case in ``self`` says, as JSON by the codes of ``sop.watch``; ids, no names."""
        lines = self.line_ids
        return {
            "amount": self.refund_amount,
            "currency": self.currency_id.id,
            "customer": self.partner_id.id,
            "case": [self.kind, self.order_id.id, self.wish or False, self.goods_back],
            "products": sorted([line.product_id.id, line.qty, line.product_uom_id.id] for line in lines),
            "solutions": sorted([line.product_id.id, line.solution or "", line.refund_amount] for line in lines),
            "attachments": self.sop_files or [],
        }

    def _sop_fact_text(self, fact, value):
        """Return the ``value`` of a ``fact`` of the one case in ``self`` in the reader's words."""
        if fact == "amount":
            return formatLang(self.env, value or 0.0, currency_obj=self.currency_id)
        if fact == "attachments":
            return ", ".join(f"{name} ({checksum[:6]})" for name, checksum in value or ()) or "–"
        if fact == "customer":
            return self.env["res.partner"].sudo().browse(value or ()).exists().display_name or "–"  # its name
        if fact == "currency":
            return self.env["res.currency"].browse(value or ()).name or "–"
        if fact == "case":
            kind, order_id, wish, _goods_back = value or (False, False, False, False)
            order = self.env["sale.order"].sudo().browse(order_id or ()).exists()  # its name
            labels = (self._fields[name]._description_selection(self.env) for name in ("kind", "wish"))
            names = [dict(label).get(code) for label, code in zip(labels, (kind, wish), strict=True)]
            return ", ".join(filter(None, [names[0], order.name, names[1]])) or "–"
        if fact == "solutions":
            labels = dict(self.env["sop.case.line"]._fields["solution"]._description_selection(self.env))
            products = self.env["product.product"].sudo()  # their names
            return (
                "; ".join(
                    f"{products.browse(product).exists().display_name}: {labels.get(code, '–')}"
                    f" {formatLang(self.env, amount, currency_obj=self.currency_id) if amount else ''}".strip()
                    for product, code, amount in value or ()
                )
                or "–"
            )
        return value or "–"

    def _sop_read_files(self):
        files = self.env["ir.attachment"].sudo()  # that they are there, whoever may read them
        files = files.search([("res_model", "=", self._name), ("res_id", "in", self.ids), ("res_field", "=", False)])
        by_case = files.grouped("res_id")
        return {
            case: sorted([file.name or "", file.checksum or file.url or ""] for file in by_case.get(case.id, ()))
            for case in self
        }

    def _sop_margins(self):
        today = fields.Date.context_today(self)
        return {
            case: -case.currency_id._convert(
                case.refund_amount, case.company_id.currency_id, case.company_id, case.order_id.date_order or today
            )
            for case in self
        }

    def _sop_amount(self):
        return self.refund_amount, self.currency_id

    def _sop_debtors(self):
        return {case: case.order_id.partner_invoice_id or case.partner_id for case in self}

    def _sop_read_ahead(self):
        self.line_ids.mapped("solution")
        return []

    def _sop_makers(self):
        users = self.env["res.users"].sudo()  # whoever they are by now
        maker = self.create_uid.sudo().filtered(lambda user: not user.share)  # as above
        return {
            "made": maker,
            "sells": self.order_id.user_id.sudo(),  # as above
            "put": users,
            "changed": self.sop_changed_by_id.sudo(),  # as above
        }

    def _sop_log_values(self):
        return {
            "order_id": 0,  # what counts lines of orders never meets one of a case
            "order_name": self.name,
            "company_id": self.company_id.id,
            "case_id": self.id,
        }

    def _sop_is_open(self):
        """Tell whether the one case in ``self`` still asks for something."""
        return self.state == "open" and not self.closed_at

    def _sop_enforce(self, gate):
        """Let the cases in ``self`` pass ``gate``, or raise.

        :param gate: ``take_back``: goods are expected; ``solve``: documents that solve it are made; ``finish``: closed
        :raise UserError: naming what is missing, and who can do it
        """
        if self:
            self.env["sop.engine.gate"]._enforce(self, gate)
