from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SopFlowPath(models.AbstractModel):
    """The way that a document has taken: the stages that it has left, one after the other."""

    _inherit = "sop.flow.mixin"  # pylint: disable=consider-merging-classes-inherited

    sop_path = fields.Char("Way Taken", compute="_compute_sop_path", search="_search_sop_path", compute_sudo=True)

    def _compute_sop_path(self):
        for document in self:
            visits = document.sop_visit_ids.filtered("left_at").sorted("id")
            document.sop_path = ",".join(str(visit.stage_id.id) for visit in visits) or False

    @api.model
    def _search_sop_path(self, operator, value):
        if operator != "in":
            return NotImplemented
        paths = [path for path in value if isinstance(path, str) and path]

        def to_sql(model, alias, query):
            return SQL(
                "%s IN (SELECT p.id FROM (%s) p WHERE p.path = ANY(%s)"
                " AND MD5(p.path) = ANY(ARRAY(SELECT MD5(w) FROM UNNEST(%s) w)))",  # there is an index of digests
                SQL.identifier(alias, "id"),
                model._sop_paths(),
                paths,
                paths,
            )

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _sop_paths(self):
        """Return the query of the ways of all documents of this model that have left a stage, exact at any instant:
        ``id``, ``path``, ``company_id``, ``begun_on`` and ``elapsed``, the seconds until the last stage was left."""
        if self._name == "sale.order":
            return SQL(
                "SELECT f.order_id AS id, f.path, f.company_id, f.begun_on, f.elapsed, f.status, f.process_id"
                " FROM (%s) f WHERE f.path IS NOT NULL",
                self.env["sop.engine.fact"]._get_rows(),
            )
        return SQL(
            """
            SELECT v.id, v.path, d.company_id, v.begun_on, v.elapsed, d.sop_status AS status,
                   d.sop_process_id AS process_id
              FROM (
                SELECT %(link)s AS id, MIN(begun_on) AS begun_on,
                       STRING_AGG(stage_id::text, ',' ORDER BY id) FILTER (WHERE left_at IS NOT NULL) AS path,
                       EXTRACT(EPOCH FROM MAX(left_at) - MIN(entered_at))::float8 AS elapsed
                  FROM sop_visit WHERE %(link)s IS NOT NULL GROUP BY 1
              ) v
              JOIN %(table)s d ON d.id = v.id
             WHERE v.path IS NOT NULL
            """,
            link=SQL.identifier(self._sop_link),
            table=SQL.identifier(self._table),
        )
