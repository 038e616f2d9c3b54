import json
import logging
import os
import shutil
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import UserError

from .crons import trigger
from .guard import as_engine
from .stint import Stint, TooLong, get_seconds
from .windows import form_of

MOST_AT_ONCE = 20_000
"""Lines that somebody waits for; more are written by a cron."""
LONGEST_URL = 2_000
MOST_TRIES = 2
"""How often one is begun that is never done, as where it is too long for the server."""
MOST_WAITING = 5
"""Exports that one person may have waiting."""
QUICKEST = {"event_log": 60_000, "model": 20_000}
"""Lines a second that are written at best, by what is asked for: what takes too long even then is not begun."""
FOLDER = "order_sop_file-"
"""How folders for files that are being written begin."""
DAY = 24 * 3600

_logger = logging.getLogger(__name__)


class SopEngineExport(models.AbstractModel):
    """Has workbooks of the settlement made, and event logs: at once, or by a cron that mails a link when it is done."""

    _name = "sop.engine.export"
    _description = "SOP engine: long exports"

    @api.model
    def _get_action(self, model, domain):
        """Return the action that gets the user the workbook of a list, whose day is in the context.

        :raise AccessError: for whoever may not read the settlement
        """
        book = self.env["sop.settlement.book"]
        number = book._count(model, domain)
        day = self.env.context.get("sop_day")
        parameters = {"model": model, "domain": json.dumps(domain, default=str), "day": day or ""}
        parameters["companies"] = ",".join(map(str, self.env.companies.ids))
        url = f"/order_sop/settlement/xlsx?{urlencode(parameters)}"
        if number <= MOST_AT_ONCE and len(url) <= LONGEST_URL:
            return {"type": "ir.actions.act_url", "url": url, "target": "download"}
        export = self._ask(book._get_file_name(), parameters, number)
        return form_of(export, name=self.env._("Export"), target="new")

    @api.model
    def _ask(self, name, parameters, number):
        """Return a new export that waits for the cron.

        :param str name: of the file
        :param parameters: what :meth:`_read` needs; ``companies`` (ids with commas between them) is always there
        :param number: of the lines that it will have
        :raise UserError: where too many wait, and for what is too long for this server
        """
        self._check_length(parameters, number)
        exports = self.env["sop.settlement.export"]
        waiting = [("user_id", "=", self.env.uid), ("state", "in", ("waiting", "running"))]
        if exports.search_count(waiting, limit=MOST_WAITING) >= MOST_WAITING:
            raise UserError(self.env._("Some of your exports are still waiting: get them first."))
        export = as_engine(exports).create(
            {
                "name": name,
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "state": "waiting",
                "parameters": parameters | {"lang": self.env.user.lang},
                "line_count": number,
                "done_count": 0,
                "tries": 0,
                "asked_at": fields.Datetime.now(),
            }
        )
        trigger(self.env, "export_cron")
        return exports.browse(export.id)

    @api.model
    def _check_length(self, parameters, number):
        """Raise :class:`UserError` when so many lines cannot be written before the server ends the process."""
        seconds = get_seconds()
        most = seconds and int(seconds * next(pace for name, pace in QUICKEST.items() if name in parameters))
        if most and number > most:
            raise UserError(
                self.env._(
                    "%(number)s lines are too many for this server, which ends background work after a while: "
                    "%(most)s can be written at most. Ask for less, a shorter period say, or have the server's "
                    "limits (limit_time_real_cron, limit_time_cpu) raised.",
                    number=number,
                    most=most,
                )
            )

    @api.model
    def _cron_write(self):
        """Write what waits, oldest first; one that cannot be written does not stop the others, nor does one whose
        process was killed.

        Each is begun with the time that the server allows still before it: what does not fit is given up, in words,
        before the server would end it.
        """
        cron, stint = self.env["ir.cron"], Stint(self.env)
        waiting = [("state", "in", ("waiting", "running"))]
        exports = self.env["sop.settlement.export"].search(waiting, order="tries, id")
        cron._commit_progress(remaining=len(exports))
        for export in exports:
            if not stint.is_fresh():
                break  # Odoo calls again at once, with new time
            if export.try_lock_for_update():
                self._write_one(export, stint)
            if not cron._commit_progress(1):
                break

    @api.model
    def _write_one(self, export, stint):
        """Write the one ``export`` in the time of ``stint`` and mail its link.

        It is read by a transaction of its own, so that all of it is of one moment while its progress is committed.
        """
        cron = self.env["ir.cron"]
        if export.tries >= MOST_TRIES:
            _logger.error("order_sop: %s was begun %s times and never done", export, export.tries)
            self._fail(export, "error")
            return
        as_engine(export).write({"state": "running", "done_count": 0, "tries": export.tries + 1})
        cron._commit_progress()

        def tell(done):
            as_engine(export).write({"done_count": done})
            cron._commit_progress()
            stint.check()

        with tempfile.TemporaryDirectory(prefix=FOLDER) as folder:
            path = os.path.join(folder, "file")
            try:
                with self._open_cursor() as cr:
                    self._read(export, cr, path, tell)
                content = Path(path).read_bytes()
            except TooLong:
                _logger.warning("order_sop: %s takes longer than the server's limits allow", export)
                self._fail(export, "time")
                return
            except Exception:
                _logger.exception("order_sop: %s cannot be written", export)
                self._fail(export, "error")
                return
        attachment = (
            self.env["ir.attachment"]
            .sudo()  # it is read by the rights on the export
            .create({"name": export.name, "raw": content, "res_model": export._name, "res_id": export.id})
        )
        as_engine(export).write({"state": "done", "done_at": fields.Datetime.now(), "attachment_id": attachment.id})
        self.env.ref("order_sop.mail_template_export").sudo().send_mail(export.id)  # the mail is the house's

    @api.model
    def _fail(self, export, failure):
        """Give the one ``export`` up for ``failure``, and tell whoever asked for it."""
        as_engine(export).write({"state": "failed", "failure": failure, "done_at": fields.Datetime.now()})
        env = self.with_context(lang=export.user_id.lang).env
        body = env._("The file could not be written. Please ask for it again.")
        if failure == "time":
            body = env._(
                "This server lets background work run for too short a time: %(done)s of %(all)s lines were written by "
                "then. Ask for less, a shorter period say, or have the server's limits (limit_time_real_cron, "
                "limit_time_cpu) raised.",
                done=export.done_count,
                all=export.line_count,
            )
        self.env["mail.thread"].sudo().message_notify(  # in the name of the house
            partner_ids=export.user_id.partner_id.ids,
            subject=env._("%s could not be written", export.name),
            body=body,
            model=export._name,
            res_id=export.id,
        )

    @api.model
    def _open_cursor(self):
        """Return a cursor to read by, on a replica where there is one."""
        return self.env.registry.cursor(readonly=True)

    @api.model
    def _read(self, export, cr, path, tell):
        """Write the file by the rights that whoever asked for it has now, and in his language."""
        asked = export.parameters
        context = {"lang": asked["lang"], "allowed_company_ids": [int(id_) for id_ in asked["companies"].split(",")]}
        env = api.Environment(cr, export.user_id.id, context | {"sop_day": asked.get("day") or None})
        env.companies  # noqa: B018 (raises for those that are not his any more)
        if "event_log" in asked:
            env["sop.event.log"]._write_file(path, asked["event_log"], tell, packed=True)
            return
        env["sop.settlement.book"]._write_book(path, asked["model"], json.loads(asked["domain"]), tell)

    @api.autovacuum
    def _gc_files(self):
        """Remove what processes that were killed while they wrote have left behind."""
        for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
            about = folder.lstat()
            if about.st_uid == os.getuid() and about.st_mtime < time.time() - DAY:
                shutil.rmtree(folder, ignore_errors=True)
