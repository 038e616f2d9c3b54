from base64 import b64encode

from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import models
from odoo.tools import format_date

from .sale_order_cases import WITH_GOODS


class SopCaseSlip(models.Model):
    """The return slip that a customer puts into the parcel: made for him, so nothing of the house is on it."""

    _inherit = "sop.case"  # pylint: disable=consider-merging-classes-inherited

    def _sop_has_slip(self):
        """Tell whether the customer of the one case in ``self`` is to send something."""
        return self.state == "open" and self.kind in WITH_GOODS and bool(self.line_ids)

    def _sop_get_slip(self):
        """Return what is on the return slip of the one case in ``self``, in the language of its context.

        :return: ``{"name", "barcode": address of a picture, "order", "customer", "address": res.partner, "until": text
            or "", "lines"}``
        """
        self.check_access("read")
        case = self.sudo()  # read access was checked: words for the customer alone, and where the goods go
        ends = [line.return_until for line in case.line_ids] if "return_until" in case.line_ids._fields else []
        days = [end for end in ends if end]
        warehouse = case.order_id.warehouse_id
        return {
            "name": case.name,
            "barcode": _draw_barcode(case.name),
            "order": case.order_id.name or "",
            "customer": case.partner_id.display_name,
            "address": warehouse.partner_id or case.company_id.partner_id,
            "until": format_date(case.env, min(days)) if days else "",
            "lines": case._sop_get_customer_lines(),
        }


def _draw_barcode(text):
    """Return ``text`` as a Code 128, drawn with lines, which need no bitmaps and print sharply at any size."""
    drawing = createBarcodeDrawing("Code128", value=text, format="svg", width=600, height=90, humanReadable=0)
    return f"data:image/svg+xml;base64,{b64encode(drawing.asString('svg').encode()).decode()}"
