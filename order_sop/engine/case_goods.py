from collections import defaultdict
from datetime import datetime

from odoo import api, models
from odoo.exceptions import AccessError, UserError

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
        expected = sum(
            move.product_uom._compute_quantity(
                move.quantity if move.state == "done" else move.product_uom_qty,
                line.product_uom_id,
                rounding_method="HALF-UP",
            )
            for move in moves
            if move.state != "cancel"
        )
        return line.product_uom_id.round(line.qty - expected)

    @api.model
    def _return(self, case, wanted):
        """Make a return transfer of each delivery that brought what is ``wanted``: ``{line: quantity}``."""
        shares = defaultdict(list)
        for line, quantity in wanted.items():
            for move, part in self._find_moves(case, line, quantity):
                shares[move.picking_id].append((move, line, part))
        for picking, parts in shares.items():
            wizard = (
                self.env["stock.return.picking"].sudo().create({"picking_id": picking.id})
            )  # checked by the callers
            by_move = defaultdict(float)
            refunded = {}
            for move, line, part in parts:
                by_move[move] += part
                refunded[move] = line.solution != "repair"  # what is repaired goes back to whom it belongs
            for row in wizard.product_return_moves:
                row.write({"quantity": by_move.get(row.move_id, 0.0), "to_refund": refunded.get(row.move_id, True)})
            transfer = wizard._create_return()
            transfer.origin = f"{case.name} ({case.order_id.name})"
            for move, line, part in parts:
                back = transfer.move_ids.filtered(lambda new, move=move: new.origin_returned_move_id == move)[:1]
                if line.lot_id:
                    back.move_line_ids.lot_id = line.lot_id
                qty = move.product_uom._compute_quantity(part, line.product_uom_id, rounding_method="HALF-UP")
                self._link(line, "return", picking_id=transfer.id, stock_move_id=back.id, qty=qty)

    @api.model
    def _find_moves(self, case, line, quantity):
        """Return ``[(delivered move, quantity in its unit)…]`` by which ``quantity`` of the one case ``line`` went out;
        those of the case's own delivery first, then the latest.

        :raise UserError: where less than that can be returned by now
        """
        moves = line.order_line_id.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id == line.product_id
                and move._sop_is_leaving()
                and move.picking_id
                and (not line.lot_id or line.lot_id in move.move_line_ids.lot_id)
            )
        )
        found, rest = [], quantity
        for move in moves.sorted(lambda move: (move.picking_id != case.picking_id, -move.id)):
            returned = move.returned_move_ids.filtered(lambda back: back.state != "cancel")
            left = move.quantity - sum(
                back.product_uom._compute_quantity(
                    back.quantity if back.state == "done" else back.product_uom_qty, move.product_uom
                )
                for back in returned
            )
            wanted = line.product_uom_id._compute_quantity(rest, move.product_uom, rounding_method="HALF-UP")
            part = min(left, wanted)
            if move.product_uom.compare(part, 0) > 0:
                found.append((move, part))
                rest -= move.product_uom._compute_quantity(part, line.product_uom_id, rounding_method="HALF-UP")
            if line.product_uom_id.compare(rest, 0) <= 0:
                return found
        raise UserError(
            self.env._(
                "%(case)s: %(line)s cannot be returned: less than that was delivered, or it is on its way already.",
                case=case.name,
                line=line.display_name,
            )
        )

    # -- inspected -----------------------------------------------------------------------------------------------------

    @api.model
    def _inspect(self, line, quantities, note):
        """Keep what the current user found of the one ``line``; see ``sop.case.line.action_inspect``."""
        line.check_access("read")
        case = line.case_id.sudo()  # read access was checked, who inspects is checked next
        departments = self.env.ref("order_sop.department_after_sales") | self.env.ref("order_sop.department_warehouse")
        departments |= case.sop_stage_id.department_id
        if not departments._has_member(self.env.user) and not self.env.user.has_group("order_sop.group_manager"):
            raise AccessError(self.env._("Only %s can inspect it.", ", ".join(departments.mapped("name"))))
        self.env["sop.engine.evaluation"]._lock(case)
        line, uom = line.sudo(), line.sudo().product_uom_id  # as above
        if any(not isinstance(quantity, (int, float)) or quantity < 0 for quantity in quantities.values()):
            raise UserError(self.env._("Quantities cannot be less than nothing."))
        if case.state != "open" or line.inspected_at:
            raise UserError(self.env._("%s was inspected already, or its case is over.", line.display_name))
        if uom.compare(line.received_qty, 0) <= 0:
            raise UserError(self.env._("%s has not come back yet.", line.display_name))
        if uom.compare(sum(quantities.values()), line.received_qty):
            raise UserError(
                self.env._(
                    "%(line)s: %(count)s came back. Say for all of it what becomes of it.",
                    line=line.display_name,
                    count=f"{line.received_qty:g} {uom.name}",
                )
            )
        now = self.env["sop.engine.clock"]._now()
        vals = quantities | {"inspected_at": now, "inspected_by_id": self.env.uid, "inspection_note": note}
        as_engine(line).write(vals)
        if quantities["scrap_qty"]:
            self._scrap(line, quantities["scrap_qty"])
        self.env["sop.engine.case"]._log(case, "inspected", {"line": line.id, **quantities})
        self.env["sop.engine.evaluation"]._mark(case)

    @api.model
    def _scrap(self, line, quantity):
        """Scrap ``quantity`` of what came back for the one ``line``."""
        back = line._get_last_return()
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": line.product_id.id,
                "product_uom_id": line.product_uom_id.id,
                "scrap_qty": quantity,
                "lot_id": line.lot_id.id,
                "picking_id": back.picking_id.id,
                "location_id": back.stock_move_id.location_dest_id.id,
                "company_id": line.company_id.id,
                "origin": line.case_id.name,
            }
        )
        scrap.do_scrap()
        self._link(line, "scrap", scrap_id=scrap.id, qty=quantity)

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
        rule.run(procured._create_procurements(line.qty, line.product_uom_id, values))
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
        link = line._get_last_return()
        wizard = self.env["stock.return.picking"].create({"picking_id": link.picking_id.id})
        for row in wizard.product_return_moves:
            mine = row.move_id == link.stock_move_id
            row.write({"quantity": quantity if mine else 0.0, "to_refund": False})
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
