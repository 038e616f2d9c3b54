from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..engine.arguments import plain, text
from ..engine.ledger import AGES

STATES = [("draft", "Draft"), ("sent", "Sent"), ("confirmed", "Confirmed"), ("disputed", "Disputed")]
RESULTS = [
    ("waiting", "To Be Sent"),
    ("sent", "Sent"),
    ("no_email", "No E-mail Address"),
    ("failed", "Could Not Be Sent"),
    ("refused", "Refused by the Mail Server"),
    ("nothing", "Nothing to State"),
]


class SopStatement(models.Model):
    """A statement of account (对账单): what a customer owed before a period, what happened in it, and what he owes.

    Its figures are frozen with their hash as it is made. Written by ``sop.engine.statement`` alone; accountants act
    through the ``action_*`` methods, customers on their page. A customer has one a period, unless somebody said why
    there is to be another.
    """

    _name = "sop.statement"
    _description = "SOP Customer Statement"
    _inherit = ["sop.guard.mixin"]
    _order = "date_to desc, id desc"

    key = fields.Char(
        required=True, readonly=True, help="Company, customer, period and number: there is no second one."
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="restrict", index=True
    )
    contact_id = fields.Many2one(
        "res.partner", "Sent To", readonly=True, ondelete="set null", index="btree_not_null", help="Who gets the mail."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    result = fields.Selection(RESULTS, required=True, readonly=True, help="What became of its mail.")
    figures = fields.Json(required=True, readonly=True)
    checksum = fields.Char(
        "SHA-256", required=True, readonly=True, help="Of its figures as they were when it was made."
    )
    is_intact = fields.Boolean("Figures Unchanged", compute="_compute_is_intact")
    has_moved = fields.Boolean(
        "Books Have Changed", compute="_compute_has_moved", help="The books say something else of this period by now."
    )
    closing = fields.Char("Closing Balance", compute="_compute_closing")
    content = fields.Html(compute="_compute_content", sanitize=False)
    again_reason = fields.Text("Made Again Because", readonly=True)
    made_at = fields.Datetime("Made On", required=True, readonly=True)
    made_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    sent_at = fields.Datetime("Sent On", readonly=True)
    failure = fields.Text("Why It Was Refused", readonly=True)
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, ondelete="set null", index="btree_not_null", groups=fields.NO_ACCESS
    )
    attachment_id = fields.Many2one("ir.attachment", "PDF", readonly=True, ondelete="set null", index="btree_not_null")
    access_token = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    answered_at = fields.Datetime("Answered On", readonly=True)
    answered_by = fields.Char(readonly=True)
    dispute_ids = fields.One2many("sop.statement.dispute", "statement_id", readonly=True)
    event_ids = fields.One2many("sop.settlement.event", "statement_id", "History", readonly=True)

    _key_unique = models.UniqueIndex("(key)", "This statement was made at the same time by somebody else.")
    _waiting_idx = models.Index("(id) WHERE result = 'waiting'")

    @api.depends_context("lang")
    @api.depends("partner_id", "date_from", "date_to")
    def _compute_display_name(self):
        for statement in self:
            start, end = (format_date(self.env, day) for day in (statement.date_from, statement.date_to))
            name = statement.partner_id.sudo().name  # his name
            statement.display_name = f"{name}, {start} – {end}"

    @api.depends("figures", "checksum")
    def _compute_is_intact(self):
        engine = self.env["sop.engine.statement"]
        for statement in self:
            statement.is_intact = statement.checksum == engine._get_checksum(statement.figures)

    def _compute_has_moved(self):
        for statement in self:
            partner = statement.partner_id.sudo().commercial_partner_id  # whose figures may be read
            figures = self.env["sop.statement.figures"]._get_figures(
                partner, statement.company_id, statement.date_from, statement.date_to
            )[partner.id]
            statement.has_moved = figures["currencies"] != (statement.figures or {}).get("currencies")

    @api.depends_context("lang")
    @api.depends("figures")
    def _compute_closing(self):
        for statement in self:
            parts = statement._get_content()["currencies"]
            statement.closing = ", ".join(part["closing"] for part in parts)

    @api.depends_context("lang")
    def _compute_content(self):
        for statement in self:
            values = {"statement": statement._get_content(), "disputed": statement._get_disputed()}
            statement.content = self.env["ir.qweb"]._render("order_sop.sop_statement_tables", values)

    def _get_content(self):
        """Return the frozen figures of the one statement in ``self`` as text in the reader's language: what screen,
        PDF and the customer's page show."""
        self.ensure_one()
        env, figures = self.env, self.figures or {"currencies": []}
        kinds = self._get_kind_names()
        currencies = {
            currency.id: currency
            # how they are written
            for currency in env["res.currency"].sudo().browse(part["currency_id"] for part in figures["currencies"])
        }

        def day(value):
            return format_date(env, fields.Date.to_date(value)) if value else ""

        def content(part):
            def amount(value, blank=False):
                number = float(value)
                return (
                    ""
                    if blank and not number
                    else formatLang(env, number, currency_obj=currencies[part["currency_id"]])
                )

            rows = [
                row
                | {"label": kinds.get(row["kind"], ""), "date": day(row["date"]), "due": day(row["due"])}
                | {"debit": amount(row["debit"], True), "credit": amount(row["credit"], True)}
                | {"balance": amount(row["balance"])}
                for row in part["rows"]
            ]
            sums = {name: amount(part[name]) for name in ("opening", "debit", "credit", "closing")}
            ages = {name: amount(value) for name, value in part["ages"].items()}
            opened = f"opening/{part['currency_id']}" if float(part["opening"]) else None
            owes = float(part["closing"]) > 0
            return {"currency": part["currency"], "rows": rows, "ages": ages, "owes": owes, "opened": opened} | sums

        return {
            "from": day(figures.get("from")),
            "to": day(figures.get("to")),
            "partner": figures.get("partner"),
            "currencies": [content(part) for part in figures["currencies"]],
            "age_names": self._get_age_names(),
        }

    @api.model
    def _get_kind_names(self):
        return {
            "invoice": self.env._("Invoice"),
            "credit_note": self.env._("Credit Note"),
            "receipt": self.env._("Receipt"),
            "written_off": self.env._("Written Off"),
            "exchange": self.env._("Exchange Difference"),
            "converted": self.env._("Settled in Another Currency"),
            "other": self.env._("Other Entry"),
        }

    @api.model
    def _get_age_names(self):
        names = self.env["sop.settlement.line"].sudo().fields_get(AGES, ["string"])  # what the columns are called
        return {age: names[age]["string"] for age in AGES} | {"unapplied": self.env._("Not Applied Yet")}

    def _get_disputed(self):
        """Return ``{key: what the customer says}`` of the disputed rows of the one statement in ``self``."""
        return {dispute.key: dispute.text for dispute in self.dispute_ids}

    def _get_lang(self):
        """Return the language of the customer of the one statement in ``self``."""
        return self.contact_id.sudo().lang or self.partner_id.sudo().lang or self.env.lang  # his language

    def _get_url(self):
        """Return the address of the customer's page of the one statement in ``self``, with its token."""
        token = self.sudo().access_token  # for whom it is mailed to
        return f"{self.get_base_url()}/my/statements/{self.id}?access_token={token}"

    # -- public API: buttons and RPC; each checks the caller's rights --------------------------------------------------

    def action_send(self):
        """Send the statements in ``self`` that are not sent yet; for Finance."""
        statements = plain(self)
        statements.env["sop.engine.statement"]._send_now(statements)
        return True

    def action_make_again(self, reason=None):
        """Make another statement for the customer and period of the one in ``self``, and send it; for Finance.

        :param str reason: why it is needed
        :return: the action that opens the new one
        """
        statement = plain(self)
        statement.ensure_one()
        return statement.env["sop.engine.statement"]._make_again(statement, text(self.env, reason))
