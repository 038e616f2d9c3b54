from odoo import api, models


class SopEngineCaseTeller(models.AbstractModel):
    """Tells customers what becomes of their cases, in their language; the mails go out as Odoo's own do."""

    _name = "sop.engine.case.teller"
    _description = "SOP engine: telling customers of their cases"

    @api.model
    def _tell(self, cases, template):
        """Send ``template`` (its XML id) to the customers of ``cases``; who has no address is not told."""
        for case in cases:
            self.env["sop.engine.notify"]._try_post(case, template)
