from datetime import timedelta

from odoo import api, fields, models

from ..engine.guard import as_engine

PERIOD = timedelta(days=120)
WORDS = "Two of the desks went back in week three: your credit note is missing."


class SopDemoStatements(models.AbstractModel):
    """Sends the demo's customers their statements: one waits for an answer, one is confirmed, one disputed."""

    _name = "sop.demo.statements"
    _description = "SOP demo statements"

    @api.model
    def _make_statements(self):
        """Make the statements as the accountant would, without printing and mailing them: nobody gets them."""
        accountant = self.env.ref("order_sop.demo_user_finance")
        engine = self.env["sop.engine.statement"].with_user(accountant)
        company, names = self.env.ref("base.main_company"), ("chain", "authority", "west")
        customers = [self.env.ref(f"order_sop.demo_customer_{name}") for name in names]
        end = fields.Date.today() - timedelta(days=2)
        made, _others = engine._make(engine.env["res.partner"].union(*customers), company, end - PERIOD, end)
        made = made.with_env(self.env)
        sent = {"state": "sent", "result": "sent", "sent_at": fields.Datetime.now()}
        as_engine(made).write(sent)
        by_customer = made.grouped("partner_id")
        engine = self.env["sop.engine.statement"]
        for customer, answer in zip(customers, (None, "confirm", "dispute"), strict=True):
            statement = by_customer.get(customer)
            if statement and answer == "confirm":
                engine._confirm(statement, customer.name)
            elif statement and answer == "dispute":
                [row, *_rest] = statement.figures["currencies"][0]["rows"]
                engine._dispute(statement, {row["key"]}, WORDS, customer, customer.name)
