"""Part of a recordset that still reads for the whole: ``filtered`` would read one order of a batch at a time."""


def subset(records, condition):
    """Return those of ``records`` for which ``condition(record)`` is true, with the prefetch of all."""
    chosen = records.browse([record.id for record in records if condition(record)])
    return chosen.with_prefetch(records._prefetch_ids)
