from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL


class SopEngineAccess(models.AbstractModel):
    """Which orders the members of a department see: those that have or had work for it. See docs/access.md.

    It is asked with every list of orders, so it says as much as it can by columns of the order itself: with a published
    version that never changes, the present stage tells which departments must have had work by then.
    """

    _name = "sop.engine.access"
    _description = "SOP engine: who sees which orders"

    @api.model
    def _get_order_domain(self):
        """Return which orders the current user sees as a member of his departments, as a domain on ``sale.order``.

        Orders in a stage, or beyond one, that had a visit or a check of one of his departments, those on a hold that
        one of these may release, and those that he was asked to approve, in any department. Whom Odoo itself lets ship
        or bill any order also sees those without a process, and those whose delivery or invoice he handles.
        """
        domain = Domain.FALSE
        departments = self.env["sop.department"]._get_my_ids()
        if departments:
            sure, unsure = self._get_reach(departments)
            work = self._has_work(departments)
            domain |= Domain("sop_stage_id", "in", sure) | (Domain("sop_stage_id", "in", unsure) & work)
            # what an order left behind in another process is not to be told by the stages of its present one
            domain |= Domain("sop_visit_ids", "any!", [("outcome", "=", "moved")]) & work
            domain |= Domain("sop_status", "=", "on_hold") & self._has_hold(departments)
        domain |= self._get_approver_domain()
        for group, has_document in (
            ("stock.group_stock_user", self._has_delivery),
            ("account.group_account_invoice", self._has_invoice),
        ):
            if self.env.user.has_group(group):
                domain |= Domain("sop_process_id", "=", False) | has_document()
        return domain

    @api.model
    @tools.ormcache("departments")
    def _get_reach(self, departments):
        """Return ``(sure, unsure)``: the ids of the stages in which an order must have, or may have, had their work.

        Sure are a stage that every order enters and that gives work to one of ``departments`` (a tuple of ids), and
        those behind it. Unsure are the others of its process: an order may have skipped the stage that does, or come
        back from it.
        """
        sure, unsure = [], []
        processes = self.env["sop.process"].sudo().search([("state", "!=", "draft")])  # the same for everybody
        for process in processes:
            had, candidates = False, []
            for stage in process.stage_ids._in_order():
                asked = {checkpoint._get_department().id for checkpoint in stage.checkpoint_ids}
                always = {c._get_department().id for c in stage.checkpoint_ids if c.scope == "order"}
                owner = stage.department_id.id
                had = had or (not stage.order_domain and not {owner, *always}.isdisjoint(departments))
                (sure if had else candidates).append((stage.id, not {owner, *asked}.isdisjoint(departments)))
            concerned = had or any(works for _stage, works in candidates)
            unsure += [stage for stage, _works in candidates] if concerned else []
        return tuple(stage for stage, _works in sure), tuple(unsure)

    # -- what only other tables tell: by a scalar subquery, since PostgreSQL reads the whole table for an EXISTS -------

    @api.model
    def _has_work(self, departments):
        visit, check = self.env["sop.visit"]._fields, self.env["sop.check"]._fields
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "((SELECT 1 FROM sop_visit WHERE order_id = %(order)s AND department_id IN %(departments)s LIMIT 1)"
                " IS NOT NULL OR"
                " (SELECT 1 FROM sop_check WHERE order_id = %(order)s AND department_id IN %(departments)s LIMIT 1)"
                " IS NOT NULL%(flush)s)",
                order=SQL.identifier(alias, "id"),
                departments=departments,
                flush=SQL("", to_flush=(visit["department_id"], check["department_id"])),
            )
        )

    @api.model
    def _has_hold(self, departments):
        """Return which orders are on a hold that members of one of ``departments`` (a tuple of ids) may release."""
        hold = self.env["sop.hold"]._fields
        flush = SQL("", to_flush=(hold["type_id"], hold["released_at"]))
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "(SELECT 1 FROM sop_hold h"
                " JOIN sop_hold_type_release_department_rel r ON r.sop_hold_type_id = h.type_id"
                " WHERE h.order_id = %s AND h.released_at IS NULL AND r.sop_department_id IN %s LIMIT 1)"
                " IS NOT NULL%s",
                SQL.identifier(alias, "id"),
                departments,
                flush,
            )
        )

    @api.model
    def _get_approver_domain(self):
        """Return which orders the current user was asked to approve, himself or for somebody absent, as a domain."""
        if not self.env["sop.process"]._is_in_use():
            return Domain.FALSE
        approval = self.env["sop.approval"]._fields
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%(order)s IN ("
                " SELECT a.order_id FROM sop_approval a JOIN sop_approval_user_rel r ON r.sop_approval_id = a.id"
                " WHERE r.res_users_id = %(user)s UNION ALL"
                " SELECT a.order_id FROM sop_approval a JOIN sop_approval_delegate_rel r ON r.sop_approval_id = a.id"
                " WHERE r.res_users_id = %(user)s%(flush)s)",
                order=SQL.identifier(alias, "id"),
                user=self.env.uid,
                flush=SQL("", to_flush=(approval["user_ids"], approval["delegate_ids"])),
            )
        )

    @api.model
    def _has_delivery(self):
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "(SELECT 1 FROM stock_picking WHERE sale_id = %s LIMIT 1) IS NOT NULL%s",
                SQL.identifier(alias, "id"),
                SQL("", to_flush=self.env["stock.picking"]._fields["sale_id"]),
            )
        )

    @api.model
    def _has_invoice(self):
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "(SELECT 1 FROM sale_order_line l JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id"
                " WHERE l.order_id = %s LIMIT 1) IS NOT NULL%s",
                SQL.identifier(alias, "id"),
                SQL("", to_flush=self.env["sale.order.line"]._fields["invoice_lines"]),
            )
        )
