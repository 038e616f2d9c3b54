"""The KPIs once more, from the documents by the ORM and in plain Python: nothing is shared with what is tested."""

from datetime import timedelta
from statistics import mean
from zoneinfo import ZoneInfo

EPSILON = 1e-5


class KpiOracle:
    """Reckons the KPIs of ``orders`` of one company over days from ``first`` to ``last``."""

    def __init__(self, orders, first, last, zone):
        self.orders, self.first, self.last, self.zone = orders.sudo(), first, last, ZoneInfo(zone)
        self.company = orders.company_id
        self.env = orders.env

    def day(self, moment):
        return moment and moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(self.zone).date()

    def within(self, moment):
        return bool(moment) and self.first <= self.day(moment) <= self.last

    # -- one order -----------------------------------------------------------------------------------------------------

    def visits(self, order):
        return order.sop_visit_ids.sorted("id")

    def left(self, order):
        return max((visit.left_at for visit in self.visits(order) if visit.left_at), default=None)

    def finished(self):
        return [order for order in self.orders if order.sop_status == "done" and self.within(self.left(order))]

    def minutes(self, order):
        return sum(round(visit.worked_hours * 60) for visit in self.visits(order) if visit.left_at)

    def goods(self, order):
        return [
            line
            for line in order.order_line
            if line.product_id.type == "consu" and not line.display_type and line.product_uom_qty > 0
        ]

    def full_at(self, line):
        """When all that is ordered had left, by the move lines one after the other."""
        left, moves = 0, line.move_ids.filtered(lambda m: m.state == "done" and m.location_dest_id.usage == "customer")
        for move in moves.sorted(lambda move: (move.date, move.id)):
            left += sum(move.move_line_ids.mapped("quantity_product_uom"))
            if left >= line.product_uom_qty - EPSILON:
                return move.date
        return None

    def returned(self, line):
        moves = line.move_ids.filtered(lambda m: m.state == "done" and m.location_id.usage == "customer")
        return sum(moves.move_line_ids.mapped("quantity_product_uom"))

    def promise(self, order):
        moved = order.sop_promise_ids.filtered(lambda p: p.changed_at > order.date_order).sorted("id")
        first = moved[0].old_date if moved else order.commitment_date
        leads = [line.customer_lead for line in self.goods(order) if line.customer_lead > 0]
        return first or (order.date_order + timedelta(days=max(leads)) if leads else None)

    def on_time(self, order):
        """Return how many lines of goods were on time, None where nothing was promised."""
        promise = self.promise(order)
        if not promise:
            return None
        ends = [self.full_at(line) for line in self.goods(order)]
        return sum(1 for end in ends if end and self.day(end) <= self.day(promise))

    def in_full(self, order):
        return all(self.full_at(line) for line in self.goods(order))

    def first_pass(self, order):
        return all(visit.cycle == 1 and visit.outcome != "sent_back" for visit in self.visits(order))

    def cases(self, order):
        cases = self.env["sop.case"].sudo().search([("order_id", "=", order.id)])
        return [case for case in cases if case.state != "cancelled" and case.kind != "question"]

    def credited(self, order):
        moves = order.order_line.invoice_lines.move_id
        return any(move.state == "posted" and move.move_type == "out_refund" for move in moves)

    def perfect(self, order):
        promised = self.on_time(order)
        on_time = promised is None or promised == len(self.goods(order))
        return on_time and self.in_full(order) and not self.cases(order) and not self.credited(order)

    def rating(self, order):
        ratings = self.env["rating.rating"].sudo()
        rating = ratings.search([("res_model", "=", "sale.order"), ("res_id", "=", order.id), ("consumed", "=", True)])
        return rating.sorted("id")[-1:].rating

    # -- figures -------------------------------------------------------------------------------------------------------

    def figures(self):
        """Return ``{code: value}``, None where there is nothing to tell."""
        done = self.finished()
        begun = [order for order in self.orders if self.within(self.visits(order)[0].entered_at)]
        goods = [order for order in done if self.goods(order)]
        promised = [order for order in goods if self.on_time(order) is not None]
        worked = sorted(map(self.minutes, done))
        elapsed = sorted(
            round((self.left(order) - self.visits(order)[0].entered_at).total_seconds() / 3600) for order in done
        )
        lines = [line for order in goods for line in self.goods(order)]
        promised_lines = [line for order in promised for line in self.goods(order)]
        returned_value = sum(
            self.returned(line) * line.price_subtotal / line.product_uom_qty for line in lines if self.returned(line)
        )
        ratings = [rating for order in done if (rating := self.rating(order))]
        backlog = [order for order in self.orders if self.is_open(order)]
        visits = [visit for order in self.orders for visit in self.visits(order) if self.within(visit.left_at)]
        limited = [visit for visit in visits if visit.deadline]
        stages = sorted(round(visit.worked_hours * 10) / 10 for visit in visits)
        checks = [
            check
            for check in self.orders.sop_check_ids
            if self.within(self.made(check)) and (check.failed or check.state in ("passed", "waived"))
        ]
        ages = sorted((self.last - self.day(self.visits(order)[0].entered_at)).days for order in backlog)
        return {
            "orders_done": len(done),
            "orders_begun": len(begun),
            "processing_hours": tenths(at(worked, 50)),
            "processing_hours_p80": tenths(at(worked, 80)),
            "processing_hours_p95": tenths(at(worked, 95)),
            "elapsed_days": over(at(elapsed, 50), 24),
            "on_time_orders": share([self.on_time(order) == len(self.goods(order)) for order in promised]),
            "on_time_lines": over(100 * sum(self.on_time(order) for order in promised), len(promised_lines)),
            "in_full": share([self.in_full(order) for order in goods]),
            "perfect_orders": share([self.perfect(order) for order in done]),
            "first_pass": share([self.first_pass(order) for order in done]),
            "rework": over(sum(v.cycle > 1 for o in done for v in self.visits(o)), len(done)),
            "deviations": share(
                [bool(self.env["sop.waiver"].search_count([("order_id", "=", order.id)])) for order in done]
            ),
            "cancelled": share([order.sop_status == "cancelled" for order in begun]),
            "returned_orders": share([any(map(self.returned, self.goods(order))) for order in goods]),
            "returned_lines": share([bool(self.returned(line)) for line in lines]),
            "returned_value": over(100 * returned_value, sum(order.amount_untaxed for order in goods)),
            "satisfaction": mean(ratings) if ratings else None,
            "backlog": len(backlog),
            "backlog_age": at(ages, 50),
            "stages_done": len(visits),
            "stage_hours": at(stages, 50),
            "sla": share([visit.deadline >= visit.left_at for visit in limited]),
            "check_failures": share([check.failed for check in checks]),
            "dso": self.dso(),
            "stock_turnover": self.stock_turnover(),
        }

    # -- the whole company ---------------------------------------------------------------------------------------------

    def dso(self):
        """By the books of each day, one entry after the other."""
        posted = [("company_id", "=", self.company.id), ("parent_state", "=", "posted")]
        owed = sum(
            line.balance
            for line in self.env["account.move.line"].search([*posted, ("account_type", "=", "asset_receivable")])
            if line.date <= self.last
        )
        invoices = self.env["account.move"].search([("company_id", "=", self.company.id), ("state", "=", "posted")])
        sales = sum(
            move.amount_total_signed
            for move in invoices
            if move.move_type in ("out_invoice", "out_refund") and self.first <= move.date <= self.last
        )
        return over(owed * ((self.last - self.first).days + 1), sales) if sales > 0 else None

    def stock_turnover(self):
        """By what each move was worth that brought goods into the house or out of it."""
        before = after = cost = 0.0
        for move in self.env["stock.move"].search([("company_id", "=", self.company.id), ("state", "=", "done")]):
            value = move.value if move.is_in else -move.value if move.is_out else 0.0
            if self.day(move.date) < self.first:
                before += value
            if self.day(move.date) <= self.last:
                after += value
            if self.within(move.date) and move.sale_line_id:
                cost -= value
        return over(2 * cost, before + after) if before + after > 0 and min(before, after) >= 0 else None

    def made(self, check):
        """When a check was made: its row's own date, which the frozen clock of a test does not reach."""
        return check.visit_id.entered_at if check.visit_id else check.create_date

    def is_open(self, order):
        visits = self.visits(order)
        if self.day(visits[0].entered_at) > self.last:
            return False
        ended = order.sop_status in ("done", "cancelled") and self.left(order)
        return not ended or self.day(ended) > self.last


def at(values, percent):
    """Return the smallest of the sorted ``values`` that at least ``percent`` of them do not exceed."""
    for number, value in enumerate(values, 1):
        if number * 100 >= percent * len(values):
            return value
    return None


def tenths(minutes):
    """Return ``minutes`` in hours, in whole tenths."""
    return None if minutes is None else round(minutes / 6) / 10


def over(above, below):
    return None if above is None or not below else above / below


def share(facts):
    return over(100 * sum(facts), len(facts))
