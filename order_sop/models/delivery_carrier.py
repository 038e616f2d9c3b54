import hashlib
import hmac
import secrets

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import consteq

from ..engine.arguments import plain

MIN_SECRET = 32  # characters


class DeliveryCarrier(models.Model):
    """A carrier whose system may post tracking events, signed with a secret that it shares with us."""

    _inherit = "delivery.carrier"

    sop_tracking_secret = fields.Char(
        "Tracking Secret",
        readonly=True,
        copy=False,
        groups="order_sop.group_manager",
        help="With it the carrier's system signs what it posts; see docs/tracking.md.",
    )
    sop_tracking_secret_old = fields.Char(
        "Tracking Secret Before",
        readonly=True,
        copy=False,
        groups="order_sop.group_manager",
        help="Counts as well until it is dropped, so that the carrier can change over in his own time.",
    )

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_sop_new_secret(self):
        """Give each carrier in ``self`` a new secret; the one before counts as well until it is dropped. For SOP
        managers."""
        for carrier in self._sop_as_manager():
            carrier.write(
                {
                    "sop_tracking_secret": secrets.token_urlsafe(MIN_SECRET),
                    "sop_tracking_secret_old": carrier.sop_tracking_secret,
                }
            )
        return True

    def action_sop_drop_secret(self):
        """Let the earlier secret of each carrier in ``self`` count no more; where there is none, the present one. For
        SOP managers."""
        for carrier in self._sop_as_manager():
            field = "sop_tracking_secret_old" if carrier.sop_tracking_secret_old else "sop_tracking_secret"
            carrier.write({field: False})
        return True

    # -- business methods ----------------------------------------------------------------------------------------------

    def _sop_as_manager(self):
        """Return ``self`` in superuser mode; raise :class:`AccessError` unless the user is an SOP manager."""
        carriers = plain(self)
        if not self.env.user.has_group("order_sop.group_manager"):
            raise AccessError(self.env._("Only SOP managers handle the secrets of carriers."))
        carriers.check_access("read")
        return carriers.sudo()  # an SOP manager need not be one of Inventory's

    def _sop_has_signed(self, signature, timestamp, body):
        """Tell whether the one carrier in ``self``, which may be none at all, has made ``signature``.

        It takes the same time for every carrier that has a secret, for one that has none, and for none.

        :param str signature: hexadecimal HMAC-SHA256 over timestamp, a full stop and the body
        :param str timestamp: as it was sent
        :param bytes body: as it was sent
        """
        carrier = self.sudo()  # the secrets are for nobody else to see
        found = False
        for secret in (carrier.sop_tracking_secret, carrier.sop_tracking_secret_old):
            usable = bool(secret) and len(secret) >= MIN_SECRET
            key = (secret if usable else "-" * MIN_SECRET).encode()
            made = hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
            found |= consteq(made.encode(), signature.encode()) and usable
        return found
