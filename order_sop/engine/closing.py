import hashlib
import io
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .guard import as_engine
from .ledger import COLUMNS, QUANTITIES
from .rows import insert_rows

AT_ONCE = 2_000
HASH_VERSION = "1"
NOISE = 6  # decimals of a sum of quantities behind which there is nothing but the error of floats
OWN = ("order_id", "order_name", "partner_name", "currency_id")


class SopEngineClosing(models.AbstractModel):
    """Countersigns closings and reopens them; they are signed in ``closing_signing``. What was signed is written once
    and never touched again.

    All goes by some thousands of orders at a time, so that a closing of any size takes the same memory.
    """

    _name = "sop.engine.closing"
    _description = "SOP engine: closings"

    # -- what people ask -----------------------------------------------------------------------------------------------

    @api.model
    def _name_customer(self, closing):
        """Keep who the customer of the one ``closing`` is, which stays when he is merged into another contact.

        :raise UserError: when there is a closing of that day for him, by now
        """
        partner = closing.partner_id
        same = [("company_id", "=", closing.company_id.id), ("day", "=", closing.day), ("partner_ref", "=", partner.id)]
        if closing.search_count([*same, ("state", "!=", "reopened"), ("id", "!=", closing.id)], limit=1):
            raise UserError(self.env._("There is a closing of that day already."))
        as_engine(closing).write({"partner_ref": partner.id, "partner_name": partner.name})

    @api.model
    def _countersign(self, closings):
        """See ``sop.closing.action_countersign``."""
        for closing in self._to_act_on(closings, "half"):
            if closing.signed_by_id == self.env.user:
                raise AccessError(self.env._("Four eyes: somebody else than %s countersigns.", self.env.user.name))
            if not self._is_intact(closing):
                raise UserError(self.env._("The lines of “%s” are not what was signed.", closing.display_name))
            now = fields.Datetime.now()
            as_engine(closing).write({"state": "signed", "countersigned_at": now, "countersigned_by_id": self.env.uid})
            self._log(closing, "countersigned", closing.hash)

    @api.model
    def _reopen(self, closings, reason):
        """See ``sop.closing.action_reopen``."""
        if not reason:
            raise UserError(self.env._("Say why it is reopened: that stays in its history."))
        closings = self._to_act_on(closings, "half", "signed")
        lead = self.env.ref("order_sop.department_finance").sudo().lead_id  # who leads is no secret
        if self.env.user != lead and not self.env.user.has_group("order_sop.group_manager"):
            raise AccessError(self.env._("Only the lead of Finance, or an SOP manager of Finance, reopens a closing."))
        for closing in closings:
            now = fields.Datetime.now()
            as_engine(closing).write(
                {"state": "reopened", "reopened_at": now, "reopened_by_id": self.env.uid, "reason": reason}
            )
            closing.flush_recordset()  # before another one of the same day is made
            self._log(closing, "unsigned", reason)

    @api.model
    def _to_act_on(self, closings, *states):
        """Return ``closings`` in superuser mode, locked, after checking that the user may act on each and all are in
        one of ``states``.

        :raise AccessError: for people who are not of Finance; UserError for those in another state by now
        """
        closings = self.env["sop.engine.difference"]._check_finance(closings)
        if closings.try_lock_for_update(allow_referencing=True) != closings:
            raise ConcurrencyError("order_sop: another session is working on the same closing")
        closings.invalidate_recordset()
        for closing in closings:
            if closing.state not in states:
                raise UserError(
                    self.env._(
                        "“%(closing)s” is %(state)s by now. Reload to see by whom.",
                        closing=closing.display_name,
                        state=dict(closing._fields["state"]._description_selection(self.env))[closing.state],
                    )
                )
        return closings

    # -- figures -------------------------------------------------------------------------------------------------------

    @api.model
    def _get_scope(self, closing):
        """Return ``(empty settlement orders as of its day, domain)`` for the orders of the one ``closing``."""
        scope = self.env["sop.settlement.order"].sudo()  # the closing is the user's to sign: whole, whatever he sees
        scope = scope.with_context(sop_day=fields.Date.to_string(closing.day), active_test=False)
        domain = Domain("company_id", "=", closing.company_id.id)
        if closing.partner_id:
            # who was merged into a contact is that contact's company
            domain &= Domain("partner_id", "=", closing.partner_id.commercial_partner_id.id)
        return scope, domain

    @api.model
    def _get_figures(self, orders):
        """Return ``{order id: figures}`` of the settlement ``orders``: the sums of the ledger's rows in all columns, as
        Decimals, and who and what they are of."""
        owners = {line_id: id_ for id_, line_ids in orders._get_line_ids().items() for line_id in line_ids}
        figures = {}
        for line_id, row in orders._get_line_rows(owners):
            sums = figures.get(owners[line_id])
            if sums is None:
                names = ("order_id", "partner_id", "company_id", "currency_id", "company_currency_id")
                sums = figures[owners[line_id]] = {name: row[name] for name in names} | dict.fromkeys(COLUMNS, 0)
            for name in COLUMNS:
                sums[name] += row[name]
        for sums in figures.values():
            for name in QUANTITIES:
                sums[name] = Decimal(repr(round(float(sums[name]), NOISE)))
        return figures

    @api.model
    def _insert(self, closing, figures):
        """Insert the lines of the one ``closing`` as COPY does: hundreds of thousands take seconds."""
        figures = list(figures)
        orders = self._get_names("sale_order", {sums["order_id"] for sums in figures})
        partners = self._get_names("res_partner", {sums["partner_id"] for sums in figures})
        names = ("order_id", "partner_id", "company_id", "currency_id", "company_currency_id", *COLUMNS)
        lines = []
        for sums in figures:
            texts = orders[sums["order_id"]], partners[sums["partner_id"]]
            values = [str(closing.id), *map(_escape, texts), *(str(sums[name]) for name in names)]
            lines.append("\t".join(values))
        columns = ", ".join(f'"{name}"' for name in ("closing_id", "order_name", "partner_name", *names))
        self.env.cr.copy_expert(f"COPY sop_closing_line ({columns}) FROM STDIN", io.StringIO("\n".join(lines)))

    @api.model
    def _get_names(self, table, ids):
        query = SQL("SELECT id, name FROM %s WHERE id = ANY(%s)", SQL.identifier(table), list(ids))
        return dict(self.env.execute_query(query))

    # -- the hash ------------------------------------------------------------------------------------------------------

    @api.model
    def _get_hash(self, closing):
        """Return the hash of the one ``closing``: ``$version$sha256`` over what it is of and all its lines, in order of
        their orders' ids, as the database has them."""
        scope = (closing.company_id.id, closing.day, closing.partner_ref or 0, closing.partner_name or "")
        digest = hashlib.sha256(f"{'|'.join(map(str, scope))}\n".encode())
        last = 0
        while rows := self._read_lines(closing, last):
            for _order_id, text in rows:
                digest.update(f"{text}\n".encode())
            last = rows[-1][0]
        return f"${HASH_VERSION}${digest.hexdigest()}"

    @api.model
    def _read_lines(self, closing, after):
        figures = (*QUANTITIES, *(name for name in COLUMNS if name not in QUANTITIES))
        columns = [SQL("COALESCE(%s::text, '')", SQL.identifier(name)) for name in OWN]
        columns += [SQL("trim_scale(%s)::text", SQL.identifier(name)) for name in figures]
        return self.env.execute_query(
            SQL(
                "SELECT order_id, concat_ws('|', %s) FROM sop_closing_line"
                " WHERE closing_id = %s AND order_id > %s ORDER BY order_id LIMIT %s",
                SQL(", ").join(columns),
                closing.id,
                after,
                AT_ONCE,
            )
        )

    @api.model
    def _is_intact(self, closing):
        """Tell whether the lines of the one ``closing`` are those that were signed."""
        closing = closing.sudo()  # whoever asks may read it
        return not closing.hash or closing.hash == self._get_hash(closing)

    @api.model
    def _log(self, closing, code, note, user=None):
        """Append to the history of the one ``closing``, in the name of ``user``, else of the current one."""
        insert_rows(
            self.env["sop.settlement.event"],
            [
                {
                    "date": fields.Datetime.now(),
                    "code": code,
                    "user_id": (user or self.env.user).id,
                    "closing_id": closing.id,
                    "company_id": closing.company_id.id,
                    "note": note,
                }
            ],
        )


def _escape(text):
    """Return ``text`` as COPY reads it."""
    if text is None:
        return "\\N"
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
