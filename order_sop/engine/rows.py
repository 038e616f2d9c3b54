"""Rows of the engine's own records, written set-wise: what the ORM does too, in fewer statements. See ``reading``.

Nothing here checks anybody. Nobody reaches it from outside: these are no methods, or private ones.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo import api, models, tools
from odoo.api import NewId
from odoo.tools import SQL


@dataclass(frozen=True)
class Columns:
    """What is known of the ``stored`` fields of a model, those with ``columns`` among them, once and for all: their
    ``names`` as SQL; ``empty`` and ``nothing`` are what stands in a row and in the cache for what is left out; whether
    a ``plain`` SELECT reads them: nothing is translated, say, by another module, and all is in the order of ids."""

    stored: tuple
    columns: tuple
    names: SQL
    empty: dict
    nothing: dict
    plain: bool


class SopRowsMixin(models.AbstractModel):
    """A model whose rows are written here and read by ``reading``; its columns are found once for each registry."""

    _name = "sop.rows.mixin"
    _description = "Rows written set-wise"

    @api.model
    @tools.ormcache()
    def _get_columns(self):
        """Return the :class:`Columns` of this model."""
        stored = tuple(field for field in self._fields.values() if field.store and field.name != "id")
        columns = tuple(field for field in stored if field.column_type)
        return Columns(
            stored,
            columns,
            SQL(", ").join(SQL.identifier(field.name) for field in columns),
            {field.name: field.convert_to_column_insert(None, self, {}) for field in columns},
            {field.name: field.convert_to_cache(None, self) for field in stored},
            self._order in ("id", "id desc")
            and not any(field.translate or field.company_dependent for field in columns),
        )


def insert_rows(model, vals_list, unique=None, along=None):
    """Insert a row for each of ``vals_list`` in one statement, past the ORM's ``create``, and return the records.

    For what the engine alone makes, again and again: visits, checks and log lines. They have no computed columns,
    defaults or constraints in Python, which ``create`` asks for each record. The record cache knows the new rows
    afterwards, in the one2many fields that it holds as well.

    :param model: empty recordset of the model, whose environment the records get
    :param unique: name of a Char with a unique index: a row whose value is there already is not inserted, and no record
        is returned for it. What another session inserts at the same time ends in an error that makes Odoo run it again.
    :param along: SQL, a statement that changes other tables, to be run by the same call
    """
    if unique:
        vals_list = list({vals[unique]: vals for vals in reversed(vals_list)}.values())[::-1]
    known = model._get_columns()
    if model._log_access:
        now, uid = model.env.cr.now(), model.env.uid
        logged = {"create_uid": uid, "create_date": now, "write_uid": uid, "write_date": now}
        vals_list = [vals | logged for vals in vals_list]
    fields, rows = model._fields, []
    for vals in vals_list:
        given = {
            name: fields[name].convert_to_column_insert(value, model, vals)
            for name, value in vals.items()
            if name in known.empty
        }
        rows.append(tuple((known.empty | given).values()))
    inserted = model.env.execute_query(
        SQL(
            "%s INSERT INTO %s (%s) VALUES %s %s RETURNING id, %s",
            SQL("WITH along AS (%s)", along) if along else SQL(),
            SQL.identifier(model._table),
            known.names,
            SQL(", ").join(rows),
            SQL("ON CONFLICT (%s) DO NOTHING", SQL.identifier(unique)) if unique else SQL(),
            SQL.identifier(unique or "id"),
        )
    )
    if unique:
        new = {value for _id, value in inserted}
        vals_list = [vals for vals in vals_list if vals[unique] in new]
    records = model.browse(id_ for id_, _value in inserted)
    _remember(records, vals_list)
    _add_to_inverses(records, [field for field in known.columns if field.type == "many2one"])
    return records


def imagine_rows(model, vals_list):
    """Return a record in memory for each of ``vals_list``, for what only looks at such records: nothing is written.

    As :func:`insert_rows` makes them: what is left out of the values is empty. ``forget_rows`` frees their place.
    """
    records = model.browse(NewId() for _vals in vals_list)
    _remember(records, vals_list)
    return records


def _remember(records, vals_list):
    """Put ``vals_list`` into the record cache, a row for each of ``records``."""
    model, known, named = records.browse(), records._get_columns(), set().union(*vals_list)
    for field in known.stored:
        name, nothing = field.name, known.nothing[field.name]
        if name in named:
            values = [field.convert_to_cache(vals[name], model) if name in vals else nothing for vals in vals_list]
        else:
            values = [nothing] * len(vals_list)
        field._insert_cache(records, values)


def forget_rows(records):
    """Drop what the record cache holds of ``records`` made by :func:`imagine_rows`."""
    for field in records._fields.values():
        field._invalidate_cache(records.env, records._ids)


def write_rows(records, vals):
    """Write ``vals`` (plain columns) on ``records`` past the ORM's ``write``.

    That one would flush only what differs from before: an UPDATE for each set of columns that happen to change.
    """
    for name, value in vals.items():
        field = records._fields[name]
        field._update_cache(records, field.convert_to_cache(value, records), dirty=True)
    records.modified(vals)


def _add_to_inverses(records, many2one_fields):
    """Add new ``records`` to the one2many fields of what their ``many2one_fields`` refer to."""
    for field in many2one_fields:
        if not records.pool.field_inverses[field]:
            continue
        groups = defaultdict(list)
        for record in records:
            groups[field._get_cache(records.env)[record.id]].append(record.id)
        for value, ids in groups.items():
            field._update_inverses(records.browse(ids), value)
