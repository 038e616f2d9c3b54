from odoo import api, models

from ..rules.sop_rule import PREFIX


class SopEngineGateTexts(models.AbstractModel):
    """What a closed gate tells people: each reason in the reader's language, with its document and department."""

    _inherit = "sop.engine.gate"

    @api.model
    def _get_message(self, reasons, gate):
        """Return the text of ``{document: [reason…]}`` for a user, each document with its reasons."""
        label = self.env["sop.stage"]._gate_label(gate)
        parts = [self.env._("“%s” is not possible yet.", label)]
        for document, items in reasons.items():
            parts.append(f"{document.display_name}:\n• " + "\n• ".join(self._reason_text(item) for item in items))
        return "\n\n".join(parts)

    @api.model
    def _reason_text(self, reason):
        """Return the text of one reason of :meth:`_gate_reasons` in the reader's language."""
        env = self.env
        stage = env["sop.stage"].sudo().browse(reason.get("stage") or ())  # names of the definition, no secret
        if reason["code"] == "check":
            check = env["sop.check"].sudo().browse(reason["check"])  # its text is meant for whoever is stopped by it
            return self._check_text(check, reason.get("reason"), reason.get("data")) if check.exists() else ""
        if reason["code"] == "hold":
            return self._hold_text(env["sop.hold"].sudo().browse(reason["hold"]))  # as above
        if reason["code"] == "rule":
            return env[PREFIX + reason["rule"]]._reason_text(reason["reason"], reason["data"])
        if reason["code"] == "condition":
            hold_type = env["sop.hold.type"].sudo().browse(reason["type"])  # as above
            return env._("The order is one of those that “%s” is for.", hold_type.name)
        if reason["code"] == "blocked":
            block = env["sop.block"].sudo().browse(reason["block"])  # as above
            return env._("%(customer)s is blocked: %(reason)s", customer=block.partner_id.name, reason=block.reason)
        if reason["code"] == "cancelled":
            return env._("It is cancelled: set it back to quotation first.")
        if reason["code"] in ("loose", "unchecked"):
            return self._unchecked_text(reason)
        if reason["code"] == "awaited":
            return env._("Stage “%s” waits for the first delivery or invoice to be there.", stage.name)
        if reason["code"] == "complete":
            return env._(
                "Stage “%(stage)s” has to be completed (%(department)s).",
                stage=stage.name,
                department=stage.department_id.name,
            )
        opener = env["sop.stage"].sudo().browse(reason["opener"])  # as above
        return env._(
            "The order is in stage “%(stage)s”; “%(gate)s” is unlocked by stage “%(opener)s”.",
            stage=stage.name,
            opener=opener.name,
            gate=stage._gate_label(reason["gate"]),
        )

    @api.model
    def _hold_text(self, hold):
        """Return that the one ``hold`` is on, on which lines, and who can release it."""
        what = hold.type_id.name
        if hold._is_on_lines():
            what = f"{what} ({', '.join(hold.line_ids.mapped('product_id.display_name'))})"
        return self.env._("On hold: %(type)s. %(who)s can release it.", type=what, who=hold.type_id._get_releasers())

    @api.model
    def _unchecked_text(self, reason):
        checkpoint = self.env["sop.checkpoint"].sudo().browse(reason["checkpoint"])  # as _reason_text
        names = {"checkpoint": checkpoint.name, "department": checkpoint._get_department().name}
        if reason["code"] == "loose":
            return self.env._(
                "“%(checkpoint)s” (%(department)s) checks each delivery: goods of the order can only leave by one.",
                **names,
            )
        item = self.env[reason["model"]].sudo().browse(reason["item"])  # its name, for whoever is stopped by it
        return self.env._(
            "%(document)s: “%(checkpoint)s” was not checked, since the order had passed that stage. Somebody of "
            "%(department)s or an SOP manager can send the order back.",
            document=item.display_name,
            **names,
        )

    @api.model
    def _check_text(self, check, code=None, data=None):
        """Return what is missing for ``check`` and who can do it, on its document where it has one."""
        return "{} ({})".format(*self._check_missing(check, code, data))

    @api.model
    def _check_missing(self, check, code=None, data=None):
        """Return what is missing for ``check``, as ``(text, name of the department that can do it)``."""
        text = check._get_open_text(code or check.reason_code, data if code else check.reason_data)
        document = check._get_document()
        if document and document.display_name not in text:
            text = f"{document.display_name}: {text}"
        return text, check.department_id.name

    @api.model
    def _get_missing(self, document):
        """Return what keeps the one ``document`` in its present stage: ``[(text, department name, check or None)…]``.

        From the checks' stored states; nothing is asked again.
        """
        evaluation = self.env["sop.engine.evaluation"]
        missing = [(*self._check_missing(check), check) for check in evaluation._get_unmet(document)]
        department = document.sop_stage_id.department_id.name
        awaited = evaluation._get_awaited(document)
        if awaited == "delivery":
            missing.append((self.env._("%s has no delivery yet.", document.display_name), department, None))
        elif awaited:
            missing.append((self.env._("%s has no invoice yet.", document.display_name), department, None))
        return missing
