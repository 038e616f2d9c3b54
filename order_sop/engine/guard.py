"""Who may write what the engine owns.

Runtime records (visits, checks, decisions, holds, events) and the runtime fields of a flow document have one
writer: the engine. It proves itself with an object that only this module holds, compared by identity. A context key,
a group or superuser rights prove nothing: all of them can be had over RPC or from a server action.
"""

from odoo import api, models
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import AccessError

_ENGINE = object()
_UNATTENDED = object()


def as_engine(records):
    """Return ``records`` (any recordset) in superuser mode with the right to write what the engine owns.

    Use it for the one ``write``, ``create`` or ``unlink`` at hand and drop it: never return such a recordset.
    """
    return records.sudo().with_context(sop_engine=_ENGINE)  # the caller has checked the user's rights


def is_engine(env):
    """Tell whether ``env`` was made by :func:`as_engine`."""
    return env.context.get("sop_engine") is _ENGINE


def unattended(records):
    """Return ``records`` in a context that says: no person is there to read an error, and none may be raised.

    What a gate stops below it is put on hold instead. Opens nothing, but proves itself like the engine all the same.
    """
    return records.with_context(sop_unattended=_UNATTENDED)


def is_unattended(env):
    """Tell whether ``env`` was made by :func:`unattended`."""
    return env.context.get("sop_unattended") is _UNATTENDED


def is_uninstalling(env):
    """Tell whether the addon is being uninstalled. Odoo's context key for that can be sent by anybody."""
    return (
        env.su
        and env.context.get(MODULE_UNINSTALL_FLAG)
        and env["ir.module.module"]._get("order_sop").state == "to remove"
    )


class SopGuardMixin(models.AbstractModel):
    """Refuses every write on engine-owned fields that does not come from the engine.

    A model sets ``_sop_owned_fields`` to the names of its engine-owned fields, or leaves it ``None`` when the whole
    model belongs to the engine. ``write``, ``create``, ``default_*`` context keys, x2many commands, import and
    ``web_save`` all ask :meth:`_has_field_access`; user-defined defaults are dropped in :meth:`default_get`.
    """

    _name = "sop.guard.mixin"
    _inherit = "sop.rows.mixin"
    _description = "Fields and records owned by the SOP engine"

    _sop_owned_fields = None

    @api.model
    def _is_owned(self, field_name):
        return self._sop_owned_fields is None or field_name in self._sop_owned_fields

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and self._is_owned(field.name) and not is_engine(self.env):
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _check_field_access(self, field, operation):
        if operation == "write" and self._is_owned(field.name) and not is_engine(self.env):
            raise AccessError(
                self.env._(
                    "“%(field)s” of %(model)s is kept by the order SOP and cannot be written directly. "
                    "Use the buttons of the SOP panel on the order, delivery or invoice.",
                    field=field._description_string(self.env),
                    model=self.env["ir.model"]._get(self._name).name,
                )
            )
        return super()._check_field_access(field, operation)

    @api.model
    def default_get(self, fields):
        # The engine states every value itself: neither a default of the user nor of the context may slip in.
        values = super().default_get(fields)
        return {name: value for name, value in values.items() if not self._is_owned(name)}

    def _add_missing_default_values(self, values):
        # The engine states every value; asking all defaults for each of its many small records costs time.
        if self._sop_owned_fields is None and is_engine(self.env):
            return dict(values)
        return super()._add_missing_default_values(values)

    @api.model_create_multi
    def create(self, vals_list):
        if self._sop_owned_fields is None:
            self._check_engine()
        return super().create(vals_list)

    @api.ondelete(at_uninstall=True)  # which is a context key: see is_uninstalling
    def _unlink_engine_only(self):
        if self._sop_owned_fields is None and not is_uninstalling(self.env):
            self._check_engine()

    @api.model
    def _check_engine(self):
        """Raise :class:`AccessError` unless the engine itself is calling."""
        if not is_engine(self.env):
            raise AccessError(
                self.env._(
                    "%(model)s records are kept by the order SOP and cannot be created, changed or deleted directly.",
                    model=self.env["ir.model"]._get(self._name).name,
                )
            )
