"""Which visits a process map is about: those of the stages of one process, of documents begun in a period."""

from dataclasses import dataclass
from datetime import date, timedelta

from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.tally_sources import TENTHS, live_rows, sums_of
from .periods import whole_months


@dataclass(frozen=True)
class MapScope:
    """Documents of ``model`` put under the SOP from ``date_from`` to ``date_to`` (days of their company), and filters.

    ``boxes`` says in which box of the map each stage is drawn (``{stage id: key}``): the same stage in all versions is
    one. Only visits of these stages count; customer and department say of which documents.
    """

    model: str
    link: str
    company_ids: tuple
    date_from: date
    date_to: date
    boxes: dict
    process_ids: tuple
    partner_id: int | None = None
    """A commercial entity."""
    department_id: int | None = None
    """Documents that were, or are, with this department."""

    @property
    def is_filtered(self):
        """Whether not all documents of the period count: then nothing was added up beforehand."""
        return bool(self.partner_id or self.department_id)

    @property
    def table(self):
        """The table of the documents, as SQL."""
        return SQL.identifier(self.model.replace(".", "_"))

    def months(self):
        """Return the first day of the whole months in the period and the first day behind them; None for none."""
        first, end = whole_months(self.date_from, self.date_to)
        return (first, end) if first < end else None

    def days(self, column):
        """Return whether the date ``column`` (SQL) lies in the period, as SQL."""
        return SQL("%s BETWEEN %s AND %s", column, self.date_from, self.date_to)

    def of_documents(self, document):
        """Return whether ``document`` (SQL, an id) is one of those that the filters take, as SQL."""
        parts = [SQL("TRUE")]
        if self.partner_id:
            parts.append(
                SQL(
                    "%s IN (SELECT d.id FROM %s d JOIN res_partner p ON p.id = d.partner_id"
                    " WHERE p.commercial_partner_id = %s)",
                    document,
                    self.table,
                    self.partner_id,
                )
            )
        if self.department_id:
            parts.append(
                SQL(
                    "%s IN (SELECT d.%s FROM sop_visit d WHERE d.department_id = %s AND %s)",
                    document,
                    SQL.identifier(self.link),
                    self.department_id,
                    self.days(SQL("d.begun_on")),
                )
            )
        return SQL(" AND ").join(parts)

    def visits(self, condition, date_from=None, date_to=None):
        """Return the query of all visits in the scope that meet ``condition`` (SQL over ``v``), begun on these days."""
        parts = [
            condition,
            SQL("v.begun_on BETWEEN %s AND %s", date_from or self.date_from, date_to or self.date_to),
            SQL("v.company_id = ANY(%s)", list(self.company_ids)),
            SQL("v.stage_id = ANY(%s)", list(self.boxes)),
            self.of_documents(SQL("v.%s", SQL.identifier(self.link))),
        ]
        return SQL("SELECT v.* FROM sop_visit v WHERE %s", SQL(" AND ").join(parts))

    def arrows(self):
        """Return the query of the sums of all completed visits, by the stage before and the stage itself."""
        if self.is_filtered:
            source = sums_of("sop_arrow_tally", self.visits(SQL("v.left_at IS NOT NULL")))
        else:
            source = live_rows("sop_arrow_tally")
        return SQL(
            "SELECT t.previous_stage_id, t.stage_id, SUM(t.visits)::int AS visits, SUM(t.limited)::int AS limited,"
            " SUM(t.late)::int AS late, SUM(t.elapsed) AS elapsed FROM (%s) t"
            " WHERE %s AND t.company_id = ANY(%s) AND t.stage_id = ANY(%s) GROUP BY 1, 2 HAVING SUM(t.visits) > 0",
            source,
            self.days(SQL("t.day")),
            list(self.company_ids),
            list(self.boxes),
        )

    def spreads(self):
        """Return the query of how many completed visits of each stage took so many minutes of working time: whole
        months from what was added up, the days before and after them from the visits."""
        completed, parts = SQL("v.left_at IS NOT NULL"), []

        def add(date_from, date_to):
            if date_from <= date_to:
                rows = self.visits(completed, date_from, date_to)
                parts.append(SQL("SELECT v.stage_id, %s AS minutes, 1 AS visits FROM (%s) v", SQL(TENTHS), rows))

        months = self.months()
        if self.is_filtered or not months:
            add(self.date_from, self.date_to)
        else:
            first, end = months
            parts.append(
                SQL(
                    "SELECT t.stage_id, t.minutes, t.visits FROM (%s) t WHERE t.basis = 'begun' AND t.month >= %s"
                    " AND t.month < %s AND t.company_id = ANY(%s) AND t.stage_id = ANY(%s)",
                    live_rows("sop_spread_tally"),
                    first,
                    end,
                    list(self.company_ids),
                    list(self.boxes),
                )
            )
            add(self.date_from, first - timedelta(1))
            add(end, self.date_to)
        return SQL(
            "SELECT stage_id, minutes, SUM(visits)::int AS visits FROM (%s) q GROUP BY 1, 2 HAVING SUM(visits) > 0",
            SQL(" UNION ALL ").join(parts),
        )

    # -- the rows behind a figure --------------------------------------------------------------------------------------

    def domain(self, **stages):
        """Return the domain of all visits that count, open ones too, of these ``stages``: ``{field: boxes}`` where a
        box is a key, and None is whatever is not on the map."""
        domain = Domain(
            [
                (self.link, "!=", False),
                ("begun_on", ">=", self.date_from.isoformat()),
                ("begun_on", "<=", self.date_to.isoformat()),
                ("company_id", "in", list(self.company_ids)),
            ]
        )
        for name, key in stages.items():
            inside = [stage for stage, box in self.boxes.items() if key is None or box == key]
            one = Domain(name, "in", inside)
            domain &= (~one if key is None else one) & Domain.TRUE
        if self.partner_id:
            domain &= Domain(f"{self.link}.partner_id.commercial_partner_id", "=", self.partner_id)
        if self.department_id:
            domain &= Domain(f"{self.link}.sop_visit_ids", "any", [("department_id", "=", self.department_id)])
        return domain

    def document_domain(self):
        """Return the domain of the documents that count."""
        begun = [("begun_on", ">=", self.date_from.isoformat()), ("begun_on", "<=", self.date_to.isoformat())]
        domain = Domain("company_id", "in", list(self.company_ids)) & Domain("sop_visit_ids", "any", begun)
        if self.partner_id:
            domain &= Domain("partner_id.commercial_partner_id", "=", self.partner_id)
        if self.department_id:
            domain &= Domain("sop_visit_ids", "any", [("department_id", "=", self.department_id)])
        return domain
