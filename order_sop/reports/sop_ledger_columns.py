"""The ledger's columns and what they are called, for models that keep them."""

from .sop_ledger import AMOUNTS, COLUMNS, COMPANY_AMOUNTS, QUANTITIES
from .sop_settlement_line import SopSettlementLine
from .sop_settlement_mixin import SopSettlementMixin

__all__ = ["AMOUNTS", "COLUMNS", "COMPANY_AMOUNTS", "LABELS", "QUANTITIES"]


def _get_label(name):
    field = vars(SopSettlementLine).get(name) or vars(SopSettlementMixin)[name]
    return field._args__["string"]


LABELS = {name: _get_label(name) for name in COLUMNS}
