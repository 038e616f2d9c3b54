from collections import defaultdict
from datetime import datetime

from odoo import api, models
from odoo.exceptions import UserError

from ..rules.kits import get_parts
from .guard import as_engine


class SopEngineCaseGoods(models.AbstractModel):
    """Goods of cases: expected back, inspected, sent anew. What moves them are Odoo's own transfers.

    Methods called by people check the current user, then work in superuser mode: whoever answers customers need not be
    able to make transfers by himself.
    """

    _name = "sop.engine.case.goods"
    _description = "SOP engine: goods of cases"

    # -- back to us ----------------------------------------------------------------------------------------------------

    @api.model
    def _expect(self, cases):
        """Make the return transfers of ``cases`` for the current user; see ``sop.case.action_expect_goods``."""
        cases = self.env["sop.engine.case"]._take(cases, None, states=("open",))
        cases._sop_enforce("take_back")
        for case in cases:
            if not case.goods_back or not case.line_ids:
                raise UserError(self.env._("%s: no goods are to come back.", case.name))
            wanted = {line: missing for line in case.line_ids if (missing := self._get_unexpected(line)) > 0}
            if not wanted:
                raise UserError(self.env._("%s: all goods are expected already.", case.name))
            self._return(case, wanted)
        self.env["sop.engine.evaluation"]._mark(cases)

    @api.model
    def _get_unexpected(self, line):
        """Return how much of the one case ``line`` no living return is for yet, in its unit."""
        moves = line.document_ids.filtered(lambda link: link.kind == "return")._get_moves()
        return line.product_uom_id.round(
            line.qty - line._count_goods(moves.filtered(lambda one: one.state != "cancel"))
        )

    @api.model
    def _return(self, case, wanted):
        """Make a return transfer of each delivery that brought what is ``wanted``: ``{line: quantity}``.

        Each line gets moves of its own, also where two come back of one delivered move: lots, quantities and what is
        to be credited stay apart.
        """
        shares = defaultdict(list)
        taken = defaultdict(float)
        for line, quantity in wanted.items():
            for move, part in self._find_moves(case, line, quantity, taken):
                shares[move.picking_id].append((move, line, part))
        for picking, parts in shares.items():
            by_move = defaultdict(float)
            for move, _line, part in parts:
                by_move[move] += part
            wizard = self.env["stock.return.picking"].sudo()  # the callers have checked the user
            wizard = wizard.create({"picking_id": picking.id})
            for row in wizard.product_return_moves:
                row.write({"quantity": by_move.get(row.move_id, 0.0), "to_refund": False})
            transfer = wizard._create_return()
            transfer.origin = f"{case.name} ({case.order_id.name})"
            for move in by_move:
                mine = [(line, part) for other, line, part in parts if other == move]
                self._share(transfer, move, mine)

    @api.model
    def _share(self, transfer, move, parts):
        """Give each case line in ``parts`` (``[(line, quantity in the unit of ``move``)…]``) its own part of the return
        of ``move`` in ``transfer``."""
        back = transfer.move_ids.filtered(lambda new: new.origin_returned_move_id == move)[:1]
        own = {parts[0][0]: back}
        if len(parts) > 1:
            back._do_unreserve()
        for line, part in parts[1:]:
            quantity = back.product_uom._compute_quantity(part, back.product_id.uom_id, rounding_method="HALF-UP")
            own[line] = self.env["stock.move"].create(back._split(quantity))
            own[line]._action_confirm(merge=False)
        if len(parts) > 1:
            transfer.action_assign()
        for line, part in parts:
            own[line].to_refund = line._sop_is_credited()
            if line.lot_id:
                own[line].move_line_ids.lot_id = line.lot_id
            qty = move.product_uom._compute_quantity(part, line.product_uom_id, rounding_method="HALF-UP")
            self._link(line, "return", picking_id=transfer.id, stock_move_id=own[line].id, qty=qty)

    @api.model
    def _find_moves(self, case, line, quantity, taken):
        """Return ``[(delivered move, quantity in its unit)…]`` by which ``quantity`` of the one case ``line`` went out;
        those of the case's own delivery first, then the latest. Of a kit, those of each of its parts.

        :param taken: ``{move: quantity}`` that other lines take at the same time; what is found is added
        :raise UserError: where less than that can be returned by now
        """
        parts = {} if line.part_id else get_parts(line.order_line_id)
        wanted = {part: (part.uom_id, quantity * ratio) for part, ratio in parts.items()} or {
            line.product_id: (line.product_uom_id, quantity)
        }
        found = []
        for product, (uom, rest) in wanted.items():
            for move in self._get_delivered(case, line, product):
                left = move.quantity - taken[move] - self._get_returned(move)
                part = min(left, uom._compute_quantity(rest, move.product_uom, rounding_method="HALF-UP"))
                if move.product_uom.compare(part, 0) > 0:
                    found.append((move, part))
                    taken[move] += part
                    rest -= move.product_uom._compute_quantity(part, uom, rounding_method="HALF-UP")
                if uom.compare(rest, 0) <= 0:
                    break
            else:
                raise UserError(
                    self.env._(
                        "%(case)s: %(line)s cannot be returned: less than that was delivered, or it is on its way "
                        "already.",
                        case=case.name,
                        line=line.display_name,
                    )
                )
        return found

    @api.model
    def _get_delivered(self, case, line, product):
        """Return the done moves that brought ``product`` for the one case ``line``, the likeliest first."""
        moves = line.order_line_id.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id == product
                and move._sop_is_leaving()
                and move.picking_id
                and (not line.lot_id or line.lot_id in move.move_line_ids.lot_id)
            )
        )
        return moves.sorted(lambda move: (move.picking_id != case.picking_id, -move.id))

    @api.model
    def _get_returned(self, move):
        """Return how much of the delivered ``move`` came back, or is expected back, in its unit."""
        return sum(
            back.product_uom._compute_quantity(
                back.quantity if back.state == "done" else back.product_uom_qty, move.product_uom
            )
            for back in move.returned_move_ids
            if back.state != "cancel"
        )

    @api.model
    def _set_credited(self, lines):
        """Have the returns of ``lines`` count as not delivered where their goods are credited, and only there: what
        becomes of them may be agreed on after they were expected, or have come."""
        for line in lines.sudo():  # whoever may change the solution
            credited = line._sop_is_credited()
            moves = line.document_ids.filtered(lambda link: link.kind == "return")._get_moves()
            wrong = moves.filtered(
                lambda move, credited=credited: move.state != "cancel" and move.to_refund != credited
            )
            if wrong:
                wrong.to_refund = credited
                order_lines = wrong.sale_line_id
                self.env.add_to_compute(order_lines._fields["qty_delivered"], order_lines)

    # -- to the customer -----------------------------------------------------------------------------------------------

    @api.model
    def _replace(self, line):
        """Have the same goods of the one ``line`` sent anew, on their order, as Odoo's own routes do."""
        order_line = line.order_line_id
        before = order_line.move_ids
        procured, rule = order_line.with_company(line.company_id), self.env["stock.rule"]
        # due by what the case was promised: the order's own date is long over
        due = max(line.case_id.promised_at or datetime.min, self.env["sop.engine.clock"]._now())
        values = procured._prepare_procurement_values() | {"date_planned": due, "date_deadline": due}
        wanted = procured._create_procurements(line.qty, line.product_uom_id, values)
        if line.part_id:  # and not the whole kit
            wanted = [one._replace(product_id=line.part_id, name=line.part_id.display_name) for one in wanted]
        rule.run(wanted)
        order_line.invalidate_recordset(["move_ids"])
        fresh = order_line.move_ids - before
        if not fresh:
            raise UserError(self.env._("Odoo's routes made no delivery for %s.", line.product_id.display_name))
        fresh.picking_id.filtered(lambda picking: picking.state == "draft").action_confirm()
        for move in fresh:
            self._link(line, "replacement", picking_id=move.picking_id.id, stock_move_id=move.id, qty=line.qty)

    @api.model
    def _send_back(self, line, quantity):
        """Send ``quantity`` of what was repaired of the one ``line`` back to the customer: the return of its return."""
        parts = {} if line.part_id else get_parts(line.order_line_id)
        rest = {part: (part.uom_id, quantity * ratio) for part, ratio in parts.items()}
        rest = rest or {line.product_id: (line.product_uom_id, quantity)}
        for picking, moves in line._get_received_moves().grouped("picking_id").items():
            wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
            for row in wizard.product_return_moves:
                move, (uom, wanted) = row.move_id, rest.get(row.product_id, (row.product_id.uom_id, 0.0))
                left = uom._compute_quantity(wanted, move.product_uom, rounding_method="HALF-UP")
                sent = max(min(left, move.quantity), 0.0) if move in moves else 0.0
                row.write({"quantity": sent, "to_refund": False})
                sent = move.product_uom._compute_quantity(sent, uom, rounding_method="HALF-UP")
                rest[row.product_id] = (uom, wanted - sent)
            if not any(wizard.product_return_moves.mapped("quantity")):
                continue
            transfer = wizard._create_return()
            transfer.origin = line.case_id.name
            for move in transfer.move_ids:
                self._link(line, "sent_back", picking_id=transfer.id, stock_move_id=move.id, qty=quantity)

    @api.model
    def _link(self, line, kind, **vals):
        """Keep that a document was made for the one case ``line``."""
        vals |= {"case_id": line.case_id.id, "line_id": line.id, "company_id": line.company_id.id, "kind": kind}
        as_engine(self.env["sop.case.document"]).create(vals)
        self.env["sop.engine.case"]._log(line.case_id, "made", {"line": line.id, "kind": kind})
