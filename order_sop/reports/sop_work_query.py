from odoo import api, models
from odoo.tools import SQL

# A line's id: that of its check, visit or approval, made apart by its rest.
CHECK, VISIT, APPROVAL = range(3)
OPEN_ORDER = SQL("o.sop_status IN ('running', 'waiting', 'on_hold')")
# A clock that stands has no deadline, unless it had passed already.
CHECK_DEADLINE = SQL("CASE WHEN c.paused_at IS NULL OR c.deadline < c.paused_at THEN c.deadline END")
OPEN_CHECK = SQL("c.state IN ('pending', 'failed') AND NOT c.superseded")

# Whose work it is: the table of the flow documents, and the column by which what is kept refers to them.
DOCUMENTS = (("sale_order", "order_id"), ("sop_case", "case_id"))

# The first delivery or invoice that a stage checks is still to come: see sop.engine.evaluation._get_awaited.
AWAITED = SQL(
    """
     AND NOT EXISTS (SELECT FROM sop_checkpoint p WHERE p.stage_id = s.id AND p.blocking AND
    (p.scope = 'delivery'
     AND EXISTS (SELECT FROM sale_order_line l JOIN product_product i ON i.id = l.product_id
                        JOIN product_template t ON t.id = i.product_tmpl_id AND t.type = 'consu'
                  WHERE l.order_id = o.id AND l.product_uom_qty > COALESCE(l.qty_delivered, 0))
     AND NOT EXISTS (SELECT FROM stock_picking d WHERE d.sale_id = o.id AND d.state <> 'cancel')
     OR p.scope = 'invoice' AND o.amount_total > 0
     AND NOT EXISTS (SELECT FROM sale_order_line l JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
                            JOIN account_move_line b ON b.id = r.invoice_line_id
                            JOIN account_move m ON m.id = b.move_id
                      WHERE l.order_id = o.id AND m.state <> 'cancel'
                            AND m.move_type IN ('out_invoice', 'out_receipt'))))
    """
)


