"""What crons do for many records: one that cannot be done must not stop the others."""

import logging

_logger = logging.getLogger(__name__)


def isolated(records, do):
    """Call ``do(records)`` in a savepoint; when that fails, with each record by itself, so that only the failing one is
    left undone. It is logged."""
    try:
        with records.env.cr.savepoint():
            do(records)
    except Exception:
        if len(records) <= 1:
            _logger.exception("order_sop: %s could not be done", records)
            return
        for record in records:
            isolated(record, do)
