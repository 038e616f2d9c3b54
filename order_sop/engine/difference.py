from odoo import api, fields, models
from odoo.tools import float_compare

from .arguments import plain
from .guard import as_engine
from .routing import Job
from .rows import insert_rows

UNEXPLAINED = {"reason_id": False, "note": False, "explained_on": False, "explained_by_id": False}


class SopEngineDifference(models.AbstractModel):
    """Keeps the differences of the settlement: what is there, what changed, what is gone."""

    _name = "sop.engine.difference"
    _description = "SOP engine: differences"

    @api.model
    def _look(self, orders, day=None):
        """Find out what is different on ``orders`` by now, and keep it: new differences are open; an explained one
        whose amount or quantity changed is open again; what is not found any more is gone.

        :param orders: ``sale.order`` records of any companies
        :param day: date; None is today where the order's company is
        """
        engine = plain(self.sudo())  # called by the engine; what a caller's context says of a day is not meant for it
        for company, batch in orders.sudo().grouped("company_id").items():  # called by the engine
            today = day or engine.env["sop.ledger"]._get_day(company)
            found = engine.env["sop.engine.difference.kinds"]._find(company, batch.ids, today)
            engine._keep(batch, found, today)

    @api.model
    def _keep(self, orders, found, day):
        known = self.env["sop.difference"].search([("order_id", "in", orders.ids)])
        events = []
        seen = known.browse()
        for difference in known:
            vals = found.pop(difference.key, None)
            if vals is None:
                if difference.state != "gone" and difference.kind != "disputed":
                    as_engine(difference).write({"state": "gone"})
                    events.append((difference, "gone", False))
                continue
            seen |= difference
            events += self._update(difference, vals)
        as_engine(seen.filtered(lambda difference: difference.seen_on != day)).write({"seen_on": day})
        self._add_new(list(found.values()), day)
        self._log(events)

    @api.model
    def _update(self, difference, vals):
        """Bring the one ``difference`` up to date and return what is to be logged of it."""
        changes = {
            name: vals[name]
            for name in ("amount", "amount_company", "quantity")
            if self._differs(difference, vals, name)
        }
        if difference.partner_id.id != vals["partner_id"]:
            changes["partner_id"] = vals["partner_id"]
        code = None
        if difference.state == "gone":
            code = "returned"
        elif difference.state == "explained" and changes.keys() - {"partner_id"}:
            code = "reopened"
        if code:
            changes |= UNEXPLAINED | {"state": "open"}
        if changes:
            as_engine(difference).write(changes)
        return [(difference, code, False)] if code else []

    @api.model
    def _differs(self, difference, vals, name):
        if name == "quantity":
            return bool(float_compare(difference[name], vals[name], precision_digits=6))
        currency = difference.currency_id if name == "amount" else difference.company_currency_id
        return bool(currency.compare_amounts(difference[name], vals[name]))

    @api.model
    def _add_new(self, vals_list, day):
        """Make the differences of ``vals_list``, each open and with an owner."""
        if not vals_list:
            return self.env["sop.difference"]
        owners = self._get_owners(vals["order_id"] for vals in vals_list if vals.get("order_id"))
        vals_list = [
            {
                "found_on": day,
                "seen_on": day,
                "state": "open",
                "user_id": owners[vals["order_id"]] if vals.get("order_id") else self._get_maker(vals["statement_id"]),
            }
            | vals
            for vals in vals_list
        ]
        return insert_rows(self.env["sop.difference"], vals_list, unique="key")

    @api.model
    def _get_maker(self, statement_id):
        """Return the id of whoever made the statement, else of the lead of Finance; False where there is neither."""
        statement = self.env["sop.statement"].sudo().browse(statement_id)  # called by the engine
        user = statement.made_by_id
        if user.active and user.has_group("order_sop.group_finance"):
            return user.id
        department = self.env.ref("order_sop.department_finance", raise_if_not_found=False)
        # as above
        return bool(department) and self.env["sop.engine.routing"]._get_lead(department.sudo(), statement.company_id)

    @api.model
    def _get_owners(self, order_ids):
        """Return ``{order id: user id or False}``: who of Finance gets what is to be done, else its lead."""
        orders = self.env["sale.order"].sudo().browse(dict.fromkeys(order_ids))  # called by the engine
        department = self.env.ref("order_sop.department_finance", raise_if_not_found=False)
        if not department:
            return dict.fromkeys(orders.ids, False)
        department = department.sudo()  # as above
        stage, user = self.env["sop.stage"].sudo(), department.assignment_user_id.id  # no stage at all
        jobs = {order.id: Job(order, stage, department, department.assignment, user) for order in orders}
        routing = self.env["sop.engine.routing"]
        found = routing._route(jobs.values())
        leads = {company: routing._get_lead(department, company) for company in orders.company_id}
        return {order.id: found[jobs[order.id]] or leads[order.company_id] for order in orders}

    @api.model
    def _dispute(self, order, amount, currency, text, partner):
        """Keep that a customer disputes something about the one ``order``: one difference an order, open again with
        each new dispute; his words stay in its history.

        :param order: ``sale.order``
        :param amount: what he disputes, in ``currency`` (``res.currency``)
        :param text: his words
        :param partner: who says so; his commercial partner is the customer
        :return: the difference, in the caller's environment
        """
        order = order.sudo()  # the caller has checked that it is his to dispute
        company, day = order.company_id, self.env["sop.ledger"]._get_day(order.company_id)
        convert = {"company": company, "date": day}
        vals = {
            "key": f"disputed:{order.id}",
            "order_id": order.id,
            "partner_id": partner.sudo().commercial_partner_id.id,  # as above
            "company_id": company.id,
            "currency_id": order.currency_id.id,
            "company_currency_id": company.currency_id.id,
            "amount": currency._convert(amount, order.currency_id, **convert),
            "amount_company": currency._convert(amount, company.currency_id, **convert),
        }
        return self._keep_dispute(vals, day, text)

    @api.model
    def _dispute_row(self, statement, key, move, amount, currency, text):
        """Keep that a customer disputes something of the row ``key`` of the one ``statement`` that belongs to no order;
        whoever made the statement has it to explain, as long as he is of Finance.

        :param move: ``account.move`` of the row, or none
        :return: as of :meth:`_dispute`
        """
        statement = statement.sudo()  # the caller has checked that it is his to dispute
        company, day = statement.company_id, self.env["sop.ledger"]._get_day(statement.company_id)
        vals = {
            "key": f"disputed:statement:{statement.id}:{key}",
            "statement_id": statement.id,
            "move_id": move.id,
            "partner_id": statement.partner_id.commercial_partner_id.id,
            "company_id": company.id,
            "currency_id": currency.id,
            "company_currency_id": company.currency_id.id,
            "amount": amount,
            "amount_company": currency._convert(amount, company.currency_id, company=company, date=day),
        }
        return self._keep_dispute(vals, day, text)

    @api.model
    def _keep_dispute(self, vals, day, text):
        vals = {"kind": "disputed", "quantity": 0.0, "claim": text} | vals
        difference = self.env["sop.difference"].sudo().search([("key", "=", vals["key"])])  # see callers
        if difference:
            as_engine(difference).write(vals | UNEXPLAINED | {"state": "open", "seen_on": day})
        else:
            difference = self.sudo()._add_new([vals], day)  # see callers
        self._log([(difference, "disputed", text)])
        return self.env["sop.difference"].browse(difference.id)

    @api.model
    def _log(self, entries):
        """Append to the history of differences.

        :param entries: list of ``(difference, code, note)``
        """
        if not entries:
            return
        now = fields.Datetime.now()
        insert_rows(
            self.env["sop.settlement.event"],
            [
                {
                    "date": now,
                    "code": code,
                    "user_id": self.env.uid,
                    "difference_id": difference.id,
                    "company_id": difference.company_id.id,
                    "currency_id": difference.currency_id.id,
                    "amount": difference.amount,
                    "note": note,
                }
                for difference, code, note in entries
            ],
        )
