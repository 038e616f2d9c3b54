"""Which visits a process map is about: those of the stages of one process, of documents begun in a period."""

from dataclasses import dataclass
from datetime import date

from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.date_utils import end_of, start_of

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
    span: tuple
    """The first and the last day on which documents of the SOP with completed visits were begun."""
    partner_id: int | None = None
    """A commercial entity."""
    department_id: int | None = None
    """Documents that were, or are, with this department."""
    stage_ids: tuple = ()
    """The department's stages: a visit is with the department of its stage, which no published process changes."""
    paths: tuple = ()
    """The ways of orders, as ``sop.order.fact`` has them, that lead through one of these stages."""
    share: float = 1.0
    """About how many of all documents the filters take."""
    facts: SQL | None = None
    """The query of what is known of orders, for a map of orders that is filtered."""
    changed_ids: tuple = ()
    """Orders that have changed, as ``is_changed`` wants them."""

    @property
    def is_filtered(self):
        """Whether not all documents of the period count."""
        return bool(self.partner_id or self.department_id)

    @property
    def table(self):
        """The table of the documents, as SQL."""
        return SQL.identifier(self.model.replace(".", "_"))

    @property
    def is_of_department(self):
        """Whether it is of the orders of one department, whoever the customers are."""
        return bool(self.facts and self.department_id and not self.partner_id)

    @property
    def leaves_out(self):
        """Whether fewer documents are left out than taken: these are taken off what was added up of all."""
        return self.is_of_department and self.share > 0.5

    def months(self):
        """Return the first day of the whole months in the period and the first day behind them; None for none.

        A month is whole where the period has all days of it on which anything was begun that has completed visits: this
        month is until today.
        """
        earliest, latest = self.span
        first, end = whole_months(
            start_of(self.date_from, "month") if self.date_from <= earliest else self.date_from,
            end_of(self.date_to, "month") if self.date_to >= latest else self.date_to,
        )
        return (first, end) if first < end else None

    def days(self, column):
        """Return whether the date ``column`` (SQL) lies in the period, as SQL."""
        return SQL("%s BETWEEN %s AND %s", column, self.date_from, self.date_to)

    def of_facts(self, fact):
        """Return whether the order of the row ``fact`` (SQL, an alias of ``sop.order.fact``) is one of those that the
        filters take, as SQL."""
        parts = [SQL("TRUE")]
        if self.partner_id:
            parts.append(SQL("%s.partner_id = %s", fact, self.partner_id))
        if self.department_id:
            walked, is_there = self.of_paths(SQL("%s.path", fact)), self.of_present(SQL("%s.order_id", fact))
            parts.append(SQL("(%s OR %s)", walked, is_there))
        return SQL(" AND ").join(parts)

    def of_paths(self, path):
        """Return whether the way ``path`` (SQL, not empty) leads to the department, if one is asked for, as SQL."""
        return SQL("%s = ANY(%s)", path, list(self.paths)) if self.department_id else SQL("TRUE")

    def of_present(self, order):
        """Return whether ``order`` (SQL, an id) is with the department now, as SQL."""
        return SQL(
            "%s IN (SELECT o.order_id FROM sop_visit o WHERE o.left_at IS NULL AND o.order_id IS NOT NULL"
            " AND o.stage_id = ANY(%s))",
            order,
            list(self.stage_ids),
        )

    def documents(self):
        """Return the query of the ids of the documents that the filters take, begun on whatever day, as SQL."""
        parts = [SQL("TRUE")]
        if self.partner_id:
            parts.append(SQL("p.commercial_partner_id = %s", self.partner_id))
        if self.department_id:
            parts.append(
                SQL(
                    "d.id IN (SELECT o.%s FROM sop_visit o WHERE o.stage_id = ANY(%s))",
                    SQL.identifier(self.link),
                    list(self.stage_ids),
                )
            )
        return SQL(
            "SELECT d.id FROM %s d JOIN res_partner p ON p.id = d.partner_id WHERE %s",
            self.table,
            SQL(" AND ").join(parts),
        )

    def of_documents(self, documents=None):
        """Return whether the visit ``v`` is of one of :meth:`documents`, or of other ``documents`` (SQL), as SQL.

        As an array: PostgreSQL goes from the documents to their visits, and does not read all visits to find them.
        """
        if not self.is_filtered:
            return SQL("TRUE")
        return SQL("v.%s = ANY(ARRAY(%s))", SQL.identifier(self.link), documents or self.documents())

    def on_map(self, row):
        """Return whether ``row`` (SQL, an alias of visits or of their sums) is of a stage on this map, as SQL."""
        return SQL(
            "%(row)s.company_id = ANY(%(companies)s) AND %(row)s.stage_id = ANY(%(stages)s)",
            row=row,
            companies=list(self.company_ids),
            stages=list(self.boxes),
        )

    def visits(self, condition, date_from=None, date_to=None):
        """Return the query of all visits in the scope that meet ``condition`` (SQL over ``v``), begun on these days, of
        whatever documents."""
        begun = SQL("v.begun_on BETWEEN %s AND %s", date_from or self.date_from, date_to or self.date_to)
        return SQL("SELECT v.* FROM sop_visit v WHERE %s AND %s AND %s", condition, begun, self.on_map(SQL("v")))

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


def stages_of(path):
    """Return the ids of the stages of a way, as ``sop.order.fact`` has it."""
    return [int(stage) for stage in path.split(",")]
