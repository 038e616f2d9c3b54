from odoo import api, models
from odoo.exceptions import AccessError, UserError


class SopEngineCommand(models.AbstractModel):
    """What people ask of an order as a whole: complete its stage, send it back. Each checks the user."""

    _name = "sop.engine.command"
    _description = "SOP engine: people's commands"

    @api.model
    def _complete(self, documents, stage_id=None):
        """Complete the present stage of ``documents`` for the current user; see ``action_sop_complete``.

        :param stage_id: the stage that the user saw; documents that have left it by now are left alone, so that a
            second click, or one in a stale tab, does not complete the stage behind it
        """
        if stage_id:
            documents = documents.filtered(lambda document: document.sop_stage_id.id == stage_id)
        self._check_may_work(documents)
        evaluation = self.env["sop.engine.evaluation"]
        documents = documents.sudo()  # the user was checked above; moving writes engine-owned records
        stages = {document: document.sop_stage_id for document in documents}
        journal = []
        evaluation._run(documents, journal=journal)
        # an automatic stage may have moved on by itself just now: then there is nothing left to complete
        waiting = documents.filtered(lambda document: document.sop_stage_id == stages[document])
        for document in waiting:
            if missing := self.env["sop.engine.gate"]._get_missing(document):
                raise UserError(
                    self.env._(
                        "Stage “%(stage)s” of %(order)s is not complete yet:",
                        stage=document.sop_stage_id.name,
                        order=document.display_name,
                    )
                    + "\n\n• "
                    + "\n• ".join(f"{text} ({who})" for text, who, _check in missing)
                )
        moved = self.env["sop.engine.flow"]._advance(waiting, journal)
        evaluation._run(moved, journal=journal)
        evaluation._close_journal(journal)

    @api.model
    def _send_back(self, documents, stage, reason):
        """Send ``documents`` back to the earlier ``stage`` for the current user; see ``action_sop_send_back``."""
        if not reason:
            raise UserError(self.env._("Say why the order goes back: the reason is shown to whoever gets it."))
        self._check_may_work(documents, any_department=True)
        documents = documents.sudo()  # the user was checked above
        self.env["sop.engine.evaluation"]._lock(documents)
        for document in documents:
            if document.sop_stage_id.process_id != stage.process_id or not stage._is_before(document.sop_stage_id):
                raise UserError(
                    self.env._(
                        "%(order)s cannot go back to “%(stage)s”: choose a stage of its process before the present.",
                        order=document.display_name,
                        stage=stage.name,
                    )
                )
        journal = []
        self.env["sop.engine.flow"]._go_back(documents, stage, {"reason": reason}, journal)
        self.env["sop.engine.evaluation"]._run(documents, journal=journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _check_may_work(self, documents, any_department=False):
        """Raise unless the current user may work on the present stage of each of ``documents``.

        Members of the stage's department may, and SOP managers; with ``any_department`` also members of a department
        that has an open check in the stage.
        """
        documents.check_access("read")
        user = self.env.user
        anybody = user.has_group("order_sop.group_manager")
        for document in documents.sudo():  # stage and department, of an order that the user may read
            departments = document.sop_stage_id.department_id
            if any_department:
                departments |= self.env["sop.engine.evaluation"]._get_unmet(document).department_id
            if not document.sop_stage_id or document.sop_status not in ("running", "waiting", "on_hold"):
                raise UserError(self.env._("%s is in no open stage of an SOP.", document.display_name))
            if not anybody and not departments._has_member(user):
                raise AccessError(
                    self.env._(
                        "Only %(department)s can do this with %(order)s in stage “%(stage)s”.",
                        department=", ".join(departments.mapped("name")),
                        order=document.display_name,
                        stage=document.sop_stage_id.name,
                    )
                )
