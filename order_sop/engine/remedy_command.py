import hashlib
import json

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..models.sop_remedy import ANSWERS, KINDS, OPEN_STATES
from .arguments import existing, moment

NUMBERS, LARGE = ("qty", "price_unit"), 1e9
DECIDERS = {
    "replenish": ("warehouse", "purchasing", "sales"),
    "take": ("warehouse", "purchasing"),
    "parts": ("warehouse", "purchasing", "sales", "customer_service"),
    "reschedule": ("purchasing", "sales", "customer_service"),
    "substitute": ("purchasing", "sales", "customer_service"),
    "cancel_line": ("purchasing", "sales", "customer_service"),
}
"""Departments that may decide so; what changes the order asks for the right to write it besides. Managers may all."""


class SopEngineRemedyCommand(models.AbstractModel):
    """What people do on the stock desk, and who may. Every method checks the current user."""

    _name = "sop.engine.remedy.command"
    _description = "SOP engine: people's remedies"

    @api.model
    def _decide(self, line, code, reason, wishes, agreed, seen):
        """Decide about the one order ``line`` for the current user; see ``sop.stock.line.action_decide``."""
        order = line.order_id.with_env(self.env)
        order.check_access("read")
        if code not in dict(KINDS):
            raise UserError(self.env._("Choose what is to be done."))
        if not self._may_decide(order, code):
            raise AccessError(self._get_right_text(order, code))
        if not reason:
            raise UserError(self.env._("Say why: the reason is kept with the decision."))
        wishes = self._get_clean(wishes)
        remedies, line = self.env["sop.engine.remedy"], line.sudo()  # the user was checked above
        self.env["sop.engine.evaluation"]._lock(line.order_id)
        if seen and seen != self._get_fingerprint(line):
            raise UserError(
                self.env._(
                    "Somebody has decided about %(line)s, or its stock has moved, since you opened it. Look again.",
                    line=line.product_id.display_name,
                )
            )
        with self.env.cr.savepoint():  # nothing half-decided stays behind, even if the caller goes on after the error
            remedy = remedies._propose(line, code, wishes, reason)
            if agreed and remedies._get_kind(code)._asks(line.order_id):
                remedies._note_answer(remedy.sudo(), True, self.env.user.name)  # as above
                remedies._apply(remedy)
            else:
                remedies._go_on(remedy)
        return remedy

    @api.model
    def _withdraw_by_hand(self, decisions, reason):
        """See ``sop.remedy.action_cancel``."""
        decisions, journal = self._to_act_on(decisions), []
        self.env["sop.engine.remedy"]._withdraw(decisions, journal, reason)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _carry_out(self, decisions):
        """See ``sop.remedy.action_carry_out``."""
        decisions, remedies = self._to_act_on(decisions), self.env["sop.engine.remedy"]
        for remedy in decisions:
            if remedy.state == "asked":
                raise UserError(self.env._("“%s”: the customer has not answered yet.", remedy.display_name))
            if remedy.answer and remedies._get_kind(remedy.kind)._binds and remedies._is_changed(remedy):
                raise UserError(
                    self.env._(
                        "“%s”: the line was changed after the customer had been asked. Withdraw the decision and "
                        "ask again.",
                        remedy.display_name,
                    )
                )
        remedies._apply(decisions)

    @api.model
    def _answer_by_hand(self, decision, answer, note):
        """See ``sop.remedy.action_answer``."""
        decision.ensure_one()
        if answer not in dict(ANSWERS):
            raise ValidationError(self.env._("The answer is “agreed” or “refused”."))
        if not note:
            raise UserError(self.env._("Write down what the customer said, and when."))
        [decision] = self._to_act_on(decision)
        self.env["sop.engine.remedy"]._answer(decision, answer == "agreed", self.env.user.name, note)

    # -- rights --------------------------------------------------------------------------------------------------------

    @api.model
    def _may_decide(self, order, code):
        """Tell whether the current user, who may read the one ``order``, may decide so about its lines."""
        may = self._get_my_kinds().get(code)
        return bool(may) and (may == "all" or order.with_env(self.env).has_access("write"))

    @api.model
    def _get_deciding(self, orders):
        """Return those of ``orders`` about whose lines the current user may decide anything."""
        mine = self._get_my_kinds()
        if "all" in mine.values():
            return orders
        return orders.with_env(self.env)._filtered_access("write") if mine else orders.browse()

    @api.model
    def _get_my_kinds(self):
        """Return ``{kind: "all" | "written"}``: what the current user may decide, about all orders that he sees or only
        about those that he may write."""
        if self.env.user.has_group("order_sop.group_manager"):
            return dict.fromkeys(DECIDERS, "all")
        mine, remedies = set(self.env["sop.department"]._get_my_ids()), self.env["sop.engine.remedy"]
        return {
            code: "written" if remedies._get_kind(code)._changes_order else "all"
            for code in DECIDERS
            if self._get_department_ids(code) & mine
        }

    @api.model
    def _get_department_ids(self, code):
        data = self.env["ir.model.data"].sudo()  # which of them come with the addon
        ids = (data._xmlid_to_res_id(f"order_sop.department_{name}", False) for name in DECIDERS[code])
        return {id_ for id_ in ids if id_}

    @api.model
    def _get_right_text(self, order, code):
        departments = self.env["sop.department"].browse(sorted(self._get_department_ids(code)))
        values = {
            "decision": dict(self.env["sop.remedy"]._fields["kind"]._description_selection(self.env))[code],
            "departments": ", ".join(departments.mapped("name")),
            "order": order.display_name,
        }
        if self.env["sop.engine.remedy"]._get_kind(code)._changes_order:
            return self.env._(
                "“%(decision)s” changes %(order)s: it is for members of %(departments)s who may write the order, and "
                "for SOP managers.",
                **values,
            )
        return self.env._(
            "“%(decision)s” on %(order)s is for %(departments)s and for SOP managers to decide.", **values
        )

    @api.model
    def _to_act_on(self, decisions):
        """Return open ``decisions`` in superuser mode, their orders locked, after checking the user.

        :raise AccessError: for who may not decide so; UserError for one that is over
        """
        decisions.check_access("read")
        for remedy in decisions:
            if not self._may_decide(remedy.order_id, remedy.kind):
                raise AccessError(self._get_right_text(remedy.order_id, remedy.kind))
        decisions = decisions.sudo()  # the user was checked above
        self.env["sop.engine.remedy"]._lock(decisions)
        for remedy in decisions:
            if remedy.state not in OPEN_STATES:
                raise UserError(self.env._("“%s” is over already. Reload to see how.", remedy.display_name))
        return decisions

    # -- what comes from outside ---------------------------------------------------------------------------------------

    @api.model
    def _get_clean(self, wishes):
        """Return what a caller over RPC wants, by field of ``sop.remedy``; raise for what is not of its kind."""
        if not isinstance(wishes, dict) or not set(wishes) <= {*NUMBERS, "new_date", "substitute_id", "other_line_id"}:
            raise ValidationError(self.env._("“%s”: this cannot be wished for.", wishes))
        clean = {}
        for name in NUMBERS:
            value = wishes.get(name)
            if value is not None and value is not False:
                if type(value) not in (int, float) or not 0 <= value < LARGE:
                    raise ValidationError(self.env._("“%s”: this is no quantity or price.", value))
                clean[name] = value
        if wishes.get("new_date"):
            clean["new_date"] = moment(self.env, wishes["new_date"])
        if product := existing(self.env["product.product"], wishes.get("substitute_id") or None):
            product.check_access("read")
            clean["substitute_id"] = product.id
        if other := existing(self.env["sale.order.line"], wishes.get("other_line_id") or None):
            other.order_id.check_access("read")
            clean["other_line_id"] = other.id
        return clean

    @api.model
    def _get_fingerprint(self, line):
        """Return a hash over what the one order ``line`` looked like to whoever decides."""
        figures = self.env["sop.engine.stock"]._get_figures(line)[line]
        names = ("ordered", "delivered", "reserved", "in_stock", "in_transit", "short", "expected_at", "promised_at")
        last = self.env["sop.remedy"].sudo().search([("line_id", "=", line.id)], order="id desc", limit=1)  # the same
        facts = [*(str(figures[name]) for name in names), line.product_id.id, last.id, last.state]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