class SopWorkQuery(models.Model):
    """Where the lines of *My Work* come from: a SELECT for each kind, of orders and of cases, so that PostgreSQL looks
    into each by itself."""

    _inherit = "sop.work"

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(
            query(*document)
            for query in (
                self._get_checks_query,
                self._get_requests_query,
                self._get_stages_query,
                self._get_approvals_query,
            )
            for document in DOCUMENTS
        )

    @api.model
    def _get_query(self, part, link, **columns):
        """Return the SELECT of one kind of lines, all columns in one order; ``source`` tells where they come from.

        :param link: ``order_id`` or ``case_id``: what the document, ``o`` in the source, is
        """
        shared = {
            "order_id": SQL("NULL::int"),
            "case_id": SQL("NULL::int"),
            link: SQL("o.id"),
            "partner_id": SQL("o.partner_id"),
            "company_id": SQL("o.company_id"),
            "process_id": SQL("o.sop_process_id"),
            "sop_status": SQL("o.sop_status"),
            "check_id": SQL("NULL::int"),
            "approval_id": SQL("NULL::int"),
            "picking_id": SQL("NULL::int"),
            "invoice_id": SQL("NULL::int"),
            "assigned_id": SQL("NULL::int"),
            "visit_id": SQL("o.sop_visit_id"),
            "blocking": SQL("TRUE"),
            "evidence_required": SQL("FALSE"),
            "since": SQL("o.sop_entered_at"),
            "deadline": SQL("o.sop_deadline"),
        }
        source = columns.pop("source")
        columns = dict(sorted((shared | columns).items()))
        return SQL(
            "SELECT %s::bigint * 3 + %s AS id, %s FROM %s",
            columns.pop("id"),
            part,
            SQL(", ").join(SQL("%s AS %s", value, SQL.identifier(name)) for name, value in columns.items()),
            source,
        )

    @api.model
    def _get_checks_query(self, table, link):
        """Open checks of the present stage, or of deliveries and invoices; approvals have lines of their own."""
        return self._get_query(
            CHECK,
            link,
            id=SQL("c.id"),
            check_id=SQL("c.id"),
            stage_id=SQL("c.stage_id"),
            department_id=SQL("c.department_id"),
            assigned_id=SQL("c.assigned_id"),
            picking_id=SQL("c.picking_id"),
            invoice_id=SQL("c.invoice_id"),
            visit_id=SQL("c.visit_id"),
            kind=SQL("p.kind"),
            blocking=SQL("COALESCE(p.blocking, FALSE)"),
            evidence_required=SQL("COALESCE(p.evidence_required, FALSE)"),
            deadline=SQL("LEAST(%s, o.sop_deadline)", CHECK_DEADLINE),
            source=SQL(
                "sop_check c JOIN %s o ON o.id = c.%s JOIN sop_checkpoint p ON p.id = c.checkpoint_id"
                " WHERE %s AND %s"
                " AND (c.stage_id = o.sop_stage_id OR c.picking_id IS NOT NULL OR c.invoice_id IS NOT NULL)"
                " AND p.kind <> 'approval'",
                SQL.identifier(table),
                SQL.identifier(link),
                OPEN_CHECK,
                OPEN_ORDER,
            ),
        )

    @api.model
    def _get_requests_query(self, table, link):
        """Approvals of the present stage that nobody has asked for yet, or that were rejected: for who has the stage to
        do."""
        return self._get_query(
            CHECK,
            link,
            id=SQL("c.id"),
            check_id=SQL("c.id"),
            stage_id=SQL("c.stage_id"),
            department_id=SQL("v.department_id"),
            assigned_id=SQL("v.user_id"),
            kind=SQL("CASE WHEN c.state = 'failed' THEN 'rejected' ELSE 'ask' END"),
            blocking=SQL("COALESCE(p.blocking, FALSE)"),
            source=SQL(
                "sop_check c JOIN %s o ON o.id = c.%s AND o.sop_stage_id = c.stage_id"
                " JOIN sop_checkpoint p ON p.id = c.checkpoint_id AND p.kind = 'approval'"
                " JOIN sop_visit v ON v.id = o.sop_visit_id"
                " WHERE %s AND (c.asked_at IS NULL OR c.state = 'failed') AND %s",
                SQL.identifier(table),
                SQL.identifier(link),
                OPEN_CHECK,
                OPEN_ORDER,
            ),
        )

    @api.model
    def _get_stages_query(self, table, link):
        """Present stages that somebody has to complete, and on which no blocking check is open nor awaited."""
        return self._get_query(
            VISIT,
            link,
            id=SQL("v.id"),
            stage_id=SQL("v.stage_id"),
            department_id=SQL("v.department_id"),
            assigned_id=SQL("v.user_id"),
            kind=SQL("'stage'"),
            source=SQL(
                "sop_visit v JOIN %s o ON o.sop_visit_id = v.id AND o.id = v.%s"
                " JOIN sop_stage s ON s.id = v.stage_id"
                " WHERE v.left_at IS NULL AND %s AND (v.returned OR NOT COALESCE(s.auto_advance, FALSE))"
                " AND NOT EXISTS (SELECT FROM sop_check c JOIN sop_checkpoint p ON p.id = c.checkpoint_id"
                "  WHERE c.%s = o.id AND %s AND p.blocking)"
                "%s",
                SQL.identifier(table),
                SQL.identifier(link),
                OPEN_ORDER,
                SQL.identifier(link),
                OPEN_CHECK,
                AWAITED if table == "sale_order" else SQL(),  # a case checks no delivery or invoice
            ),
        )

    @api.model
    def _get_approvals_query(self, table, link):
        return self._get_query(
            APPROVAL,
            link,
            id=SQL("a.id"),
            approval_id=SQL("a.id"),
            check_id=SQL("a.check_id"),
            stage_id=SQL("c.stage_id"),
            department_id=SQL("a.department_id"),
            kind=SQL("'approval'"),
            since=SQL("a.opened_at"),
            source=SQL(
                "sop_approval a JOIN sop_check c ON c.id = a.check_id JOIN %s o ON o.id = a.%s"
                " WHERE a.state = 'open' AND c.state = 'pending' AND %s",
                SQL.identifier(table),
                SQL.identifier(link),
                OPEN_ORDER,
            ),
        )
