"""What the KPIs know of an order, as one SQL query over the documents themselves: the one place that says so.

``sop.order.fact`` keeps its rows; of orders that have changed since the same query is asked. Days are those of the
company; amounts are without taxes in its currency, at the order's rate; quantities are compared in the product's unit.
"""

from odoo.tools import SQL

from ..models.sale_order_time import LONGEST_LEAD
from ..rules.helpers import outside
from .zones import day

TINY = SQL("0.000001")  # quantities are sums of floats
LAST_MOMENT = SQL("timestamp '9999-12-30'")  # in no time zone is it a day that Python cannot read

COLUMNS = [
    "order_id",
    "company_id",
    "process_id",
    "status",
    "partner_id",
    "country_id",
    "team_id",
    "user_id",
    "categ_id",
    "amount",
    "begun_at",
    "begun_on",
    "done_at",
    "done_on",
    "ended_on",
    "minutes",
    "elapsed",
    "stages",
    "late_stages",
    "repeated_stages",
    "sent_back",
    "path",
    "waivers",
    "promised_on",
    "delivered_on",
    "goods_lines",
    "lines_in_full",
    "lines_on_time",
    "in_full",
    "on_time",
    "returned_lines",
    "returned_amount",
    "cases",
    "credited",
    "rating",
    "first_pass",
    "perfect",
]


def fact_query(env, orders):
    """Return a query of the facts of those sale orders under a process whose ids ``orders`` (SQL) holds.

    :return: SQL with the columns ``COLUMNS``
    """
    company = SQL("o.company_id")
    return SQL(
        """
        SELECT f.*,
               CASE WHEN f.status = 'done' THEN f.sent_back = 0 AND f.repeated_stages = 0 END AS first_pass,
               CASE WHEN f.status = 'done'
                    THEN COALESCE(f.on_time, TRUE) AND COALESCE(f.in_full, TRUE) AND f.cases = 0 AND NOT f.credited
                     END AS perfect
          FROM (
            SELECT o.id AS order_id, o.company_id, o.sop_process_id AS process_id, o.sop_status AS status,
                   p.commercial_partner_id AS partner_id, p.country_id, o.team_id, o.user_id, g.categ_id,
                   ROUND((o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1))::numeric, 2) AS amount,
                   v.begun_at, v.begun_on, CASE WHEN o.sop_status = 'done' THEN v.left_at END AS done_at,
                   CASE WHEN o.sop_status = 'done' THEN %(left_on)s END AS done_on,
                   CASE WHEN o.sop_status IN ('done', 'cancelled') THEN %(left_on)s END AS ended_on,
                   v.minutes, EXTRACT(EPOCH FROM v.left_at - v.begun_at)::float8 AS elapsed,
                   v.stages, v.late_stages, v.repeated_stages, v.sent_back, v.path,
                   (SELECT COUNT(*) FROM sop_waiver w WHERE w.order_id = o.id)::int AS waivers,
                   %(promised_on)s AS promised_on, %(delivered_on)s AS delivered_on,
                   g.goods_lines, g.lines_in_full,
                   CASE WHEN q.promise IS NOT NULL THEN g.lines_on_time END AS lines_on_time,
                   CASE WHEN g.goods_lines > 0
                        THEN g.lines_in_full = g.goods_lines AND NOT EXISTS (
                             SELECT FROM sop_remedy r
                              WHERE r.order_id = o.id AND r.kind = 'cancel_line' AND r.state = 'done')
                         END AS in_full,
                   CASE WHEN g.goods_lines > 0 AND q.promise IS NOT NULL
                        THEN g.lines_on_time = g.goods_lines END AS on_time,
                   g.returned_lines,
                   ROUND((g.returned_amount / COALESCE(NULLIF(o.currency_rate, 0), 1))::numeric, 2) AS returned_amount,
                   (SELECT COUNT(*) FROM sop_case c
                     WHERE c.order_id = o.id AND c.state <> 'cancelled' AND c.kind <> 'question')::int AS cases,
                   EXISTS (
                     SELECT FROM sale_order_line l
                       JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
                       JOIN account_move_line i ON i.id = r.invoice_line_id AND i.parent_state = 'posted'
                       JOIN account_move m ON m.id = i.move_id AND m.move_type = 'out_refund'
                      WHERE l.order_id = o.id) AS credited,
                   (SELECT t.rating FROM rating_rating t
                     WHERE t.res_model = 'sale.order' AND t.res_id = o.id AND t.consumed
                     ORDER BY t.id DESC LIMIT 1)::float8 AS rating
              FROM sale_order o
              JOIN res_partner p ON p.id = o.partner_id
             CROSS JOIN LATERAL (%(visits)s) v
             CROSS JOIN LATERAL (%(promise)s) q
             CROSS JOIN LATERAL (%(goods)s) g
             WHERE o.sop_process_id IS NOT NULL AND o.id IN (%(orders)s)
          ) f
        """,
        left_on=day(env, SQL("v.left_at"), company),
        promised_on=day(env, SQL("q.promise"), company),
        delivered_on=day(env, SQL("g.delivered_at"), company),
        visits=VISITS,
        promise=PROMISE,
        goods=_goods(env),
        orders=orders,
    )


