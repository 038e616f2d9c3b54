import hashlib
import json

from odoo import api, models
from odoo.fields import Domain

from ..models.sop_flow_mixin import OPEN_STATUSES
from ..rules.sop_rule import PREFIX
from .crons import trigger
from .guard import as_engine
from .isolation import work_off

AT_ONCE = 80
"""So many holds are looked at again in the transaction of whoever changed a customer; the cron does the rest."""


class SopEngineConditions(models.AbstractModel):
    """Holds that come and go by themselves: those whose type has a condition, and those of blocked customers.

    Asked set-wise with every evaluation, the gate's own included. Methods check nobody; log lines go to ``journal``.
    """

    _name = "sop.engine.conditions"
    _description = "SOP engine: holds by condition"

    @api.model
    def _follow(self, documents, journal, reason=None):
        """Set the holds whose condition ``documents`` meet, release those whose condition is over.

        One that a person released, or whose time was over, is not set again for the same: only once what it judged has
        changed, or was fine in between.

        :param reason: what to say about those that are released
        """
        if documents._sop_link != "order_id":  # conditions, and blocks of customers, are for orders
            return
        documents = documents.filtered(lambda document: document.sop_status in OPEN_STATUSES)
        self.env["sop.engine.hold.lines"]._follow(documents, journal)
        types = self._get_types(documents)
        if not types:
            return
        passed_over = self._get_passed_over(documents, types)
        for hold_type in types:
            met = self._judge(hold_type, documents)
            open_holds = documents._sop_open_holds().filtered(lambda hold, t=hold_type: hold.type_id == t)
            by_document = {hold.flow: hold for hold in open_holds}
            judged = {document: _digest(document, reasons) for document, reasons in met.items()}
            setting, settled = documents.browse(), documents.env["sop.hold"]
            for document in documents:
                earlier = passed_over.get((document, hold_type), settled.browse())
                if document in met and document not in by_document and earlier.judged != judged[document]:
                    setting |= document
                if document not in met or document in setting:
                    settled |= earlier
            as_engine(settled).write({"judged": False})
            new = self.env["sop.engine.holds"]._put(setting, hold_type, journal, met, judged, automatic=True)
            self._alert(new, hold_type, journal)
            for document, hold in by_document.items():
                if hold.automatic and document in met and hold.reason_data != met[document]:
                    as_engine(hold).write({"reason_data": met[document], "judged": judged[document]})
            over = open_holds.filtered(lambda hold, met=met: hold.automatic and hold.flow not in met)
            if hold_type.auto_release:
                self.env["sop.engine.holds"]._release(over, "condition", journal, reason)

    @api.model
    def _end(self, documents, journal):
        """Release what was set by itself on ``documents`` that are finished or cancelled: nobody asks for it any more.

        Once they go on, it is asked anew.
        """
        holds = documents._sop_open_holds().filtered("automatic")
        self.env["sop.engine.holds"]._release(holds, "over", journal)

    @api.model
    def _get_types(self, documents):
        """Return the types whose condition is to be asked for ``documents``, without a query where there are none."""
        types = self.env["sop.hold.type"].sudo()  # configuration
        found = types.browse(types._get_automatic_ids())
        if any(self.env["sop.block"]._get_blocks(company.id) for company in documents.company_id):
            found |= types._get_by_code("blocked")
        return found | documents._sop_open_holds().filtered("automatic").type_id

    @api.model
    def _get_passed_over(self, documents, types):
        """Return ``{(document, type): hold}`` of the holds that were released though their condition was met."""
        holds = documents.env["sop.hold"].search(
            [
                ("order_id", "in", documents.ids),
                ("type_id", "in", types.ids),
                ("judged", "!=", False),
                ("released_at", "!=", False),
            ],
            order="id",
        )
        return {(hold.flow, hold.type_id): hold for hold in holds}

    @api.model
    def _alert(self, holds, hold_type, journal):
        """Raise an alert on each of ``holds``, which set themselves, for the department that may release it.

        Of a customer's block its department knows: it has set that.
        """
        if not holds or hold_type.code == "blocked":
            return
        departments = hold_type.release_department_ids
        department = departments.filtered("lead_id")[:1] or departments[:1]
        engine, vals_list = self.env["sop.engine.alert"], []
        for hold in holds.sudo():  # called by the engine
            order, nobody = hold.flow, self.env["res.users"].sudo()  # as above
            # where no department may, an SOP manager does
            owner = engine._get_owner(order, nobody, order.sop_stage_id, department, 1 if department else 2)
            vals_list.append({"kind": "held", "hold_id": hold.id, "department_id": department.id, "user_id": owner.id})
        engine._raise(vals_list, journal)

    # -- judging -------------------------------------------------------------------------------------------------------

    @api.model
    def _judge(self, hold_type, documents):
        """Return those of ``documents`` that meet the condition of ``hold_type``, as ``{document: [gate reason…]}``."""
        if hold_type.code == "blocked":
            return self._judge_blocked(documents)
        matching = hold_type._filter_orders(documents)
        if hold_type._get_rule() is None:
            # a type without a condition (any more) holds nobody
            matching = matching if hold_type._get_order_domain() else matching.browse()
            return {document: [{"code": "condition", "type": hold_type.id}] for document in matching}
        met = {}
        for company, batch in matching.grouped("company_id").items():
            language, _timezone = company._sop_locale()  # as for checks
            batch = batch.sudo().with_company(company).with_context(lang=language)  # rules see everything
            samples = self._get_samples(hold_type, batch)
            reasons = self.env["sop.engine.checks"]._ask(batch.env[PREFIX + hold_type.rule], samples)
            for document, sample in zip(batch, samples, strict=True):
                if reason := reasons[sample]:
                    told = {"code": "rule", "rule": hold_type.rule, "reason": reason["code"], "data": reason["data"]}
                    met[document.with_env(documents.env)] = [json.loads(json.dumps(told))]  # as the database gives it
        return met

    @api.model
    def _get_samples(self, hold_type, documents):
        """Return a check for each of ``documents``, in memory only: what rules judge."""
        parameters = ("rule", "rule_days", "rule_percent", "rule_amount", "rule_quantity", "rule_flag")
        checkpoint = documents.env["sop.checkpoint"].new({name: hold_type[name] for name in parameters})
        checks = documents.env["sop.check"]
        return checks.concat(
            *(
                checks.new(
                    {"order_id": document.id, "company_id": document.company_id.id, "checkpoint_id": checkpoint},
                    ref=document.id,
                )
                for document in documents
            )
        )

    @api.model
    def _judge_blocked(self, documents):
        """Return those of ``documents`` whose customer, or whom they are billed or sent to, is blocked."""
        met = {}
        for company, batch in documents.grouped("company_id").items():
            blocks = self.env["sop.block"]._get_blocks(company.id)
            for document in batch if blocks else ():
                partners = document.partner_id | document.partner_invoice_id | document.partner_shipping_id
                found = sorted(
                    {blocks[id_] for id_ in (partners | partners.commercial_partner_id).ids if id_ in blocks}
                )
                if found:
                    met[document] = [{"code": "blocked", "block": block} for block in found]
        return met

    # -- what another document changes ---------------------------------------------------------------------------------

    @api.model
    def _look_again(self, changed):
        """Look again at the open automatic holds of customers of whom something changed: a payment, a limit, an order;
        at the oldest ones at once, at the others soon.

        :param changed: ``{model: ids}`` of what was changed in this transaction
        """
        if not self.env["sop.hold.type"]._get_automatic_ids():
            return
        customers = self.env["res.partner"]
        for model in {"sale.order", "account.move", "res.partner"} & changed.keys():
            records = self.env[model].browse(changed[model]).exists()
            if model == "sale.order":
                records = records.partner_id | records.partner_invoice_id
            customers |= records.commercial_partner_id
        if not customers:
            return
        of_them = Domain("order_id.partner_id.commercial_partner_id", "in", customers.ids)
        of_them |= Domain("order_id.partner_invoice_id.commercial_partner_id", "in", customers.ids)
        domain = Domain("released_at", "=", False) & Domain("automatic", "=", True) & of_them
        domain &= Domain("type_id.code", "!=", "blocked")  # those follow the block itself
        just_asked = list(changed.get("sale.order", ()))
        domain &= Domain("order_id", "not in", just_asked)
        holds = self.env["sop.hold"].search(domain, order="id", limit=AT_ONCE + 1)
        orders = holds[:AT_ONCE].flow
        free = orders.try_lock_for_update(allow_referencing=True) if orders else orders
        self.env["sop.engine.evaluation"]._run(free)
        if free != orders or len(holds) > AT_ONCE:  # somebody works on these, or there are too many: soon
            trigger(self.env, "condition_cron")

    @api.model
    def _cron_look_again(self):
        """Look again at all open automatic holds: much of what they judge tells nobody when it changes."""
        holds = self.env["sop.hold"].search([("released_at", "=", False), ("automatic", "=", True)], order="id")
        evaluation = self.env["sop.engine.evaluation"]
        work_off(holds, lambda batch: evaluation._run(batch.flow))


def _digest(document, reasons):
    """Return a hash over what a hold by condition is about: what the one ``document`` says, and why it is held."""
    return hashlib.sha256(json.dumps([document._sop_fingerprint(), reasons], sort_keys=True).encode()).hexdigest()
