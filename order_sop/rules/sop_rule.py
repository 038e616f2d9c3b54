"""The contract of a rule: the code behind an automatic checkpoint.

A new rule is one new file in this folder (and its import)::

    class SopRuleTracking(models.AbstractModel):
        _name = "sop.rule.tracking"
        _inherit = "sop.rule"
        _description = "Tracking number set"

        _scopes = ("delivery",)
        _reasons = {"no_tracking": (AWAITED, _lt("Delivery %(delivery)s has no tracking number …"))}

        def _evaluate(self, checks):
            return {
                check: None if check.picking_id.carrier_tracking_ref
                else self._reason("no_tracking", delivery=check.picking_id.name)
                for check in checks
            }

The rule's code is what follows ``sop.rule.`` in its name; ``_description`` is its label in the process editor.
"""

from odoo import api, models

AWAITED = "pending"
"""Kind of a reason: it has simply not happened yet (no payment yet); the check stays ``pending``."""

WRONG = "failed"
"""Kind of a reason: something is wrong and somebody has to mend it; the check becomes ``failed``."""

BROKEN = "broken"
"""Code of the reason that the engine gives for a rule that raised an error."""

PREFIX = "sop.rule."


class SopRule(models.AbstractModel):
    """Base of all rules. Subclasses declare the attributes below and implement :meth:`_evaluate`."""

    _name = "sop.rule"
    _description = "SOP rule"

    _scopes = ("order",)
    """Scopes that a checkpoint with this rule may have: ``order``, ``delivery``, ``invoice``."""

    _judges = "sale.order"
    """Model of the flow documents that the rule is for: ``sale.order`` or ``sop.case``."""

    _parameters = {}
    """Checkpoint parameters that the rule reads: ``{field name: lazy label}``.
    Fields: ``rule_days``, ``rule_percent``, ``rule_amount`` (company currency), ``rule_quantity``, ``rule_flag``."""

    _reasons = {}
    """``{code: (AWAITED | WRONG, lazy text with %(name)s placeholders)}``. The code is stored, the text only shown.
    The text names the record and says who can do what about it."""

    _content = False
    """True when the rule judges what the order says (customer, products, prices, terms). Such a rule is asked again
    when that content changes after its stage was left, and the order goes back if it no longer holds."""

    _lasting = False
    """True when the answer cannot change unless the order's own content does: a gate need not ask again."""

    _time_dependent = False
    """True when the answer can change by the mere passing of time: the clock cron asks such rules again."""

    _looks_around = False
    """True when the answer depends on the process around the checkpoint too (which stage unlocks what, say). Of all
    other rules two checkpoints with the same parameters say the same of the same order."""

    _needs_gate = None
    """The gate without which the rule can never hold (``ship`` for a proof of delivery, say), or None. The process
    validation uses it to find stages that could never be completed."""

    def _evaluate(self, checks):
        """Judge a batch.

        :param checks: ``sop.check`` records of this rule and of one company, in superuser mode, with that company
            as the current one; ``check.order_id`` (or ``case_id``), ``check.picking_id``, ``check.invoice_id`` are what
            is judged and ``check.checkpoint_id`` holds the parameters. The number of queries must not depend on
            ``len(checks)``.
        :return: ``{check: None}`` where the check holds, ``{check: self._reason(code, **data)}`` where not.
            Nothing is written and nothing raised.
        """
        raise NotImplementedError(self._name)

    @api.model
    def _reason(self, code, **data):
        """Return a reason: ``code`` of ``_reasons`` with JSON-serialisable ``data`` for its text."""
        return {"kind": self._reasons[code][0], "code": code, "data": data}

    @api.model
    def _reason_text(self, code, data):
        """Return the text of a stored reason in the reader's language."""
        if code == BROKEN:
            return self.env._("This could not be checked. An administrator finds the error in the server's log.")
        if code not in self._reasons:
            return code
        values = {k: ", ".join(map(str, v)) if isinstance(v, list) else v for k, v in (data or {}).items()}
        text = self.env._(self._reasons[code][1])  # pylint: disable=gettext-variable
        try:
            return text % values
        except (KeyError, TypeError, ValueError):
            return text

    @api.model
    def _all_rules(self):
        """Return ``{rule code: rule model}`` of every rule in the registry, ordered by code."""
        return {
            name.removeprefix(PREFIX): self.env[name]
            for name in sorted(self.env.registry.models)
            if name.startswith(PREFIX)
        }
