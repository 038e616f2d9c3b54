from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..rules.kits import get_parts
from .guard import as_engine
from .rows import write_rows


class SopEngineCaseInspect(models.AbstractModel):
    """What was found of goods that came back, and what becomes of them at once; each time that some have come."""

    _name = "sop.engine.case.inspect"
    _description = "SOP engine: inspection of goods of cases"

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
        if case.state != "open":
            raise UserError(self.env._("%s: its case is over.", line.display_name))
        if uom.compare(line.received_qty, 0) <= 0:
            raise UserError(self.env._("%s has not come back yet.", line.display_name))
        if uom.compare(line.uninspected_qty, 0) <= 0:
            raise UserError(self.env._("%s was inspected already: nothing has come since.", line.display_name))
        if uom.compare(sum(quantities.values()), line.uninspected_qty):
            raise UserError(
                self.env._(
                    "%(line)s: %(count)s came back. Say for all of it what becomes of it.",
                    line=line.display_name,
                    count=f"{line.uninspected_qty:g} {uom.name}",
                )
            )
        self._keep_lot(line)
        now = self.env["sop.engine.clock"]._now()
        notes = "; ".join(filter(None, (line.inspection_note, note)))
        vals = {name: line[name] + quantity for name, quantity in quantities.items()}
        vals |= {"inspected_at": now, "inspected_by_id": self.env.uid, "inspection_note": notes}
        as_engine(line).write(vals)
        if quantities["scrap_qty"]:
            self._scrap(line, quantities["scrap_qty"])
        self.env["sop.engine.case"]._log(case, "inspected", {"line": line.id, **quantities})
        self.env["sop.engine.evaluation"]._mark(case)

    @api.model
    def _keep_lot(self, line):
        """Keep on the one ``line`` which lot, or serial number, really came, where nobody named one before."""
        lots = line._get_received_moves().move_line_ids.lot_id
        if not line.lot_id and len(lots) == 1 and line.product_id.tracking != "none":
            write_rows(line, {"lot_id": lots.id})

    @api.model
    def _scrap(self, line, quantity):
        """Scrap ``quantity`` of what came back for the one ``line``; of a kit, each of its parts."""
        parts = {} if line.part_id else get_parts(line.order_line_id)
        back = line._get_received_moves()
        for product, uom, scrapped in [(part, part.uom_id, quantity * ratio) for part, ratio in parts.items()] or [
            (line.product_id, line.product_uom_id, quantity)
        ]:
            moves = back.filtered(lambda move, product=product: move.product_id == product)
            lots = moves.move_line_ids.lot_id
            if product.tracking != "none" and not line.lot_id and len(lots) > 1:
                raise UserError(
                    self.env._(
                        "%s came back in several lots: make a line of the case for each lot of which something is "
                        "scrapped.",
                        product.display_name,
                    )
                )
            scrap = self.env["stock.scrap"].create(
                {
                    "product_id": product.id,
                    "product_uom_id": uom.id,
                    "scrap_qty": scrapped,
                    "lot_id": (line.lot_id or lots).id,
                    "picking_id": moves[-1:].picking_id.id,
                    "location_id": moves[-1:].location_dest_id.id,
                    "company_id": line.company_id.id,
                    "origin": line.case_id.name,
                }
            )
            scrap.do_scrap()
            self.env["sop.engine.case.goods"]._link(line, "scrap", scrap_id=scrap.id, qty=quantity)
