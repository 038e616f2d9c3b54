from odoo import api, models
from odoo.exceptions import UserError

from .crons import trigger
from .guard import as_engine

PREFIX = "sop.remedy.kind."


class SopEngineRemedy(models.AbstractModel):
    """The life of remedies: proposed, asked, answered, carried out, withdrawn. Checks nobody's rights; people come
    through ``sop.engine.remedy.command``, customers through :meth:`_answer`.

    What a kind does is said by ``sop.remedy.kind.<code>``. Documents are locked before anything is looked at, so that
    of two who decide at once the second sees what the first has done.
    """

    _name = "sop.engine.remedy"
    _description = "SOP engine: remedies of short lines"

    @api.model
    def _get_kind(self, code):
        """Return the model that knows the kind of remedies with this ``code``, or None."""
        name = f"{PREFIX}{code}"
        return self.env[name] if code and name in self.env else None

    # -- deciding ------------------------------------------------------------------------------------------------------

    @api.model
    def _propose(self, line, code, wishes, reason=None):
        """Return a new remedy for the one order ``line``, its order locked, nothing carried out.

        :param code: of its kind
        :param wishes: what was chosen, by field of ``sop.remedy``: quantity, date, substitute, the other line …
        :raise UserError: why it is not possible now
        """
        line = line.sudo()  # the caller has checked the user
        kind, order = self._get_kind(code).sudo().with_company(line.company_id), line.order_id  # as above
        others = wishes["other_line_id"] if wishes.get("other_line_id") else ()
        other_orders = line.browse(others).order_id
        self.env["sop.engine.evaluation"]._lock((order | other_orders).sorted("id"))
        (order | other_orders).invalidate_recordset()
        present = self._search_open([("line_id", "=", line.id)])
        if present:
            raise UserError(
                self.env._(
                    "%(user)s has decided already about %(line)s: %(decision)s. Withdraw that first.",
                    user=present.decided_by_id.name or "–",
                    line=line.product_id.display_name,
                    decision=present.display_name,
                )
            )
        vals = kind._get_checked_vals(line, wishes)
        vals |= {
            "order_id": order.id,
            "company_id": order.company_id.id,
            "line_id": line.id,
            "product_id": line.product_id.id,
            "kind": code,
            "state": "draft",
            "reason": reason,
            "decided_at": self.env["sop.engine.clock"]._now(),
            "decided_by_id": self.env.uid,
            "seen": kind._get_seen(line),
        }
        return as_engine(self.env["sop.remedy"]).create(vals).with_env(line.env)

    @api.model
    def _go_on(self, remedies):
        """Ask the customer of those new ``remedies`` in which he has a say; carry the others out, or raise."""
        asking = remedies.filtered(lambda remedy: self._get_kind(remedy.kind)._asks(remedy.order_id))
        self._ask(asking)
        self._apply(remedies - asking)

    @api.model
    def _apply(self, remedies):
        """Carry ``remedies`` out, one after the other, all or none.

        :raise UserError: why one of them is not possible (any more)
        """
        remedies, journal = remedies.sudo(), []  # the caller has checked the user
        self._lock(remedies)
        with self.env.cr.savepoint():
            for remedy in remedies:
                if not remedy.line_id or remedy.order_id.state != "sale":
                    raise UserError(self.env._("“%s”: the line, or its order, is cancelled.", remedy.display_name))
                kind = self._get_kind(remedy.kind).sudo().with_company(remedy.company_id)  # as above
                line = remedy.line_id.with_env(kind.env)
                refusal = kind._get_common_refusal(line, kind.env["sop.engine.stock"]._get_figures(line)[line])
                if refusal:
                    raise UserError(refusal)
                vals = kind._do(remedy.with_env(kind.env)) or {}
                vals |= {"state": "done", "done_at": self.env["sop.engine.clock"]._now(), "problem": False}
                as_engine(remedy).write(vals | {"next_at": False})
                journal += [(remedy.order_id, "remedied", remedy._get_log())]
                if remedy.other_order_id:
                    data = {"remedy": remedy.id, "taken_for": remedy.order_id.id, "product": remedy.product_id.id}
                    journal += [(remedy.other_order_id, "remedied", data | {"qty": remedy.qty})]
            self.env["sop.engine.evaluation"]._close_journal(journal)
        self.env["sop.stock.line"].invalidate_model()
        self.env["sop.engine.evaluation"]._mark(remedies.order_id | remedies.other_order_id, by_user=False)

    # -- the customer --------------------------------------------------------------------------------------------------

    @api.model
    def _ask(self, remedies):
        """Ask the customer of each of ``remedies``: by mail after the commit, with a link to his order in the portal.

        :raise UserError: when he has no e-mail address
        """
        if not remedies:
            return
        now, journal = self.env["sop.engine.clock"]._now(), []
        for remedy in remedies.sudo():  # the caller has checked the user
            if not remedy.order_id.partner_id.email:
                raise UserError(
                    self.env._(
                        "%s has no e-mail address and cannot be asked. Ask by telephone and say that the customer "
                        "agrees.",
                        remedy.order_id.partner_id.display_name,
                    )
                )
            as_engine(remedy).write({"state": "asked", "asked_at": now, "next_at": now, "told": 0})
            journal.append((remedy.order_id, "proposed", remedy._get_log()))
        self.env["sop.engine.evaluation"]._close_journal(journal)
        self._trigger()

    # -- ending --------------------------------------------------------------------------------------------------------

    @api.model
    def _withdraw(self, remedies, journal, reason=None):
        """Withdraw open ``remedies``, their orders locked."""
        as_engine(remedies).write({"state": "cancelled", "next_at": False})
        self._end_alerts(remedies, "withdrawn")
        for remedy in remedies:
            data = {"remedy": remedy.id, "kind": remedy.kind}
            journal.append((remedy.order_id, "withdrawn", data | ({"note": reason} if reason else {})))

    @api.model
    def _withdraw_over(self, remedies):
        """Withdraw those open ``remedies``, their orders locked, about whose lines nothing is left to decide.

        :return: the remedies that were withdrawn
        """
        figures, journal = self.env["sop.engine.stock"]._get_figures(remedies.line_id), []
        over = remedies.browse()
        for remedy in remedies:
            line, own = remedy.line_id, self.with_context(lang=remedy.decided_by_id.lang)  # he reads why
            if not line:
                end = own.env._("The line is gone.")
            else:
                end = own._get_kind(remedy.kind)._get_end(line.with_env(own.env), figures[line])
            if end:
                self._withdraw(remedy, journal, end)
                over |= remedy
        self.env["sop.engine.evaluation"]._close_journal(journal)
        return over

    @api.model
    def _end(self, documents, journal):
        """Withdraw what is open on ``documents`` that have been cancelled."""
        remedies = self._search_open([("order_id", "in", documents.ids)])
        if remedies:
            self._withdraw(remedies, journal)

    # -- helpers -------------------------------------------------------------------------------------------------------

    @api.model
    def _search_open(self, domain):
        remedies = self.env["sop.remedy"].sudo()  # whoever may see them
        return remedies.search([("state", "in", ("draft", "asked")), *domain], order="id")

    @api.model
    def _lock(self, remedies):
        """Lock the orders of ``remedies``, those of others that they take from included; read anew what was decided."""
        orders = remedies.order_id | remedies.other_order_id
        self.env["sop.engine.evaluation"]._lock(orders.sorted("id"))
        remedies.invalidate_recordset(["state"])

    @api.model
    def _end_alerts(self, remedies, ending):
        alerts = self.env["sop.engine.alert"]
        if any(order.sop_alerted for order in remedies.order_id):
            alerts._close_for(remedies=remedies, ending=ending)

    @api.model
    def _trigger(self, at=None):
        """Have the cron ask, or remind, customers soon after the commit, or at ``at`` (naive UTC)."""
        trigger(self.env, "remedy_cron", at)
