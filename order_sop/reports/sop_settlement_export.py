from odoo import models

from ..engine.arguments import existing, plain

MOST_CHOSEN = 20_000
"""The web client names no more chosen lines than that."""


class SopSettlementExportButton(models.AbstractModel):
    """The button that gets the list as a workbook."""

    _inherit = "sop.settlement.mixin"  # pylint: disable=consider-merging-classes-inherited

    def action_export_xlsx(self):
        """Get the workbook of the list that it is pressed on, or of the records that are chosen in it.

        The list leaves ``active_domain``, ``active_ids`` and ``sop_day`` in the context.

        :return: the action that downloads it, or shows how far it is
        """
        context = self.env.context
        records = plain(self).with_context(sop_day=context.get("sop_day"))
        domain = context.get("active_domain") or []
        chosen = existing(records, context.get("active_ids") or [])
        if 0 < len(chosen) < MOST_CHOSEN:
            domain = [["id", "in", chosen.ids]]
        return records.env["sop.engine.export"]._get_action(records._name, domain)
