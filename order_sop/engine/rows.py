"""Rows of the engine's own records, read and written set-wise: what the ORM does too, in fewer statements.

Nothing here checks anybody. Nobody reaches it from outside: these are no methods, or private ones.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo import api, models, tools
from odoo.api import NewId
from odoo.tools import SQL

from .tally_table import raw


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
    """A model whose rows are written and read by this module; its columns are found once for each registry."""

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


def query_rows(env, query):
    """Return the rows of ``query`` (SQL) as dictionaries, of all that is written by now."""
    env.flush_all()
    return env.execute_query_dict(query)


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


def read_rows(model, domain):
    """Return the records of ``model`` that ``domain`` finds, with all their columns in the cache, by one query."""
    columns = [column.name for column in model._fields.values() if column.store and column.column_type]
    return model.search_fetch(domain, columns)


def read_lines(documents, name, lines=None):
    """Put the one2many field ``name`` of ``documents``, and all columns of its records, into the cache by one query.

    :param lines: its records, where they were read already
    """
    field = documents._fields[name]
    unknown = _unknown(documents, field)
    if not unknown:
        return
    if lines is None:
        lines = _read_lines(documents.env[field.comodel_name], field.inverse_name, unknown.ids)
    lines = lines.grouped(field.inverse_name)
    field._insert_cache(unknown, [lines[document]._ids if document in lines else () for document in unknown])


def _read_lines(model, inverse_name, ids):
    """Return the records of ``model``, with all their columns in the cache, whose many2one ``inverse_name`` is one of
    ``ids``. Of the engine's own, whose links never change, past the ORM's search: that one says each column anew, and
    asks record rules, which hold for everybody but the superuser."""
    owned = model.env.su and ids and getattr(model, "_sop_owned_fields", ()) is None
    known = model._get_columns() if owned else None
    if not owned or not known.plain:
        return read_rows(model, [(inverse_name, "in", ids)])
    rows = model.env.execute_query(
        SQL(
            "SELECT id, %s FROM %s WHERE %s IN %s ORDER BY %s",
            known.names,
            SQL.identifier(model._table),
            SQL.identifier(inverse_name),
            tuple(ids),
            raw(model._order),
        )
    )
    if not rows:
        return model
    ids, *columns = zip(*rows, strict=True)
    records = model.browse(ids)
    for field, values in zip(known.columns, columns, strict=True):
        field._insert_cache(records, values)
    return records


def stored(records, *names):
    """Return an iterator of the id and the columns ``names`` of each of ``records``, as the cache holds them: links as
    ids. For what looks at every check of an order each time: a record for each costs more than what is done with it."""
    columns = []
    for name in names:
        cache = records._fields[name]._get_cache(records.env)
        if not all(map(cache.__contains__, records._ids)):
            records.mapped(name)  # for all that are read with them
        columns.append(map(cache.__getitem__, records._ids))
    return zip(records._ids, *columns, strict=True)


def read_links(*wanted):
    """Put many2many fields into the cache, all by one query: ids alone, by id, those of archived records too.

    :param wanted: ``(records, name)`` of each field
    """
    fields = [(_unknown(records, field := records._fields[name]), field) for records, name in wanted]
    parts = [
        SQL(
            "SELECT %s, %s, %s FROM %s WHERE %s IN %s",
            place,
            *(SQL.identifier(name) for name in (field.column1, field.column2, field.relation, field.column1)),
            unknown._ids,
        )
        for place, (unknown, field) in enumerate(fields)
        if unknown
    ]
    links = defaultdict(list)
    if parts:
        for place, id_, other_id in wanted[0][0].env.execute_query(
            SQL("%s ORDER BY 1, 2, 3", SQL(" UNION ALL ").join(parts))
        ):
            links[place, id_].append(other_id)
    for place, (unknown, field) in enumerate(fields):
        field._insert_cache(unknown, [tuple(links[place, id_]) for id_ in unknown._ids])


def linked_ids(record, name):
    """Return the ids in the many2many field ``name`` of the one ``record``, those of archived records too: of these
    themselves nothing is read."""
    return record.with_context(active_test=False)[name]._ids


def _unknown(records, field):
    """Return those of ``records`` whose ``field`` the cache does not hold."""
    known = field._get_cache(records.env)
    return records.browse(id_ for id_ in records._ids if id_ not in known)


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
