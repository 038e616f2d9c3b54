"""Part of a recordset that still reads for the whole: ``filtered`` would read one order of a batch at a time."""


def pick(records, ids):
    """Return those of ``records`` with these ``ids``, with the prefetch of all."""
    return records.browse(ids).with_prefetch(records._prefetch_ids)


def subset(records, condition):
    """Return those of ``records`` for which ``condition(record)`` is true, with the prefetch of all."""
    return pick(records, [record.id for record in records if condition(record)])
