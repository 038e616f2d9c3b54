"""Makers of what the engine keeps beside orders: settlements, statements, decisions on short lines."""

from odoo import Command, fields

from ..engine.guard import as_engine
from ..engine.tally_sources import TALLIES
from .common_gates import GateCase


class KeptCase(GateCase):
    """A company at work whose stock is short and whose accounts are settled."""

    def make_case_document(self, order):
        """Return what is kept of the return transfer of a case on ``order``."""
        line = order.order_line.filtered("qty_delivered")[:1]
        case = self.env["sop.case"].create(
            {"order_id": order.id, "line_ids": [Command.create({"order_line_id": line.id, "solution": "refund"})]}
        )
        case.action_expect_goods()
        return case.document_ids

    def make_settled(self, order):
        """Return what the settlement keeps of ``order``: it is disputed, signed, and changed since."""
        difference = self.env["sop.engine.difference"]._dispute(order, 5.0, order.currency_id, "Late", self.customer)
        scan = self.env["sop.engine.difference.scan"]._get_scans()[0]
        order.date_order = "2025-02-10"
        closing = self.env["sop.closing"].create({"day": "2025-02-28"})
        closing.with_user(self.users["finance"]).action_sign()
        order.order_line.price_unit += 1
        self.env["sop.engine.late"]._compare(closing, order.ids)
        return {
            "sop.difference": difference,
            "sop.difference.scan": scan,
            "sop.settlement.event": difference.event_ids,
            "sop.closing.line": closing.line_ids,
            "sop.late.entry": closing.late_ids,
            **self.make_stated(),
        }

    def make_stated(self):
        """Return what is kept of a customer's statement, of which he disputes a row, and of a long export."""
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2025-02-03",
                "invoice_line_ids": [Command.create({"product_id": self.product.id, "price_unit": 100.0})],
            }
        )
        move.action_post()
        engine = self.env["sop.engine.statement"].with_user(self.users["finance"])
        period = (fields.Date.to_date(day) for day in ("2025-02-01", "2025-02-28"))
        statement = engine._make(self.customer.with_env(engine.env), self.company, *period)[0].with_env(self.env)
        dispute = as_engine(self.env["sop.statement.dispute"]).create(
            {
                "statement_id": statement.id,
                "company_id": self.company.id,
                "key": "1",
                "currency_id": self.company.currency_id.id,
                "text": "Never ordered",
                "disputed_at": fields.Datetime.now(),
            }
        )
        export = self.env["sop.engine.export"].with_user(self.users["finance"])._ask("Settlement", {}, 30_000)
        return {
            "sop.statement": statement,
            "sop.statement.dispute": self.env["sop.statement.dispute"].browse(dispute.id),
            "sop.settlement.export": export.with_env(self.env),
        }

    def make_added_up(self, order):
        """Return what is kept of all orders for KPIs, and that ``order`` has changed since."""
        finished = self.make_order(process=self.make_process({"name": "At once"}, code="ATONCE"))
        self.commit()
        self.assertEqual(finished.sop_status, "done")
        self.keep_facts()
        self.count_all()
        self.env["sop.engine.fact"]._note(order)
        self.commit()
        names = [table.replace("_", ".") for table in TALLIES]
        return {name: self.env[name].search([]) for name in (*names, "sop.order.fact", "sop.stale.order")}

    def make_short(self):
        """Return a confirmed order that is short, put off once and replenished."""
        self.other_product.seller_ids = [Command.create({"partner_id": self.customer.id})]
        process = self.make_process(self.stage("Match", False, {"name": "Looked at"}), code="SHORT")
        order = self.make_order(lines=[(self.other_product, 5, 10.0)], process=process)
        order.action_confirm()
        order.commitment_date = "2031-01-01 00:00:00"
        line = self.env["sop.stock.line"].with_user(self.users["manager"]).browse(order.order_line.ids)
        line.action_decide("replenish", "None left")
        return order
