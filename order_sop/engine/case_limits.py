from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import ValidationError

from ..rules.helpers import company_day
from ..rules.kits import get_parts, get_whole

OVER = ("refused", "closed", "cancelled")  # a case that is just being made has no state yet


class SopEngineCaseLimits(models.AbstractModel):
    """How much of an order can come back, and until when: by what stock really moved."""

    _name = "sop.engine.case.limits"
    _description = "SOP engine: limits of cases"

    # -- how much ------------------------------------------------------------------------------------------------------

    @api.model
    def _check(self, lines):
        """Raise unless each of ``lines``, just written, claims no more than its order line has left to come back.

        The orders' rows are locked first: a second session that claims the same at once waits, and finds this one.

        :raise ValidationError: naming the goods, and how much of them is left
        """
        lines = lines.sudo()  # what stock moved, for whoever may write the case
        self._claim(lines.order_line_id.order_id)
        for line in lines:
            if line.order_line_id.order_id != line.case_id.order_id:
                raise ValidationError(
                    self.env._(
                        "%(line)s is no line of %(order)s, which the case is about.",
                        line=line.display_name,
                        order=line.case_id.order_id.name or "–",
                    )
                )
            self._check_lot(line)
        self.env.flush_all()
        left = self._get_left(lines.order_line_id)
        for line in lines:
            uom, rest = line.product_uom_id, left[line.order_line_id, line.product_id]
            if uom.compare(rest, 0) < 0:
                possible = max(rest + line.qty, 0.0)
                raise ValidationError(
                    self.env._(
                        "%(product)s: only %(left)s %(unit)s can come back. The rest was not delivered, came back "
                        "already, or is on another open case.",
                        product=line.product_id.display_name,
                        left=f"{possible:g}",
                        unit=uom.name,
                    )
                )

    @api.model
    def _claim(self, orders):
        """Lock ``orders``, of which goods or money are about to be claimed, and have whoever read before what is left
        of them run again by PostgreSQL."""
        evaluation = self.env["sop.engine.evaluation"]
        evaluation._lock(orders)
        for order in orders:
            evaluation._write_owned(order, {"sop_revision": order.sop_revision + 1})

    @api.model
    def _get_left(self, order_lines):
        """Return ``{(order line, product): what is left to come back when all open cases have got theirs}``, in the
        line's unit; in the part's own for a part of a kit. Less than nothing where they claim too much."""
        left = self._get_with_customer(order_lines)
        claims = self.env["sop.case.line"].sudo()  # of whatever case
        claims = claims.search(
            [("order_line_id", "in", order_lines.ids), ("case_id.state", "not in", OVER)], order="id"
        )
        kits = {line: get_parts(line) for line in order_lines}
        for claim in claims:
            if claim.case_id.closed_at:
                continue
            line, quantity = claim.order_line_id, max(claim.qty - claim.received_qty, 0.0)
            left[line, claim.product_id] -= quantity
            if not claim.part_id:
                for part, ratio in kits[line].items():
                    left[line, part] -= quantity * ratio
        for line, parts in kits.items():
            if parts:  # whole ones are left as far as there are parts for them
                whole = {part: left[line, part] for part in parts}
                left[line, line.product_id] = min(left[line, line.product_id], get_whole(parts, whole))
        return left

    @api.model
    def _get_with_customer(self, order_lines):
        """Return ``{(order line, product): how much the customer has}``, in the line's unit; in the part's own for a
        part of a kit. What was delivered less what came back, whatever Odoo counts as delivered."""
        quantities = defaultdict(float)
        for line in order_lines:
            moves = line.move_ids.filtered(lambda move: move.state == "done")
            if not moves:
                quantities[line, line.product_id] = line.qty_delivered
                continue
            for move in moves:
                whole = move.product_id == line.product_id
                unit = line.product_uom_id if whole else move.product_id.uom_id
                quantity = move.product_uom._compute_quantity(move.quantity, unit, rounding_method="HALF-UP")
                leaves, enters = move.location_dest_id._sop_is_outside(), move.location_id._sop_is_outside()
                if leaves != enters:
                    quantities[line, move.product_id] += quantity if leaves else -quantity
            if line.product_id not in moves.product_id:  # a kit, counted in whole ones
                parts = get_parts(line)
                brought = {part: quantities[line, part] for part in parts}
                quantities[line, line.product_id] = get_whole(parts, brought) if parts else line.qty_delivered
        return quantities

    @api.model
    def _check_lot(self, line):
        """Raise unless the lot of the one ``line`` was delivered by its order line; a serial number is one piece."""
        lot = line.lot_id
        if not lot:
            return
        outgoing = line.order_line_id.move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id._sop_is_outside()
        )
        if lot not in outgoing.move_line_ids.lot_id:
            raise ValidationError(
                self.env._(
                    "%(lot)s was not delivered with %(line)s.", lot=lot.name, line=line.order_line_id.display_name
                )
            )
        if line.product_id.tracking == "serial":
            same = self.env["sop.case.line"].sudo()  # of whatever case
            twice = same.search_count(
                [
                    ("lot_id", "=", lot.id),
                    ("order_line_id", "=", line.order_line_id.id),
                    ("id", "!=", line.id),
                    ("case_id.state", "not in", OVER),
                ]
            )
            if twice or line.product_uom_id.compare(line.qty, 1) > 0:
                raise ValidationError(self.env._("%s is one piece, and can come back once only.", lot.name))

    # -- until when ----------------------------------------------------------------------------------------------------

    @api.model
    def _fill_windows(self, lines):
        """Fill the dates of ``lines``: delivered, to be returned by, under warranty until; days of the company's zone.

        A product's own numbers count before the company's; a negative one means never.
        """
        for line in lines:
            company, product = line.company_id or line.case_id.company_id, line.order_line_id.product_id
            done = self._get_delivered_at(line)
            day = company_day(company, done) if done else False
            days = product.sop_return_days or company.sop_return_days
            months = product.sop_warranty_months or company.sop_warranty_months
            came = company_day(company, line.case_id.create_date) if line.case_id.create_date else company_day(company)
            line.delivered_on = day
            line.return_until = day and days >= 0 and day + timedelta(days=days)
            line.warranty_until = day and months >= 0 and day + relativedelta(months=months)
            line.in_window = not self._get_missed(line, came)

    @api.model
    def _get_delivered_at(self, line):
        """Return when what the one ``line`` is about was delivered: its lot, where one is named; else the latest goods
        of its order line, as far as there are enough of them. One piece that came late gives no more time for all.
        """
        moves = line.order_line_id.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move._sop_is_leaving()
                and (not line.lot_id or line.lot_id in move.move_line_ids.lot_id)
            )
        )
        own = moves.filtered(lambda move: move.product_id == line.product_id)
        if not own or line.lot_id:
            return max((own or moves).mapped("date"), default=None)
        rest, day = line.qty, None
        for move in own.sorted(lambda move: (move.date, move.id), reverse=True):
            day = move.date
            rest -= move.product_uom._compute_quantity(
                move.quantity, line.product_uom_id or move.product_uom, rounding_method="HALF-UP"
            )
            if rest <= 0:
                break
        return day

    @api.model
    def _get_missed(self, line, day):
        """Return until when the one ``line`` could have come back, ``return`` or ``warranty``, where ``day`` is later;
        None where it is in time. What we, or the carrier, did wrong has no end."""
        if line.cause == "customer" and line.delivered_on:
            late = not line.return_until or day > line.return_until
            return ("return", line.return_until or line.delivered_on) if late else None
        if line.cause == "product" and line.delivered_on:
            late = not line.warranty_until or day > line.warranty_until
            return ("warranty", line.warranty_until or line.delivered_on) if late else None
        return None
