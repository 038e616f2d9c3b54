from collections import defaultdict

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.tools import clean_context

DIRTY = "order_sop.dirty"
REASONS = ("new", "content", "files", "delivery", "invoice")
SCOPES = {"stock.move": "delivery", "stock.picking": "delivery", "account.move": "invoice"}


class SopEngineMarks(models.AbstractModel):
    """What business hooks call: documents are marked, no query, no write; all that is marked is evaluated once."""

    _inherit = "sop.engine.evaluation"

    @api.model
    def _mark(self, records, reason=None, by_user=True):
        """Remember that ``records`` changed, so that their orders are evaluated once before the commit.

        :param records: flow documents, or documents that know theirs by ``_get_flow_documents``
        :param reason: ``new`` for documents just created, ``content`` when what the document says has changed,
            ``files`` when what is attached to it has, ``delivery`` or ``invoice`` when it may have new ones, as records
            of these themselves always tell
        :param by_user: whether the current user changed the documents themselves, and so may not approve them
        """
        if not records or not self.env["sop.process"]._is_in_use():
            return
        precommit = self.env.cr.precommit
        dirty = precommit.data.get(DIRTY)
        if dirty is None:
            dirty = precommit.data[DIRTY] = _no_marks()
            precommit.add(self._flush)
        dirty["records"][records._name].update(dict.fromkeys(records.ids))
        for record_id in records.ids if reason else ():
            key = (records._name, record_id)
            dirty[reason][key] = (by_user and self.env.uid) or dirty[reason].get(key)

    @api.model
    def _unmark(self, records):
        """Forget that ``records`` changed: they are gone."""
        dirty = self.env.cr.precommit.data.get(DIRTY)
        for record_id in records.ids if dirty else ():
            dirty["records"][records._name].pop(record_id, None)

    @api.model
    def _flush(self):
        """Evaluate all that is marked, now. Called before the commit, and before a gate or a form reads the result.

        :return: ids of the checks that were judged
        """
        judged = set()
        precommit_data = self.env.cr.precommit.data
        while (dirty := precommit_data.get(DIRTY)) and dirty["records"]:
            precommit_data[DIRTY] = _no_marks()
            engine = self.with_context(clean_context(self.env.context)).sudo()  # whoever acts, rules see it all
            documents, changed_records = defaultdict(list), []
            for model, ids in dirty["records"].items():
                changed = engine.env[model].browse(ids)
                try:
                    flow_documents = changed._get_flow_documents()
                except MissingError:  # made and deleted in one transaction
                    changed = changed.exists()
                    flow_documents = changed._get_flow_documents()
                changed_records.append(changed)
                documents[flow_documents._name].append(flow_documents)
                if model in SCOPES:
                    dirty[SCOPES[model]].update(
                        dict.fromkeys((flow_documents._name, id_) for id_ in flow_documents.ids)
                    )
            cases = engine.env["sop.case.document"]._get_cases(changed_records)
            documents[cases._name].append(cases)
            for model, parts in documents.items():
                marks = {
                    reason: {id_: who for (name, id_), who in dirty[reason].items() if name == model}
                    for reason in REASONS
                }
                judged |= engine._evaluate_marked(engine.env[model].union(*parts), marks)
            engine.env["sop.engine.conditions"]._look_again(dirty["records"])
        precommit_data.pop(DIRTY, None)  # the next mark registers anew, also when this was the commit's own call
        return judged

    @api.model
    def _evaluate_marked(self, documents, marks):
        """Put new ``documents`` under their process and evaluate all; return the ids of the checks that were judged.

        :param marks: ids of documents by reason, see :meth:`_mark`
        """
        journal = []
        documents._sop_follow_documents()
        starting = documents.filtered(lambda document: document.id in marks["new"] and not document.sop_process_id)
        self.env["sop.engine.flow"]._start_new(starting, journal)
        self._keep_changers(documents, marks["new"], marks["content"])
        refiled = self._keep_files(documents, marks["files"].keys() | self._get_late(starting), journal)
        # a line that went to another order takes its deliveries and invoices along
        items = {scope: marks[scope].keys() | marks["content"].keys() for scope in ("delivery", "invoice")}
        judged = self._run(documents, marks["content"], marks["new"], items, journal, file_ids=refiled)
        self._close_journal(journal)
        logged = {document for document, _code, _data in journal}  # noted by that
        self.env["sop.engine.fact"]._note(document for document in documents if document not in logged)
        return judged

    @api.model
    def _keep_changers(self, documents, new_ids, content_ids):
        """Remember on ``documents`` under a process who changed their content last: he may not approve it."""
        changers = {document: document.id not in new_ids and content_ids.get(document.id) for document in documents}
        changed = documents.filtered(lambda document: changers[document] and document.sop_process_id)
        last = changed.filtered(lambda document: document.sop_changed_by_id.id != changers[document])
        # a salesperson whom others wrote on it has a part in it from now on, see sale.order._sop_keep_sellers
        selling = changed.filtered(
            lambda document: (
                document.sop_seller_ids
                and document.user_id.id == changers[document]
                and changers[document] not in document.sop_seller_ids
            )
        )
        self._lock(last | selling)
        for document in last:
            self._write_owned(document, {"sop_changed_by_id": changers[document]})
        for document in selling:
            self._write_owned(document, {"sop_seller_ids": sorted({*document.sop_seller_ids, changers[document]})})

    @api.model
    def _get_late(self, documents):
        """Return the ids of those ``documents`` that were there before this transaction: they may have files."""
        now = self.env.cr.now().replace(microsecond=0)
        return {document.id for document in documents if document.create_date and document.create_date < now}

    @api.model
    def _keep_files(self, documents, ids, journal):
        """Remember what is attached to those of ``documents`` under a process that have one of ``ids``.

        Once a document is confirmed, more files say nothing of what was agreed; that one is gone or changed still does.

        :return: ids of those whose files have changed
        """
        concerned = documents.filtered(lambda document: document.id in ids and document.sop_process_id)
        kept = {}
        for document, files in concerned._sop_read_files().items() if concerned else ():
            before = document.sop_files or []
            if document._sop_state() != "open":
                files = [file for file in before if file in files]
            if files != before:
                kept[document] = files
        self._lock(documents.browse(document.id for document in kept))
        for document, files in kept.items():
            self._write_owned(document, {"sop_files": files})
            journal.append((document, "files", {"files": files}))
        return {document.id for document in kept}


def _no_marks():
    """Return no marks: ``records`` by model, and documents (model and id) by reason, with who did it; see ``_mark``."""
    return {"records": defaultdict(dict)} | {reason: {} for reason in REASONS}
