from odoo import api, models, tools

DEFINITION_LINES = {
    "stage_ids",
    "checkpoint_ids",
    "step_ids",
    "watch_ids",
    "user_ids",
    "waive_department_ids",
    "group_ids",
}


class SopProcess(models.Model):
    """The definition below published processes, kept for all transactions."""

    _inherit = "sop.process"  # pylint: disable=consider-merging-classes-inherited

    def _warm_up(self):
        """Put the definition below the published processes in ``self`` into the record cache without a query.

        A published version never changes, so that the registry may keep it for all transactions; a department that
        changes says so.

        :return: ``self``
        """
        known = self._fields["stage_ids"]._get_cache(self.env)
        unknown = self.browse(id_ for id_ in self._ids if id_ not in known)
        for process in unknown and unknown.with_context(prefetch_langs=False):
            for model, ids, columns in process._get_snapshot():
                records = process.env[model].browse(ids)
                for name, values in columns:
                    records._fields[name]._insert_cache(records, values)
        return self

    @tools.ormcache("self.id", "self.env.lang")
    def _get_snapshot(self):
        """Return what the cache holds of the one process in ``self``, its stages, checkpoints and departments, with
        names in the reader's language, as nested tuples ``(model, ids, ((field, values), …))``; nothing for a draft."""
        process = self.sudo()  # the definition is the same for everybody
        if process.state == "draft":
            return ()
        snapshot = []
        stages, checkpoints = process.stage_ids, process.stage_ids.checkpoint_ids
        departments = stages.department_id | checkpoints.department_id | checkpoints.waive_department_ids
        for records in (process, stages, checkpoints, checkpoints.step_ids, checkpoints.watch_ids, departments):
            columns = []
            for name, field in records._fields.items():
                kept = name in DEFINITION_LINES or (field.store and field.column_type and name != "id")
                if kept and not callable(field.translate):  # work instructions are long, and asked for by forms alone
                    records.mapped(name)
                    cache = field._get_cache(records.env)
                    columns.append((name, tuple(cache[id_] for id_ in records._ids)))
            snapshot.append((records._name, records._ids, tuple(columns)))
        return tuple(snapshot)

    @api.model
    @tools.ormcache()
    def _get_telling_ids(self):
        """Return the ids of the processes, retired ones too, whose customers are told of delays."""
        processes = self.sudo().search([("tell_delays", "=", True), ("state", "!=", "draft")])  # whoever asks
        return processes.ids
