from odoo import api, models


class SopTowerChoices(models.AbstractModel):
    """What the control tower's page needs beside the numbers."""

    _inherit = "sop.tower"

    @api.model
    def _get_choices(self):
        """Return what can be chosen between: ``{"processes", "departments", "companies"}``."""
        processes = self.env["sop.process"].search([("state", "!=", "draft")], order="sequence, version desc, id")
        departments = self.env["sop.department"].search([("id", ">", 0)])
        companies = self.env.companies if len(self.env.companies) > 1 else ()
        newest = {}
        for process in processes:
            newest.setdefault(process.code, process.name)
        return {
            "processes": [{"code": code, "name": name} for code, name in newest.items()],
            "departments": [
                {"id": department.id, "name": department.name, "mine": department.is_mine} for department in departments
            ],
            "companies": [{"id": company.id, "name": company.name} for company in companies],
        }

    @api.model
    def _get_action(self, xml_id):
        """Return the window action behind numbers of one model, without what it filters by itself."""
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        names = ("res_model", "type", "views", "view_mode", "mobile_view_mode", "search_view_id", "help")
        return {name: action[name] for name in names} | {"context": {}}
