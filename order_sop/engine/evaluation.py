from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain

from ..rules.sop_rule import WRONG
from .guard import as_engine
from .isolation import work_off
from .reaction import OPEN_STATES
from .reading import read_lines, stored
from .subset import pick

LOCKED = "order_sop.locked"


class SopEngineEvaluation(models.AbstractModel):
    """Asks the rules, keeps the checks' states and lets complete orders move on; in batches, before the commit."""

    _name = "sop.engine.evaluation"
    _description = "SOP engine: evaluation"

    # -- evaluating ----------------------------------------------------------------------------------------------------

    @api.model
    def _lock(self, documents):
        """Lock the rows of ``documents``; Odoo runs the request again when another session holds one of them.

        :raise ConcurrencyError: see ``odoo.service.model.retrying``
        """
        locked = self.env.cr.precommit.data.get(LOCKED, ())
        documents = documents.filtered(lambda document: (document._name, document.id) not in locked)
        if documents and documents.try_lock_for_update(allow_referencing=True) != documents:
            raise ConcurrencyError("order_sop: another session is working on the same order")
        self._note_locked(documents)

    @api.model
    def _note_locked(self, documents):
        """Remember that the rows of ``documents`` are locked already; each flush of the cursor forgets it."""
        locked = self.env.cr.precommit.data.setdefault(LOCKED, set())  # ends with the transaction or its savepoint
        locked.update((document._name, document.id) for document in documents)

    @api.model
    def _run(self, documents, content_ids=(), fresh_ids=(), item_ids=None, journal=None, file_ids=()):
        """Evaluate ``documents`` and move those whose stage is complete, as far as they get.

        :param content_ids: ids of documents whose content changed: what was judged in earlier stages is judged again
        :param fresh_ids: ids of documents created in this transaction, which nobody else can have locked
        :param item_ids: ``{"delivery": ids, "invoice": ids}`` of documents that may have new ones; None: all may
        :param file_ids: ids of documents whose attached files changed: what depends on these is judged again
        :return: ids of the checks whose rule was asked for their present state
        """
        documents = documents.sudo().filtered(  # rules and moves see everything; callers have checked the user
            lambda document: document.sop_process_id and document.sop_status != "cancelled"
        )
        if not documents:
            return set()
        documents.sop_process_id._warm_up()
        self._lock(documents.filtered(lambda document: document.id not in fresh_ids))
        read_lines(documents, "sop_check_ids")
        flow, reaction = self.env["sop.engine.flow"], self.env["sop.engine.reaction"]
        own_journal = journal is None
        journal = [] if own_journal else journal
        judged = set()
        for company, batch in documents.grouped("company_id").items():
            batch = batch.with_company(company)
            batch = reaction._follow_erp_state(batch, journal)
            changed = batch.filtered(lambda document: document.id in content_ids)
            flow._rematch(changed, journal)
            refiled = batch.filtered(lambda document: document.id in file_ids)
            reaction._reconsider(batch, changed, journal, refiled)
            self.env["sop.engine.pace"]._follow(changed)
            finished = batch.filtered(lambda document: document.sop_status == "done")
            if finished:
                reaction._resume(finished, journal)
                batch = batch.filtered(lambda document: document.sop_status != "done")
            moving = batch
            while moving:
                judged |= self._refresh(moving, item_ids, journal)
                complete = moving.filtered(self._is_complete)
                read_lines(complete, "sop_visit_ids")
                moving = flow._advance(complete.filtered(self._moves_by_itself), journal)
            self.env["sop.engine.conditions"]._follow(batch, journal)
            self._update_status(batch)
        if own_journal:
            self._close_journal(journal)
        return judged

    @api.model
    def _close_journal(self, journal):
        """Write the collected log lines, close the alerts of what is over, and make the change visible to concurrent
        transactions."""
        self.env["sop.engine.alert"]._settle(journal)
        for document, last_hash in self.env["sop.engine.log"]._append(journal).items():
            self._write_owned(document, {"sop_revision": document.sop_revision + 1, "sop_log_hash": last_hash})

    @api.model
    def _write_owned(self, documents, vals):
        """Write engine-owned fields of flow documents by the plain ORM: no tracking, no business override."""
        models.BaseModel.write(as_engine(documents), vals)

    @api.model
    def _refresh(self, documents, item_ids, journal):
        """Bring the checks of the documents' present stage (and late ones of earlier stages) up to date.

        :param item_ids: as for :meth:`_run`
        :return: ids of the checks that were judged
        """
        engine = self.env["sop.engine.checks"]
        engine._create_checks(engine._get_item_check_vals(documents, item_ids), journal)
        checks = documents.sop_check_ids.browse(id_ for document in documents for id_ in self._get_live_ids(document))
        engine._apply(engine._get_states(checks), journal)
        self.env["sop.engine.approval"]._follow(checks, journal)
        return set(checks.ids)

    @api.model
    def _get_live_ids(self, document):
        """Return the ids of the checks of the one ``document`` that :meth:`_refresh` is to look at."""
        checks, stage_id, present, others = document.sop_check_ids, document.sop_stage_id.id, set(), {}
        for id_, superseded, its_stage_id, checkpoint_id in stored(checks, "superseded", "stage_id", "checkpoint_id"):
            if not superseded and its_stage_id == stage_id:
                present.add(id_)
            elif not superseded:
                others[id_] = checkpoint_id
        checkpoints = document.env["sop.checkpoint"].browse(set(others.values()))
        of_items = {id_ for id_, scope in stored(checkpoints, "scope") if scope != "order"}
        late = pick(checks, [id_ for id_, checkpoint_id in others.items() if checkpoint_id in of_items])
        present.update(check.id for check in late if not check._is_settled())
        return [id_ for id_ in checks._ids if id_ in present]

    @api.model
    def _get_unmet(self, document):
        """Return the blocking checks that keep the present stage of ``document`` from being complete."""
        checks = document.sop_check_ids
        found = stored(checks, "state", "superseded", "checkpoint_id")
        unmet = {
            id_: checkpoint_id
            for id_, state, superseded, checkpoint_id in found
            if state in OPEN_STATES and not superseded
        }
        checkpoints = document.env["sop.checkpoint"].browse(set(unmet.values()))
        blocking = {id_ for id_, blocks in stored(checkpoints, "blocking") if blocks}
        return pick(checks, [id_ for id_, checkpoint_id in unmet.items() if checkpoint_id in blocking])

    @api.model
    def _get_awaited(self, document):
        """Return the scope (``delivery``, ``invoice``) of which the present stage checks each and none is there yet,
        or None."""
        stage = document.sop_stage_id
        for scope in ("delivery", "invoice"):
            if any(checkpoint.scope == scope and checkpoint.blocking for checkpoint in stage.checkpoint_ids):
                known = any(
                    check.stage_id == stage
                    and not check.superseded
                    and (item := check._get_document())
                    and item.state != "cancel"
                    for check in document.sop_check_ids
                )
                if not known and document._sop_awaits(scope):
                    return scope
        return None

    @api.model
    def _is_complete(self, document):
        """Tell whether nothing keeps the one ``document`` in its present stage."""
        return not self._get_unmet(document) and not self._get_awaited(document)

    @api.model
    def _moves_by_itself(self, document):
        """Tell whether the one ``document`` leaves its present stage as soon as that is complete.

        What a person sent back waits for a person, or nobody would ever look at it.
        """
        return document.sop_stage_id.auto_advance and not document.sop_visit_id.returned

    @api.model
    def _update_status(self, documents):
        """Set ``sop_status`` of running documents: on hold, waiting (a blocking check failed) or running."""
        held = documents.filtered(lambda d: d.sop_status == "on_hold" and d._sop_open_holds())
        for document in documents:
            if document.sop_status in ("done", "cancelled"):
                continue
            wrong = any(check.state == WRONG for check in self._get_unmet(document))
            status = "on_hold" if document in held else "waiting" if wrong else "running"
            if document.sop_status != status:
                self._write_owned(document, {"sop_status": status})

    # -- time ----------------------------------------------------------------------------------------------------------

    @api.model
    def _cron_evaluate(self):
        """Evaluate the running orders whose open checks can come true, or fail, by the mere passing of time.

        One order that cannot be evaluated is logged and does not stop the others.
        """
        timed = [code for code, rule in self.env["sop.rule"]._all_rules().items() if rule._time_dependent]
        groups = self.env["sop.check"]._read_group(
            Domain("superseded", "=", False)
            & Domain("state", "in", ("pending", "failed"))
            & Domain("checkpoint_id.rule", "in", timed)
            & self.env["sop.check"]._get_open_domain(),
            ["order_id", "case_id"],
        )
        for model, place in (("sale.order", 0), ("sop.case", 1)):
            work_off(self.env[model].union(*(group[place] for group in groups)), self._run)
