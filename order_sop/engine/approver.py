from collections import defaultdict

from odoo import api, fields, models, tools

from ..rules.receivables import get_debts
from .reading import linked_ids


class SopEngineApprover(models.AbstractModel):
    """Who may approve: the people of a step, those who may not since they made the order, those who stand in."""

    _name = "sop.engine.approver"
    _description = "SOP engine: approvers"

    # -- people --------------------------------------------------------------------------------------------------------

    @api.model
    def _get_people(self, checkpoint, step, company, document=None):
        """Return the ``res.users`` whom ``step`` of ``checkpoint`` names in ``company``, in superuser mode.

        :param step: ``sop.approval.step``; empty for a checkpoint without steps: any member of its department
        :param document: the flow document, for steps that find their approver on it; None finds nobody there
        """
        department = checkpoint._get_department()
        kind = step.approver_kind or "department"
        users = self.env["res.users"].sudo()  # who they are is the definition's to say
        if kind in ("department", "group"):
            groups = step.group_id if kind == "group" else department.sudo().group_ids  # groups: administrators only
            return users.browse(self._get_member_ids(tuple(groups.ids), company.id))
        if kind == "field":
            named = document.sudo().mapped(step.user_field) if document else users  # whoever the order names
        else:
            named = department.lead_id if kind == "lead" else users.browse(linked_ids(step, "user_ids"))
        return named.sudo().filtered(lambda user: self._may_approve(user, company))  # what groups they are in

    @api.model
    @tools.ormcache("group_ids", "company_id")
    def _get_member_ids(self, group_ids, company_id):
        """Return the ids of the members of any of these groups who may approve in a company, as a tuple."""
        members = self.env["res.groups"].sudo().browse(group_ids).all_user_ids  # groups: administrators only
        company = self.env["res.company"].browse(company_id)
        return tuple(members.filtered(lambda user: self._may_approve(user, company)).sorted("id").ids)

    @api.model
    @tools.ormcache("user.id", "company.id")
    def _may_approve(self, user, company):
        """Tell whether ``user`` could approve anything in ``company``: active, of the house and of the SOP, and with a
        right to read the orders that he is asked to approve: a salesperson's, or what every other department has."""
        user = user.sudo()  # facts of the account
        return (
            user.active
            and not user.share
            and company in user.company_ids
            and user.has_group("order_sop.group_user")
            and (user.has_group("order_sop.group_reader") or user.has_group("sales_team.group_sale_salesman"))
        )

    @api.model
    def _people_changed(self):
        """Accounts, groups or absences have changed: who may decide what waits is found anew, soon."""
        self.env["sop.process"]._forget()
        cron = self.env.ref("order_sop.approver_cron", raise_if_not_found=False)  # not yet while being installed
        if cron and self.env["sop.process"]._is_in_use():
            cron.sudo()._trigger()  # a cron belongs to administrators
            self.env["sop.engine.assignment"]._trigger()

    # -- absences ------------------------------------------------------------------------------------------------------

    @api.model
    def _get_delegates(self, user_ids):
        """Return ``{user id: ids of those who stand in for him today}``; whoever stands in for a stand-in as well."""
        today = defaultdict(list)
        for user_id, delegate_id in self._get_delegations(fields.Date.context_today(self.with_context(tz="UTC"))):
            today[user_id].append(delegate_id)
        delegates = {}
        for user_id in user_ids:
            found, ahead = [], list(today[user_id])
            while ahead:
                delegate_id = ahead.pop(0)
                if delegate_id not in found and delegate_id != user_id:
                    found.append(delegate_id)
                    ahead += today[delegate_id]
            delegates[user_id] = found
        return delegates

    @api.model
    @tools.ormcache("day")
    def _get_delegations(self, day):
        """Return the delegations of a day as a tuple of ``(user id, delegate id)``."""
        found = (
            self.env["sop.delegation"]
            .sudo()  # whosever they are
            .search([("date_from", "<=", day), ("date_to", ">=", day)], order="id")
        )
        return tuple((delegation.user_id.id, delegation.delegate_id.id) for delegation in found)

    # -- candidates ----------------------------------------------------------------------------------------------------

    @api.model
    def _get_conflicts(self, document):
        """Return ``{user id: code of what he has to do with it}`` of those who may not approve ``document``: ``made``,
        ``sells``, ``put`` or ``changed``."""
        return {user.id: code for code, users in document._sop_makers().items() for user in users}

    @api.model
    def _get_candidates(self, check, step, guests=(), gone=(), voted=()):
        """Return the ids of those who may decide ``step`` of ``check`` now, in order.

        :param guests: ids of users who were brought in
        :param gone: ids of users who handed it over
        :param voted: ids of users who have approved the same check already
        """
        document, checkpoint = check.flow, check.checkpoint_id
        people = self._get_people(checkpoint, step, check.company_id, document)._ids
        barred = {*gone, *voted, *(self._get_conflicts(document) if checkpoint.four_eyes else ())}
        return [user_id for user_id in dict.fromkeys((*people, *guests)) if user_id not in barred]

    @api.model
    def _get_left_out(self, check, step, gone=()):
        """Return the ids of those whom ``step`` of ``check`` names and who cannot decide it only since somebody wrote
        them on the order as its salesperson.

        :param gone: ids of users in whose place somebody else decides
        """
        document, checkpoint = check.flow, check.checkpoint_id
        conflicts = self._get_conflicts(document) if checkpoint.four_eyes else {}
        if "put" not in conflicts.values():
            return []
        people = self._get_people(checkpoint, step, check.company_id, document)._ids
        return [user_id for user_id in people if conflicts.get(user_id) == "put" and user_id not in gone]

    @api.model
    def _get_needed(self, check, step, user_ids, gone=()):
        """Return how many have to approve ``step`` of ``check``, where ``user_ids`` may.

        To be written on the order as its salesperson makes nobody one less of “all”: the department's lead is told, and
        hands it to somebody else in his place. ``gone``: see :meth:`_get_left_out`.
        """
        left_out = self._get_left_out(check, step, gone) if step.quorum == "all" else ()
        return step._get_needed(len({*user_ids, *left_out})) if step else 1

    @api.model
    def _get_chain(self, document):
        """Return who will have to approve the one ``document``, from its present stage on, as it is now.

        :return: list of values of ``sop.approval.preview.line``, in the order in which they are asked
        """
        chain = []
        stages = document.sop_process_id.stage_ids.filtered(
            lambda stage: not stage._is_before(document.sop_stage_id) and stage._filter_orders(document)
        )
        for checkpoint in stages._in_order().checkpoint_ids.filtered(
            lambda checkpoint: checkpoint.kind == "approval" and checkpoint._filter_orders(document)
        ):
            check = self._get_sample(document, checkpoint)
            steps = self.env["sop.engine.approval"]._get_steps(check)
            for place, (step, user_ids, needed) in enumerate(self._foresee(check, steps), 1):
                chain.append(
                    {
                        "stage_id": checkpoint.stage_id.id,
                        "checkpoint_id": checkpoint.id,
                        "step_id": step.id,
                        "place": place if checkpoint.approval_order == "sequence" else 1,
                        "user_ids": [(6, 0, user_ids)],
                        "needed": needed,
                        "is_short": len(user_ids) < needed,
                    }
                )
        return chain

    @api.model
    def _foresee(self, check, steps):
        """Return who may decide each of ``steps`` of the one ``check``, which nobody has decided on yet, and how many
        have to: ``[(step, user ids, needed)…]``."""
        asked = [(step, self._get_candidates(check, step)) for step in steps]
        return [(step, user_ids, self._get_needed(check, step, user_ids)) for step, user_ids in asked]

    @api.model
    def _get_sample(self, document, checkpoint):
        """Return the check of ``checkpoint`` on the one ``document`` as it would be, in memory only."""
        return (
            self.env["sop.check"]
            .sudo()
            .new(  # nothing is written
                {
                    document._sop_link: document.id,
                    "checkpoint_id": checkpoint.id,
                    "company_id": document.company_id.id,
                    "stage_id": checkpoint.stage_id.id,
                }
            )
        )

    # -- what a decision is based on -----------------------------------------------------------------------------------

    @api.model
    def _get_basis(self, documents):
        """Return what an approver has to know beside what the order says: ``{document: {"exposure", "margin"}}``.

        Both in the currency of the document's company: what the customer owes (a confirmed order included, this one
        too), and the untaxed total less the products' costs of today.
        """
        basis = {}
        documents = documents.sudo()  # figures of the customer, for whoever has to decide
        for company, batch in documents.grouped("company_id").items():
            debtors = batch._sop_debtors()
            debts = get_debts(batch.env["res.partner"].union(*debtors.values()), company._sop_warm_up())
            margins = batch.with_company(company)._sop_margins()
            for document in batch:
                debt = debts[debtors[document].id]
                exposure = company.currency_id.round(debt.open + debt.to_invoice)
                basis[document] = {"exposure": exposure, "margin": margins[document]}
        return basis
