"""What crons do for many records: one that cannot be done must not stop the others."""

import logging

from psycopg2.errors import SerializationFailure

from odoo.exceptions import ConcurrencyError

_logger = logging.getLogger(__name__)


def isolated(records, do):
    """Call ``do(records)`` in a savepoint; when that fails, with each record by itself, so that only the failing one is
    left undone. It is logged; that somebody else works on it at this moment is no failure."""
    try:
        with records.env.cr.savepoint():
            do(records)
    except Exception as error:
        if len(records) <= 1:
            busy = isinstance(error, (ConcurrencyError, SerializationFailure))
            _logger.log(
                logging.INFO if busy else logging.ERROR,
                "order_sop: %s could not be done",
                records,
                exc_info=not busy,
            )
            return
        for record in records:
            isolated(record, do)
