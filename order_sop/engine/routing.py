from odoo import api, models


class SopEngineRouting(models.AbstractModel):
    """Finds the person who gets the work of a stage."""

    _name = "sop.engine.routing"
    _description = "SOP engine: routing"

    @api.model
    def _get_user(self, document, stage):
        """Return the ``res.users`` who gets ``document`` in ``stage``, or an empty recordset for shared work.

        Somebody archived, or without access to the document's company, is passed over; the lead stands in for him.
        """
        department = stage.department_id
        candidates = {
            "lead": department.lead_id,
            "salesperson": document.user_id | department.lead_id,
            "none": department.browse().lead_id,
        }[department.assignment]
        return candidates.filtered(lambda user: user.active and document.company_id in user.company_ids)[:1]
