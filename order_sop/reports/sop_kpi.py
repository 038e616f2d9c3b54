from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine.arguments import existing, plain, text
from .kpi_scope import Scope
from .periods import read_period
from .process_choices import process_choices

FAMILIES = [
    ("orders", "Orders"),
    ("backlog", "Open orders"),
    ("stages", "Stages"),
    ("checks", "Checks"),
    ("approvals", "Approvals"),
    ("cases", "After-sales cases"),
    ("costs", "Cost of cases"),
    ("money", "Money and stock"),
]
SECTIONS = [
    ("speed", "Speed"),
    ("delivery", "On Time and in Full"),
    ("quality", "Quality"),
    ("control", "Control"),
    ("after_sales", "After-Sales"),
    ("money", "Money"),
]
UNITS = [
    ("number", "Number"),
    ("amount", "Amount"),
    ("percent", "%"),
    ("hours", "Hours"),
    ("days", "Days"),
    ("times", "Times"),
    ("stars", "of 5"),
]
BETTER = [("more", "More is better"), ("less", "Less is better"), ("none", "Neither")]


class SopKpi(models.Model):
    """One key figure: what it says, in words, and where it comes from. How it is computed says the family of its code.

    Definitions ship with the addon: figures of two companies, or of two years, mean the same.
    """

    _name = "sop.kpi"
    _description = "SOP KPI"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    family = fields.Selection(FAMILIES, required=True, readonly=True)
    section = fields.Selection(SECTIONS, required=True, readonly=True)
    unit = fields.Selection(UNITS, required=True, readonly=True)
    better = fields.Selection(BETTER, required=True, readonly=True)
    formula = fields.Text(required=True, translate=True, readonly=True)
    source = fields.Text(required=True, translate=True, readonly=True)
    exclusions = fields.Text("What Is Left Out", translate=True, readonly=True)
    by_department = fields.Boolean(
        "Of a Department", readonly=True, help="It means something for one department, and its lead sees it."
    )
    target_ids = fields.One2many("sop.kpi.target", "kpi_id", "Targets")

    _code_unique = models.UniqueIndex("(code)", "There is a KPI of this code already.")

    # -- public API ----------------------------------------------------------------------------------------------------

    @api.model
    def get_choices(self):
        """Return what the current user can choose from on the page of KPIs: processes and departments.

        :return: ``{"processes": [{"code", "name", "versions"}…], "departments": [{"id", "name"}…], "all": whether
            he sees figures of the whole company}``
        :raise AccessError: for who may see none
        """
        departments = self._get_departments()
        return {
            "all": self._sees_all(),
            "processes": process_choices(self.env),
            "departments": [{"id": one.id, "name": one.name} for one in departments],
            "own": self.env["sop.department"]._get_mine().ids[:1],
        }

    def action_view_rows(self, date_from, date_to, filters=None):
        """Open the rows behind the figure of the one KPI in ``self``; see :meth:`get_page` for the arguments.

        As many rows as its figure counts, as far as the user may see each.
        """
        kpi = plain(self)
        kpi.ensure_one()
        scope = self._get_scope(date_from, date_to, filters)
        if kpi not in self._get_visible(scope):
            raise AccessError(self.env._("“%s” is not for one department.", kpi.name))
        model, domain = self.env[f"sop.kpi.{kpi.family}"]._get_rows(kpi.code, scope)
        partly = kpi.family == "money" and self._hides_some(model, domain)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%s (what you may read of it)", kpi.name) if partly else kpi.name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            "context": {"create": False, "sop_kpi": kpi.code},
        }

    # -- what is behind ------------------------------------------------------------------------------------------------

    @api.model
    def _hides_some(self, model, domain):
        """Tell whether records of ``domain`` are kept from the current user: the books are read as a whole, whoever
        reads their figures, and the entries behind by those whom Accounting lets read them."""
        hidden = ~Domain(self.env["ir.rule"]._compute_domain(model, "read"))
        return bool(self.env[model].sudo().search_count(Domain(domain) & hidden, limit=1))  # whether there is one

    @api.model
    def _get_scope(self, date_from, date_to, filters=None):
        """Return the :class:`Scope` of what the user asks for, once it was checked that he may."""
        filters = filters if isinstance(filters, dict) else {}
        first, last = read_period(self.env, date_from, date_to)
        department = existing(self.env["sop.department"], filters.get("department"))[:1]
        if not self._sees_all() and department not in self._get_departments():
            raise AccessError(
                self.env._(
                    "You see the figures of the departments that you lead. Choose one of them, or ask an SOP manager."
                )
            )
        columns = ("team_id", "user_id", "partner_id", "country_id", "categ_id")
        numbers = {name: filters.get(name) or None for name in ("version", *columns)}
        if any(number is not None and type(number) is not int for number in numbers.values()):
            raise UserError(self.env._("What to filter by has to be given by its number."))
        wanted = tuple((name, numbers[name]) for name in columns if numbers[name])
        code = text(self.env, filters.get("process")) or None
        return Scope(self.env.company.id, first, last, code, numbers["version"], department.id or None, wanted)

    @api.model
    def _sees_all(self):
        """Tell whether the current user sees figures of his whole company."""
        return self.env.user.has_group("order_sop.group_reader_all")

    @api.model
    def _get_departments(self):
        """Return the departments whose figures the current user may see; raise where there are none."""
        departments = self.env["sop.department"].search(Domain.TRUE)
        if not self._sees_all():
            departments = departments.filtered(lambda department: department.lead_id == self.env.user)
            if not departments:
                raise AccessError(
                    self.env._("KPIs are for SOP managers, officers, auditors and the leads of departments.")
                )
        return departments

    @api.model
    def _get_visible(self, scope):
        """Return the KPIs that mean something in ``scope``, in order."""
        domain = Domain("by_department", "=", True) if scope.department_id else Domain.TRUE
        if scope.process_code or scope.filters:
            domain &= Domain("family", "!=", "money") & Domain("code", "!=", "case_cost_share")  # of the whole company
        if scope.filters:
            domain &= Domain("family", "in", ("orders", "backlog"))
        return self.search(domain)

    def _get_figures(self, scope):
        """Return ``{code: Figure}`` of the KPIs in ``self``, each family computed once."""
        figures = {}
        for family in dict.fromkeys(self.mapped("family")):
            figures |= self.env[f"sop.kpi.{family}"].sudo()._compute_figures(scope)  # the scope was checked
        return {kpi.code: figures[kpi.code] for kpi in self}