# The stages that the order went through.
VISITS = SQL(
    """
    SELECT MIN(entered_at) AS begun_at, MIN(begun_on) AS begun_on, MAX(left_at) AS left_at,
           SUM(ROUND(COALESCE(worked_hours, 0) * 60))::float8 AS minutes, COUNT(left_at)::int AS stages,
           (COUNT(*) FILTER (WHERE deadline < left_at))::int AS late_stages,
           (COUNT(*) FILTER (WHERE cycle > 1))::int AS repeated_stages,
           (COUNT(*) FILTER (WHERE outcome = 'sent_back'))::int AS sent_back,
           STRING_AGG(stage_id::text, ',' ORDER BY id) FILTER (WHERE left_at IS NOT NULL) AS path
      FROM sop_visit WHERE order_id = o.id
    """
)

# What the customer was promised as the order was confirmed: later moves of the date do not make it on time. Lead times
# are those of goods, see ``sale.order._sop_lead_dates``; a line can be written any number of days.
PROMISE = SQL(
    """
    SELECT CASE WHEN p.day > %(last)s THEN %(last)s ELSE p.day END AS promise FROM (SELECT COALESCE(
        CASE WHEN EXISTS (SELECT FROM sop_promise s WHERE s.order_id = o.id AND s.changed_at > o.date_order)
             THEN (SELECT s.old_date FROM sop_promise s WHERE s.order_id = o.id AND s.changed_at > o.date_order
                    ORDER BY s.id LIMIT 1)
             ELSE o.commitment_date END,
        (SELECT o.date_order + MAX(LEAST(l.customer_lead, %(longest)s)) * interval '1 day'
           FROM sale_order_line l
           JOIN product_product pp ON pp.id = l.product_id
           JOIN product_template t ON t.id = pp.product_tmpl_id AND t.type = 'consu'
          WHERE l.order_id = o.id AND l.customer_lead > 0 AND l.is_delivery IS NOT TRUE)
    ) AS day) p
    """,
    last=LAST_MOMENT,
    longest=LONGEST_LEAD,
)


