import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    """Mails that no person wrote open no case, and are no word of the customer."""

    _inherit = "mail.thread"

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        if any(route[0] == "sop.case" for route in routes or ()) and _is_automatic(message):
            if not any(route[1] for route in routes):
                _logger.info("order_sop: an automatic mail, %s, opens no case", message_dict.get("message_id"))
                return True
            message_dict["message_type"] = "auto_comment"
        return super()._detect_loop_sender(message, message_dict, routes)


def _is_automatic(message):
    """Tell whether a mail says of itself that a program sent it (RFC 3834, and what came before it)."""
    submitted = (message.get("Auto-Submitted") or "no").split(";")[0].strip().lower()
    precedence = (message.get("Precedence") or "").strip().lower()
    return (
        submitted != "no"
        or precedence in ("bulk", "junk", "auto_reply", "list")
        or bool(message.get("X-Autoreply") or message.get("X-Autorespond") or message.get("List-Id"))
        or (message.get("Return-Path") or "").strip() == "<>"
    )
