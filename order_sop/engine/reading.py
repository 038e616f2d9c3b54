"""Rows of the engine's records, and of their documents, read set-wise into the record cache, and what it holds.

Nothing here checks anybody. Nobody reaches it from outside: these are no methods.
"""

from collections import defaultdict

from odoo.tools import SQL

from .tally_table import raw


def query_rows(env, query):
    """Return the rows of ``query`` (SQL) as dictionaries, of all that is written by now."""
    env.flush_all()
    return env.execute_query_dict(query)


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