def _goods(env):
    """Return the query of the goods of the order: a line is in full at the first moment at which all that is ordered
    has left for the customer. A kit is when the last of its parts has left and none is to come; what cases sent anew
    counts for none of it. What of its parts came back is taken as the same share of the whole.
    """
    return SQL(
        """
        SELECT COUNT(*)::int AS goods_lines,
               (COUNT(*) FILTER (WHERE l.full_at IS NOT NULL))::int AS lines_in_full,
               (COUNT(*) FILTER (WHERE %(full_on)s <= %(promised_on)s))::int AS lines_on_time,
               CASE WHEN COUNT(*) = COUNT(l.full_at) THEN MAX(LEAST(l.full_at, %(last)s)) END AS delivered_at,
               (COUNT(*) FILTER (WHERE l.returned > %(tiny)s))::int AS returned_lines,
               COALESCE(SUM(l.returned * l.price), 0) AS returned_amount,
               (ARRAY_AGG(l.categ_id ORDER BY l.price_subtotal DESC, l.id))[1] AS categ_id
          FROM (
            SELECT s.id, t.categ_id, s.price_subtotal,
                   s.price_subtotal / NULLIF(s.product_uom_qty * u.factor / tu.factor, 0) AS price,
                   CASE WHEN k.moves > 0 THEN k.full_at
                        WHEN k.parts > 0 AND NOT EXISTS (
                             SELECT FROM stock_move x WHERE x.sale_line_id = s.id AND x.state <> 'done'
                                AND x.origin_returned_move_id IS NULL) THEN k.last_at END AS full_at,
                   CASE WHEN k.moves > 0 THEN k.returned
                        ELSE s.product_uom_qty * u.factor / tu.factor * k.parts_back / NULLIF(k.parts, 0)
                         END AS returned
              FROM sale_order_line s
              JOIN product_product pp ON pp.id = s.product_id
              JOIN product_template t ON t.id = pp.product_tmpl_id AND t.type = 'consu'
              JOIN uom_uom u ON u.id = s.product_uom_id
              JOIN uom_uom tu ON tu.id = t.uom_id
             CROSS JOIN LATERAL (
                SELECT COUNT(*) FILTER (WHERE m.leaves > 0 AND m.own) AS moves,
                       MAX(m.date) FILTER (WHERE m.leaves > 0 AND m.first) AS last_at,
                       SUM(m.qty) FILTER (WHERE m.leaves > 0 AND m.first) AS parts,
                       COALESCE(SUM(m.qty) FILTER (WHERE m.leaves < 0), 0) AS parts_back,
                       MIN(m.date) FILTER (
                           WHERE m.leaves > 0 AND m.own
                             AND m.so_far >= s.product_uom_qty * u.factor / tu.factor - %(tiny)s) AS full_at,
                       COALESCE(SUM(m.qty) FILTER (WHERE m.leaves < 0 AND m.own), 0) AS returned
                  FROM (
                    SELECT n.*,
                           SUM(CASE WHEN n.leaves > 0 AND n.own THEN n.qty END) OVER (ORDER BY n.date, n.id) AS so_far
                      FROM (
                        SELECT sm.id, sm.date, sm.product_id = s.product_id AS own,
                               sm.origin_returned_move_id IS NULL AND NOT EXISTS (
                                 SELECT FROM sop_case_document d WHERE d.stock_move_id = sm.id) AS first,
                               sm.quantity * mu.factor / tu.factor AS qty,
                               %(to_outside)s::int - %(from_outside)s::int AS leaves
                          FROM stock_move sm
                          JOIN uom_uom mu ON mu.id = sm.product_uom
                          JOIN stock_location a ON a.id = sm.location_id
                          JOIN stock_location b ON b.id = sm.location_dest_id
                         WHERE sm.sale_line_id = s.id AND sm.state = 'done'
                      ) n
                  ) m
             ) k
             WHERE s.order_id = o.id AND s.display_type IS NULL AND s.is_downpayment IS NOT TRUE
               AND s.is_delivery IS NOT TRUE AND s.product_uom_qty > 0
          ) l
        """,
        full_on=day(env, SQL("l.full_at"), SQL("o.company_id")),
        promised_on=day(env, SQL("q.promise"), SQL("o.company_id")),
        tiny=TINY,
        last=LAST_MOMENT,
        to_outside=outside("b"),
        from_outside=outside("a"),
    )
