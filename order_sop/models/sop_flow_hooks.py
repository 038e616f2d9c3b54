import hashlib
import json

from odoo import models


class SopFlowHooks(models.AbstractModel):
    """What a document tells the engine: each document answers for itself."""

    _inherit = "sop.flow.mixin"  # pylint: disable=consider-merging-classes-inherited

    _sop_link = None
    """Name of the field by which what the engine keeps refers to the document: ``order_id`` or ``case_id``."""

    def _get_flow_documents(self):
        return self

    def _sop_state(self):
        """Return where the ERP has the one document in ``self``: ``open``, ``confirmed`` or ``cancelled``."""
        raise NotImplementedError(self._name)

    def _sop_deliveries(self):
        """Return the deliveries of the documents in ``self`` as ``{document: stock.picking}``; set-wise."""
        raise NotImplementedError(self._name)

    def _sop_invoices(self):
        """Return the customer invoices of the documents in ``self`` as ``{document: account.move}``; set-wise."""
        raise NotImplementedError(self._name)

    def _sop_awaits(self, scope):
        """Tell whether the one document in ``self`` has no delivery (or invoice) yet, but is to have one.

        A stage that checks each of them is not complete before the first is there.
        """
        raise NotImplementedError(self._name)

    def _sop_open_holds(self):
        """Return the open holds of the documents in ``self``."""
        # while a document runs its status tells whether it is held: no query for those that are not
        held = [document.sop_hold_ids for document in self if document.sop_status not in ("running", "waiting")]
        return self.env["sop.hold"].union(*held).filtered(lambda hold: not hold.released_at)

    def _sop_follow_documents(self):
        """Keep what is known of other documents of those in ``self``, before they are evaluated."""

    def _sop_finish(self):
        """Do what is due as the documents in ``self`` have come to the end of their process."""

    def _sop_tell_hold(self, hold):
        """Tell the people responsible for the one document in ``self`` of a new ``hold`` that the system set."""
        raise NotImplementedError(self._name)

    def _sop_hold_over(self):
        """Close what :meth:`_sop_tell_hold` opened for those of ``self`` that have no open hold any more."""
        free = self.filtered(lambda document: not document._sop_open_holds())
        free.activity_feedback(["order_sop.mail_activity_hold"], feedback=self.env._("The hold was released."))

    def _sop_facts(self):
        """Return what the one document in ``self`` says, as JSON by the codes of ``sop.watch``."""
        raise NotImplementedError(self._name)

    def _sop_fact_text(self, fact, value):
        """Return the ``value`` of a ``fact`` of the one document in ``self`` in the reader's words."""
        raise NotImplementedError(self._name)

    def _sop_read_files(self):
        """Return the files that people attached to the documents in ``self``: ``{document: [[name, checksum]…]}``."""
        raise NotImplementedError(self._name)

    def _sop_fingerprint(self, facts=None):
        """Return a hash over what the one document in ``self`` says.

        :param facts: the answer of :meth:`_sop_facts`, for whoever has it
        """
        facts = facts or self._sop_facts()
        return _hash({fact: value for fact, value in facts.items() if fact != "attachments"})

    def _sop_seen(self):
        """Return a hash over what somebody looks at who decides on the one document in ``self``: files included."""
        return _hash(self._sop_facts())

    def _sop_margins(self):
        """Return what the company earns by each of the documents in ``self``, which are of the current one:
        ``{document: untaxed total less the products' costs of today}``, in the company's currency."""
        raise NotImplementedError(self._name)

    def _sop_order(self):
        """Return the sales order that the one document in ``self`` is, or is about."""
        raise NotImplementedError(self._name)

    def _sop_amount(self):
        """Return what an approval of the one document in ``self`` is about: ``(amount, its currency)``."""
        raise NotImplementedError(self._name)

    def _sop_debtors(self):
        """Return who owes the company for each of the documents in ``self``: ``{document: res.partner}``."""
        raise NotImplementedError(self._name)

    def _sop_read_ahead(self):
        """Put the lines of the documents in ``self``, which :meth:`_sop_facts` reads, into the record cache.

        :return: ``[(records, name of a many2many field)…]`` that are to be read as well
        """
        raise NotImplementedError(self._name)

    def _sop_makers(self):
        """Return who may not approve the one document in ``self``: ``{"made" | "sells" | "put" | "changed": users}``.

        ``put``: sold it once, or sells it now since somebody else wrote them on it in another's place.
        """
        raise NotImplementedError(self._name)

    def _sop_log_values(self):
        """Return what a log line of the one document in ``self`` starts with: order and company."""
        raise NotImplementedError(self._name)


def _hash(facts):
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
