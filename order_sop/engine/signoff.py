from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guard import as_engine


class SopEngineSignoff(models.AbstractModel):
    """People's word on checks: tick, take back. Every method checks the current user; see sop.engine.decide for
    approvals, sop.engine.waivers for what is passed over."""

    _name = "sop.engine.signoff"
    _description = "SOP engine: people's word"

    @api.model
    def _pass_manual(self, checks, note, attachments):
        """Tick manual ``checks``; see ``sop.check.action_pass``."""
        attachments.check_access("read")
        checks = self._open_checks(checks, "manual")
        for check in checks:
            self._check_evidence(check, attachments.sudo())  # where they hang: the user may read them, see above
            if check.checkpoint_id.evidence_required and not attachments:
                raise UserError(
                    self.env._("“%s” needs a file as evidence, such as a photo: attach one.", check.display_name)
                )
        # a file uploaded in the dialog belongs to nothing yet: as evidence, whoever sees the check may open it
        loose = attachments.sudo().filtered(lambda file: not file.res_id)  # his own, see _check_evidence
        loose.write({"res_model": "sop.check", "res_id": checks[:1].id})
        data = {"note": note or None, "files": [attachment.checksum for attachment in attachments.sudo()]}  # own files
        vals = {"state": "passed", "note": note, "attachment_ids": [(4, id_) for id_ in attachments.ids]}
        vals |= {"reason_code": False, "reason_data": False}
        watching = checks.filtered("checkpoint_id.watch_ids")
        self._record(checks - watching, vals, "passed", data)
        for order, batch in watching._by_flow().items():
            self._record(batch, vals | {"facts": order._sop_facts()}, "passed", data)

    @api.model
    def _reset_manual(self, checks):
        """Take back the tick of manual ``checks``; see ``sop.check.action_reset``. Its evidence is kept."""
        checks = self._open_checks(checks, "manual", states=("passed",))
        for check in checks:
            if check.flow.sop_status == "done" or check._get_document().state in ("done", "posted"):
                raise UserError(
                    self.env._(
                        "“%s” cannot be taken back any more: what it was about is done. Send the order back instead.",
                        check.display_name,
                    )
                )
        self._record(checks, {"state": "pending"}, "pending", {})

    @api.model
    def _check_evidence(self, check, attachments):
        """Raise :class:`UserError` when one of ``attachments`` is no evidence for the one ``check``: a file that the
        current user has not uploaded and that hangs neither on the check nor on its order or document."""
        homes = {(record._name, record.id) for record in (check, check.flow, check._get_document())}
        for file in attachments:
            own = file.create_uid == self.env.user and not file.res_id
            if file.type != "binary" or file.res_field or not (own or (file.res_model, file.res_id) in homes):
                raise UserError(
                    self.env._(
                        "“%(file)s” is no evidence for “%(check)s”: upload a file, or attach it to the order first.",
                        file=file.name,
                        check=check.display_name,
                    )
                )

    # -- helpers -------------------------------------------------------------------------------------------------------

    @api.model
    def _open_checks(self, checks, kind, states=("pending", "failed")):
        """Return ``checks`` in superuser mode after checking that the current user may act on all of them now.

        :param kind: ``manual``: members of the check's department may; None: the caller has checked
        :raise UserError: for a check of another kind, in another state or of a closed or later stage
        :raise AccessError: for users of other departments
        """
        checks.check_access("read")
        user = self.env.user
        self.env["sop.engine.evaluation"]._flush()  # what was changed in this very transaction counts as well
        checks = checks.sudo()  # read access and membership are checked here, what follows writes engine-owned records
        self.env["sop.engine.evaluation"]._lock(checks.flow)
        for check in checks:
            if kind and check.checkpoint_id.kind != kind:
                raise UserError(self.env._("“%s” cannot be handled this way.", check.display_name))
            if kind and not check.department_id._has_member(user):
                raise AccessError(
                    self.env._(
                        "“%(check)s” is for %(department)s to do.",
                        check=check.display_name,
                        department=check.department_id.name,
                    )
                )
            order = check.flow
            if (
                check.superseded
                or check.state not in states
                or order.sop_status == "cancelled"
                or (check.stage_id != order.sop_stage_id and not check._get_document())
            ):
                raise UserError(
                    self.env._(
                        "“%(check)s” of %(order)s is not open (any more). Reload to see how it stands.",
                        check=check.display_name,
                        order=order.display_name,
                    )
                )
        return checks

    @api.model
    def _record(self, checks, vals, state, data, code="checks"):
        """Write what a person said about ``checks``, log it and let the orders move on."""
        if not checks:
            return
        done = state in ("passed", "waived")
        now = self.env["sop.engine.clock"]._now()
        as_engine(checks).write(vals | {"user_id": self.env.uid, "done_at": done and now})
        journal = [
            (
                order,
                code,
                {"changed": [{"check": check.id, "state": state, "code": None} for check in batch], "by": "person"}
                | {key: value for key, value in data.items() if value},
            )
            for order, batch in checks._by_flow().items()
        ]
        evaluation = self.env["sop.engine.evaluation"]
        evaluation._run(checks.flow, journal=journal)
        evaluation._close_journal(journal)
