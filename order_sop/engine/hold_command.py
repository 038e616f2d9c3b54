from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guard import as_engine


class SopEngineHoldCommand(models.AbstractModel):
    """People's holds: set by hand, on an order or on lines of it, and released by hand. Every method checks the current
    user."""

    _inherit = "sop.engine.holds"

    @api.model
    def _set_by_hand(self, documents, hold_type, reason, lines, expires_at):
        """Put ``documents`` on hold for the current user, each independently; see ``action_sop_hold``.

        :param lines: order lines, for a type that is for lines
        :param expires_at: when it ends (naive UTC); None: as its type says
        """
        if len(hold_type) != 1:
            raise UserError(self.env._("Choose the type of the hold."))
        if not reason:
            raise UserError(
                self.env._("Say why the order is put on hold: the reason is shown to everybody who sees it.")
            )
        if not hold_type._may_set(self.env.user):
            raise AccessError(self.env._("You may not put orders on a hold of the type “%s”.", hold_type.name))
        if not hold_type._is_by_hand():
            raise UserError(self.env._("Holds of the type “%s” are set by the system alone.", hold_type.name))
        if expires_at and expires_at <= self.env["sop.engine.clock"]._now():
            raise UserError(self.env._("The hold has to end in the future."))
        readable = self._readable(documents)
        refused = {document: self.env._("You cannot see this order.") for document in documents - readable}
        lines.check_access("read")
        hold_type, lines = hold_type.sudo(), lines.sudo()  # the user was checked above
        free = self._lock_free(readable.sudo())  # may be read, as was checked
        setting, journal = free.browse(), []
        for document in readable.sudo():  # as above
            problem = self._get_set_refusal(document, hold_type, lines, free)
            if problem:
                refused[document.with_env(documents.env)] = problem
            else:
                setting |= document
        vals = {"note": reason} | ({"expires_at": expires_at} if expires_at else {})
        if hold_type.scope == "order":
            self._put(setting, hold_type, journal, **vals)
        for document in setting if hold_type.scope == "lines" else ():
            self._put_lines(document, hold_type, lines & document.order_line, vals, journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)
        return self._get_results(documents, readable, refused)

    @api.model
    def _get_set_refusal(self, document, hold_type, lines, free):
        """Return why the one ``document`` cannot be put on hold now, or None."""
        if document not in free:
            return self.env._("Somebody else is working on this order at the moment. Try again.")
        if document.sop_status not in ("running", "waiting", "on_hold"):
            return self.env._("%s is in no open stage of an SOP.", document.display_name)
        mine = lines.filtered(lambda line: line.order_id == document)
        if hold_type.scope == "lines" and not mine:
            return self.env._("Choose the lines of %s that are put on hold.", document.display_name)
        present = document._sop_open_holds().filtered(lambda hold: hold.type_id == hold_type)
        if present and not (hold_type.scope == "lines" and present._is_on_lines() and mine - present.line_ids):
            return self.env._(
                "%(order)s is on hold already: %(type)s.", order=document.display_name, type=hold_type.name
            )
        return None

    @api.model
    def _put_lines(self, document, hold_type, lines, vals, journal):
        """Put ``lines`` of the one ``document`` on hold: by a new hold, or added to the one that is open."""
        present = document._sop_open_holds().filtered(lambda hold: hold.type_id == hold_type)
        if present:
            self._add_lines(present, lines, journal, vals["note"])
            return
        before = {str(line.id): line.product_id.id for line in document.order_line if line.product_id}
        self._put(document, hold_type, journal, line_ids=[(6, 0, lines.ids)], lines_before=before, **vals)

    @api.model
    def _add_lines(self, hold, lines, journal, note=None):
        """Have the one open ``hold`` stop ``lines`` too."""
        vals = {"line_ids": [(4, line.id) for line in lines]}
        if note:
            vals["note"] = f"{hold.note}\n{note}"
        as_engine(hold).write(vals)
        self._log_held(hold, journal)

    @api.model
    def _release_by_hand(self, holds, reason):
        """Release ``holds`` for the current user, each independently; see ``sop.hold.action_release``."""
        readable = self._readable(holds)
        refused = {hold: self.env._("You cannot see this hold.") for hold in holds - readable}
        held = readable.sudo()  # the user's right is checked by hold
        for hold in held:
            if not hold.type_id._may_release(self.env.user):
                refused[hold.with_env(holds.env)] = self.env._(
                    "Only %(who)s can release this hold.", who=_inside(hold.type_id._get_releasers())
                )
        if len(holds) == 1 and refused:
            raise AccessError(refused[holds])
        if not reason:
            raise UserError(self.env._("Say why the hold is released: the reason is kept."))
        free = self._lock_free(held.flow)
        for hold in held:
            mine = hold.with_env(holds.env)
            if hold.flow not in free and mine not in refused:
                refused[mine] = self.env._("Somebody else is working on this order at the moment. Try again.")
            elif hold.released_at and mine not in refused:
                refused[mine] = self.env._("This hold has been released already.")
        journal = []
        self._release(held.filtered(lambda hold: hold.with_env(holds.env) not in refused), "hand", journal, reason)
        self.env["sop.engine.evaluation"]._close_journal(journal)
        return self._get_results(holds, readable, refused)

    # -- helpers -------------------------------------------------------------------------------------------------------

    @api.model
    def _readable(self, records):
        """Return those of ``records`` that the current user can see.

        :raise AccessError: when that is not even the one that he asked for
        """
        if len(records) == 1:
            records.check_access("read")
        return records._filtered_access("read")

    @api.model
    def _lock_free(self, documents):
        """Lock ``documents``; return those that nobody else works on. One alone waits its turn, as every request."""
        if len(documents) == 1:
            self.env["sop.engine.evaluation"]._lock(documents)
            return documents
        return documents.try_lock_for_update(allow_referencing=True)

    @api.model
    def _get_results(self, records, readable, refused):
        """Return what became of each of ``records``, as ``action_*`` methods do.

        :raise UserError: why not, where there is only one
        """
        if len(records) == 1 and refused:
            raise UserError(refused[records])
        names = dict(zip(readable, readable.mapped("display_name"), strict=True))
        return [
            {"id": record.id, "name": names.get(record, False), "reason": refused.get(record) or False}
            for record in records
        ]


def _inside(text):
    """Return ``text`` as it stands inside of a sentence."""
    return text[:1].lower() + text[1:] if text.startswith("An ") else text
