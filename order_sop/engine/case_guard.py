from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import formatLang


class SopEngineCaseGuard(models.AbstractModel):
    """Stands where credit notes are posted and goods come back: what no case was cleared for does not happen."""

    _name = "sop.engine.case.guard"
    _description = "SOP engine: what cases guard"

    @api.model
    def _enforce_credit(self, notes):
        """Let credit notes that are about to be posted pass, or raise: those of a case its gate *solve*, others where
        the company asks for a case."""
        if not notes or not self.env["sop.process"]._is_in_use():
            return
        links = self.env["sop.case.document"].sudo()  # gates hold for everybody, whatever he may read
        links = links.search([("move_id", "in", notes.ids)]) if links._are_there() else links
        for case in links.case_id.filtered(lambda case: case.state in ("cancelled", "refused")):
            raise UserError(
                self.env._("%s is cancelled or refused: nothing is credited for it. Cancel the credit note.", case.name)
            )
        for link in links.filtered("line_id"):
            note = link.move_id
            if note.currency_id.compare_amounts(note.amount_total, link.amount) > 0:
                raise UserError(
                    self.env._(
                        "%(note)s comes to more than %(amount)s, for which %(case)s was cleared. After-Sales changes "
                        "the case, or you the credit note.",
                        note=note.display_name,
                        amount=formatLang(self.env, link.amount, currency_obj=note.currency_id),
                        case=link.case_id.name,
                    )
                )
        links.case_id.filtered("sop_process_id")._sop_enforce("solve")
        for note in notes.sudo() - links.move_id:  # as above
            if not note.company_id.sop_case_required:
                continue
            lines = note.line_ids | note.reversed_entry_id.line_ids
            orders = lines.sale_line_ids.order_id.filtered("sop_process_id")
            if orders:
                raise UserError(
                    self.env._(
                        "%(note)s credits %(order)s without an after-sales case. After-Sales opens one on the order; "
                        "its solution makes the credit note.",
                        note=note.display_name,
                        order=orders[0].name,
                    )
                )

    @api.model
    def _enforce_return(self, moves):
        """Let goods that are about to come back pass, or raise where the company asks for a case and there is none."""
        back = moves.sudo().filtered(  # as above
            lambda move: (
                move.company_id.sop_case_required
                and move.location_id._sop_is_outside()
                and not move.location_dest_id._sop_is_outside()
                and move._sop_orders().filtered("sop_process_id")
            )
        )
        if back:
            links = self.env["sop.case.document"].sudo()  # as above
            links = links.search([("picking_id", "in", links._with_origins(back.picking_id).ids)])
            known = links._get_moves()
            self._check_quantities(links, back & known)
            for move in back - known:
                raise UserError(
                    self.env._(
                        "%(transfer)s takes back goods of %(order)s without an after-sales case. After-Sales opens one "
                        "on the order and presses “Expect Goods”.",
                        transfer=move.picking_id.display_name,
                        order=move._sop_orders()[0].name,
                    )
                )

    @api.model
    def _check_quantities(self, links, coming):
        """Raise where the moves ``coming`` bring more than the cases of ``links`` are about."""
        for link in links.filtered("line_id"):
            uom = link.line_id.product_uom_id
            moves = link._get_moves().filtered(lambda move: move in coming or move.state == "done")
            came = sum(
                move.product_uom._compute_quantity(move.quantity, uom, rounding_method="HALF-UP") for move in moves
            )
            if moves & coming and uom.compare(came, link.qty) > 0:
                raise UserError(
                    self.env._(
                        "%(transfer)s: %(case)s is about %(quantity)s %(product)s, more cannot come back for it. "
                        "After-Sales changes the case, or opens another one.",
                        transfer=moves[-1].picking_id.display_name,
                        case=link.case_id.name,
                        quantity=f"{link.qty:g} {uom.name}",
                        product=moves[-1].product_id.display_name,
                    )
                )

    @api.model
    def _enforce_kept(self, moves):
        """Raise where less has left by the done ``moves`` than did before, and the company asks for a case."""
        for move in moves.sudo():  # as above
            orders = move._sop_orders().filtered("sop_process_id")
            if orders and move.company_id.sop_case_required:
                raise UserError(
                    self.env._(
                        "%(transfer)s was delivered: taking goods off it would take back goods of %(order)s without an "
                        "after-sales case. After-Sales opens one on the order and presses “Expect Goods”.",
                        transfer=move.picking_id.display_name,
                        order=orders[0].name,
                    )
                )
