"""What crons do for many records: one that cannot be done must not stop the others."""

import logging

from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

BATCH = 200
BUSY = (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
"""What is raised where somebody else works on the same: no failure, it can be done later."""

_logger = logging.getLogger(__name__)


def work_off(records, do, busy=None):
    """Call ``do`` with batches of ``records`` for a cron, and commit each; those on whose order or case somebody works
    at this moment are left out, those that cannot be done are logged. A batch is never of orders and of cases.

    :param records: flow documents, or records that belong to one
    :param busy: called without arguments, in the batch's transaction, where some were left out
    """
    cron = records.env["ir.cron"]
    cron._commit_progress(remaining=len(records))
    for start in range(0, len(records), BATCH):
        batch, left_out = records[start : start + BATCH], False
        for part in batch._by_model() if hasattr(batch, "_by_model") else (batch,):
            documents = _get_documents(part)
            free = documents.try_lock_for_update(allow_referencing=True)
            left_out |= free != documents
            isolated(part.filtered(lambda record, free=free: _get_documents(record) in free), do)
        if left_out and busy:
            busy()
        if not cron._commit_progress(min(BATCH, len(records) - start)):
            break


def isolated(records, do):
    """Call ``do(records)`` in a savepoint; when that fails, with each record by itself, so that only the failing one is
    left undone. It is logged; that somebody else works on it at this moment is no failure."""
    try:
        with records.env.cr.savepoint():
            do(records)
    except Exception as error:
        if len(records) <= 1:
            busy = isinstance(error, BUSY)
            _logger.log(
                logging.INFO if busy else logging.ERROR,
                "order_sop: %s could not be done",
                records,
                exc_info=not busy,
            )
            return
        for record in records:
            isolated(record, do)


def _get_documents(records):
    if hasattr(records, "_sop_link"):  # flow documents themselves: a case may know its order, or none
        return records
    if hasattr(records, "flow"):
        return records.flow
    return records.order_id if "order_id" in records._fields else records
