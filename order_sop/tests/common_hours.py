"""Working hours counted by hand: the office is open from 8 to 12 and from 13 to 17:30, Monday to Friday.

It begins on Monday, 2 March 2026, at 8.
"""

from datetime import date

from ..reports.kpi_scope import Scope
from .common_time import FrozenCase


class HoursCase(FrozenCase):
    def figures(self, family, first=1, last=31):
        """Return ``{code: value}`` of the KPIs of a family over days of March 2026."""
        self.commit()
        scope = Scope(self.company.id, date(2026, 3, first), date(2026, 3, last))
        return {code: figure.value for code, figure in self.env[f"sop.kpi.{family}"]._compute_figures(scope).items()}

    def assert_rows(self, code, first=1, last=31):
        """Assert that the KPI with ``code`` opens as many rows as it counts; return them."""
        kpi = self.env["sop.kpi"].search([("code", "=", code)])
        scope = Scope(self.company.id, date(2026, 3, first), date(2026, 3, last))
        model, domain = self.env[f"sop.kpi.{kpi.family}"]._get_rows(code, scope)
        rows = self.env[model].search(domain)
        self.assertEqual(len(rows), self.env[f"sop.kpi.{kpi.family}"]._compute_figures(scope)[code].count)
        return rows
