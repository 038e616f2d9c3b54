"""What callers from outside hand to public methods: taken apart here, so that garbage ends in a clear error."""

from odoo import fields
from odoo.exceptions import MissingError, ValidationError

HINTS = ("lang", "tz", "allowed_company_ids")


def plain(records):
    """Return ``records`` with a context that holds language, time zone and companies only.

    For what a caller over RPC starts by hand: hints that Odoo's own buttons leave in the context (a backorder that was
    decided, say) are not believed when they come from outside.

    :raise ValidationError: for ids that are none
    """
    check_ids(records, records._ids)
    context = records.env.context
    kept = {key: context[key] for key in HINTS if key in context}
    return records.with_context(kept)  # pylint: disable=context-overridden


def check_ids(records, ids):
    """Raise :class:`ValidationError` unless ``ids`` is a collection of ids of the model of ``records``."""
    if not isinstance(ids, (list, tuple)) or any(type(id_) is not int or id_ <= 0 for id_ in ids):
        env = records.env
        raise ValidationError(env._("“%(ids)s”: these are no ids of %(model)s.", ids=ids, model=records._description))


def existing(records, ids):
    """Return the records of the model of ``records`` with ``ids`` (a list, one id or nothing), all of which exist.

    :raise ValidationError: for ids that are none
    :raise MissingError: for records that are not there (any more)
    """
    ids = [ids] if type(ids) is int else ids or []
    check_ids(records, ids)
    found = records.browse(ids)
    if found.exists() != found:
        raise MissingError(records.env._("Some %s are not there (any more).", records._description))
    return found


def text(env, value):
    """Return what a person wrote, without blanks around it; an empty string for nothing.

    :raise ValidationError: for anything but text
    """
    if value and not isinstance(value, str):
        raise ValidationError(env._("“%s”: this is no text.", value))
    return (value or "").strip()


def moment(env, value):
    """Return a point in time (naive UTC) out of what a caller over RPC sends for one (UTC); False for nothing.

    :raise ValidationError: for anything else
    """
    try:
        return fields.Datetime.to_datetime(value) if value else False
    except (TypeError, ValueError) as error:
        raise ValidationError(env._("“%s”: this is no point in time.", value)) from error
