"""What the ledger's columns are called in the settlement, for models that keep them."""

from ..engine.ledger import COLUMNS
from .sop_settlement_line import SopSettlementLine
from .sop_settlement_mixin import SopSettlementMixin


def _get_label(name):
    field = vars(SopSettlementLine).get(name) or vars(SopSettlementMixin)[name]
    return field._args__["string"]


LABELS = {name: _get_label(name) for name in COLUMNS}
