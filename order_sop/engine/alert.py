from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain

from .guard import as_engine
from .rows import insert_rows

SUBJECTS = ("hold_id", "remedy_id", "check_id", "visit_id", "picking_id")  # the first that is given tells alerts apart


class SopEngineAlert(models.AbstractModel):
    """Raises alerts, once each, and closes them: by itself when the trouble is over, or for people who acted."""

    _name = "sop.engine.alert"
    _description = "SOP engine: alerts"

    # -- raising -------------------------------------------------------------------------------------------------------

    @api.model
    def _raise(self, vals_list, journal=None):
        """Raise alerts, each once, whatever runs twice or dies.

        What tells them apart is ``kind``, ``level``, what they are about (``SUBJECTS``, else the order) and ``due_at``.
        A breach ends the warning on the same thing. Their owners are told after the commit.

        :param vals_list: dicts of ``kind`` and, where they apply, ids of what they are about (``SUBJECTS``) or of an
            ``order_id`` or ``case_id``, ``level`` and ``due_at`` (naive UTC); ``department_id`` and ``user_id`` (who
            has to act) are found where they are left out
        :param journal: as in ``sop.engine.flow``; without one the log is written at once
        :return: the new alerts, in the caller's environment; none for what was raised before
        """
        vals_list = [self._complete_vals(vals) for vals in vals_list]
        own_journal = journal is None
        journal = [] if own_journal else journal
        documents = self.env["sop.alert"].sudo()._get_flows(vals_list)  # called by the engine
        for document in documents[:1]:
            self.env["sop.engine.evaluation"]._lock(document.union(*documents))
        alerts = insert_rows(self.env["sop.alert"], vals_list, unique="key") if vals_list else self.env["sop.alert"]
        raised = alerts.sudo()  # called by the engine
        self.env["sop.engine.evaluation"]._write_owned(
            raised.flow.filtered(lambda order: not order.sop_alerted), {"sop_alerted": True}
        )
        journal += [(alert.flow, "alerted", self._get_log(alert)) for alert in raised]
        self._close_warnings(raised.filtered(lambda alert: alert.kind == "breach"), journal)
        if alerts:
            self.env["sop.engine.alert.teller"]._trigger()
        if own_journal:
            self.env["sop.engine.evaluation"]._close_journal(journal)
        return alerts

    @api.model
    def _complete_vals(self, vals):
        """Return all values of a new alert, from what the caller of :meth:`_raise` said."""
        alert_fields = self.env["sop.alert"]._fields
        about = {  # in superuser mode: called by the engine
            name: self.env[alert_fields[name].comodel_name].sudo().browse(vals.get(name) or ()) for name in SUBJECTS
        }
        check = about["check_id"]
        visit = about["visit_id"] = about["visit_id"] or check.visit_id
        order = check.flow or visit.flow or about["hold_id"].flow
        if vals.get("order_id") or vals.get("case_id"):
            [order] = self.env["sop.alert"].sudo()._get_flows([vals])  # as above
        subject = next((record for record in about.values() if record), order)
        stage = check.stage_id or visit.stage_id or order.sop_stage_id
        department = check.department_id or visit.department_id or stage.department_id
        level, due = vals.get("level") or 0, vals.get("due_at") or False
        vals = {
            "kind": vals["kind"],
            "level": level,
            "key": f"{vals['kind']}:{level}:{subject._table}:{subject.id}:{due.isoformat() if due else ''}",
            order._sop_link: order.id,
            "company_id": order.company_id.id,
            **{name: record.id for name, record in about.items()},
            "stage_id": stage.id,
            "department_id": vals.get("department_id") or department.id,
            "user_id": vals.get("user_id"),
            "raised_at": self.env["sop.engine.clock"]._now(),
            "due_at": due,
            "state": "open",
            "to_tell": True,
        }
        if not vals["user_id"]:
            department = department.browse(vals["department_id"] or ())
            has_stage = visit.user_id if visit.department_id == department else visit.user_id.browse()
            worker = check.assigned_id or has_stage
            vals["user_id"] = self._get_owner(order, worker, stage, department, level).id
        return vals

    @api.model
    def _get_owner(self, order, worker, stage, department, level=0):
        """Return who has to act on trouble with ``order`` (one): the ``worker`` who does it, from level 1 on the
        department's lead, from level 2 on the owner of the process or another SOP manager; whoever of them is there."""
        approver = self.env["sop.engine.approver"]
        lead, owner = department.lead_id, stage.process_id.owner_id
        managers = owner.filtered(lambda user: user.has_group("order_sop.group_manager"))
        chain = (worker, lead, managers)[level:] if level < 3 else (managers,)
        for user in chain:
            if user and approver._may_approve(user, order.company_id):
                return user
        group_id = self.env["ir.model.data"]._xmlid_to_res_id("order_sop.group_manager")  # without a query
        found = approver._get_member_ids((group_id,), order.company_id.id)
        people = self.env["res.users"].sudo().browse(found)  # whom the current user may not see
        return (people - people.browse(SUPERUSER_ID))[:1] or people[:1]

    @api.model
    def _get_log(self, alert):
        about_hold = {"hold": alert.hold_id.id} if alert.hold_id else {}
        return about_hold | {
            "alert": alert.id,
            "kind": alert.kind,
            "level": alert.level,
            "visit": alert.visit_id.id or None,
            "check": alert.check_id.id or None,
            "user": alert.user_id.id or None,
            "due": alert.due_at.isoformat() if alert.due_at else None,
        }

    @api.model
    def _follow_work(self, share, user):
        """Have the alerts that whoever had the work of ``share`` was to act on go to ``user`` with it; to the lead
        where it is nobody's now."""
        if not share.holder or not share.order.sop_alerted:
            return
        mine = Domain("user_id", "=", share.holder.id) & Domain("level", "=", 0)
        mine &= Domain("check_id", "in", share.checks.ids) | (
            Domain("visit_id", "in", share.visit.ids) & Domain("check_id", "=", False)
        )
        for alert in self._search_open(mine):
            owner = self._get_owner(share.order, user, alert.stage_id, alert.department_id)
            vals = {"user_id": owner.id, "state": "open", "acknowledged_at": False, "acknowledged_by_id": False}
            as_engine(alert).write(vals | {"to_tell": True})
            self.env["sop.engine.alert.teller"]._trigger()

    # -- closing -------------------------------------------------------------------------------------------------------

    @api.model
    def _close_for(
        self, documents=None, visits=None, checks=None, remedies=None, ending="moved", kinds=None, journal=None
    ):
        """Close the open alerts on any of these, whose orders are locked.

        :param ending: a code of ``sop.alert.ENDINGS``: why they are over
        :param kinds: codes of the kinds of alerts to close; None: all
        :return: the alerts that were closed
        """
        domain = Domain.FALSE
        link = "order_id" if documents is None else documents._sop_link
        subjects = {link: documents, "visit_id": visits, "check_id": checks, "remedy_id": remedies}
        for name, records in subjects.items():
            if records:
                domain |= Domain(name, "in", records.ids)
        if kinds is not None:
            domain &= Domain("kind", "in", list(kinds))
        own_journal = journal is None
        journal = [] if own_journal else journal
        alerts = self._search_open(domain)
        self._close(alerts, dict.fromkeys(alerts, ending), journal)
        if own_journal:
            self.env["sop.engine.evaluation"]._close_journal(journal)
        return alerts

    @api.model
    def _close_warnings(self, breaches, journal):
        """Close the warnings on what ``breaches`` tell of by now."""
        if breaches:
            subjects = {(alert.visit_id, alert.check_id) for alert in breaches}
            warnings = self._search_open(
                Domain(breaches.flow._sop_link, "in", breaches.flow.ids) & Domain("kind", "=", "warning")
            ).filtered(lambda alert: (alert.visit_id, alert.check_id) in subjects)
            self._close(warnings, dict.fromkeys(warnings, "breached"), journal)

    @api.model
    def _settle(self, journal):
        """Close the alerts on what is over of the documents in ``journal``, which have just been changed, and log it
        there. Costs nothing for documents without an open alert."""
        alerted = [document.sudo() for document, _code, _data in journal if document.sudo().sop_alerted]  # the engine's
        if alerted:
            alerted = alerted[0].union(*alerted)
            alerts = self._search_open(Domain(alerted._sop_link, "in", alerted.ids))
            endings = {alert: ending for alert in alerts if (ending := self._get_ending(alert))}
            self._close(alerts.filtered(lambda alert: alert in endings), endings, journal)
            still_open = alerts.filtered(lambda alert: alert not in endings)
            over = alerted - still_open.flow if still_open else alerted
            self.env["sop.engine.evaluation"]._write_owned(over, {"sop_alerted": False})

    @api.model
    def _get_ending(self, alert):
        """Return why the one open ``alert`` is over, or None while it is not."""
        if alert.flow.sop_status in ("done", "cancelled"):
            return "cancelled"
        if alert.kind == "undelivered" and alert.picking_id.sop_tracking_state == "delivered":
            return "delivered"
        if alert.check_id and (alert.check_id.state not in ("pending", "failed") or alert.check_id.superseded):
            return "checked"
        if alert.check_id and not alert.check_id._is_open_now():
            return "left"
        if alert.visit_id.left_at and not alert.check_id:
            return "left"
        if alert.hold_id.released_at:
            return "released"
        if alert.kind == "unassigned" and self.env["sop.engine.routing"]._has_found(alert):
            return "assigned"
        return None

    @api.model
    def _search_open(self, domain):
        alerts = self.env["sop.alert"].sudo()  # whatever is over, whoever may see it
        return alerts.search(Domain("state", "!=", "closed") & domain, order="id")

    @api.model
    def _close(self, alerts, endings, journal, resolution=False):
        """Close ``alerts`` for the reasons ``{alert: code}`` and log it."""
        now = self.env["sop.engine.clock"]._now()
        for ending, batch in alerts.grouped(lambda alert: endings[alert]).items():
            by_hand = ending == "hand"
            as_engine(batch).write(
                {
                    "state": "closed",
                    "closed_at": now,
                    "closed_by_id": by_hand and self.env.uid,
                    "ending": ending,
                    "resolution": resolution,
                    "to_tell": True,
                }
            )
            data = {"how": "closed", "ending": ending} | ({"note": resolution} if resolution else {})
            self._log(batch, data, journal)
        if alerts:
            self.env["sop.engine.alert.teller"]._trigger()

    @api.model
    def _log(self, alerts, data, journal):
        journal += [(order, "answered", data | {"alerts": batch.ids}) for order, batch in alerts._by_flow().items()]
