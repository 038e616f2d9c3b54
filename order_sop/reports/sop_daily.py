from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.fields import Domain

from ..engine.isolation import isolated

LISTED = 10
"""How many orders and alerts a mail names; of the rest it tells how many."""
WITHOUT_CALENDAR = time(8)


class SopDaily(models.AbstractModel):
    """Tells the leads of departments once a day, as their working day begins, what is late and what will be."""

    _name = "sop.daily"
    _description = "SOP Daily Mail"

    @api.model
    def _cron_send(self):
        """Send today's mails that are due; one that cannot be sent is logged and does not stop the others."""
        departments = self.env["sop.department"].search([("lead_id", "!=", False)], order="id")
        due = [lead for lead, led in departments.grouped("lead_id").items() if self._is_due(lead, led)]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for lead in due:
            isolated(lead, self._send)
            if not cron._commit_progress(1):
                break

    @api.model
    def _is_due(self, lead, departments):
        """Tell whether ``lead`` wants the mail on ``departments``, his day has begun, and he has not had it yet."""
        if not (lead.active and lead.email and lead.sop_daily_mail and lead.has_group("order_sop.group_user")):
            return False
        today, start = self._get_day(lead)
        had = any(department.daily_mail_on and department.daily_mail_on >= today for department in departments)
        return bool(not had and start and start <= self.env["sop.engine.clock"]._now())

    @api.model
    def _get_day(self, lead):
        """Return the present date of ``lead`` in his time zone, and when he begins to work on it (naive UTC); False on
        a day off."""
        company = lead.company_id
        zone = pytz.timezone(lead.tz or company._sop_locale()[1])
        now = self.env["sop.engine.clock"]._now()
        today = pytz.utc.localize(now).astimezone(zone).date()
        begin, end, early = (
            zone.localize(datetime.combine(day, hour)).astimezone(pytz.utc).replace(tzinfo=None)
            for day, hour in ((today, time()), (today + timedelta(days=1), time()), (today, WITHOUT_CALENDAR))
        )
        calendar = lead.resource_calendar_id or company.resource_calendar_id
        if not calendar:
            return today, early
        clock, second = self.env["sop.engine.clock"], timedelta(seconds=1)
        start = clock._plan(begin, second.total_seconds() / 3600, calendar, company)
        return today, start and start <= end and start - second

    @api.model
    def _send(self, lead):
        """Queue the mail to ``lead`` in his language, where there is something to tell, and mark his day."""
        departments = self.env["sop.department"].search([("lead_id", "=", lead.id)], order="sequence, id")
        sections = self._get_sections(lead, departments)
        if sections:
            self._mail(lead, sections)
        today, _start = self._get_day(lead)
        # by the plain ORM: who sees which orders does not depend on it
        models.BaseModel.write(departments.sudo(), {"daily_mail_on": today})  # a cron's own mark

    @api.model
    def _get_sections(self, lead, departments):
        """Return what there is to tell ``lead``, as far as he may see it, a section a department with anything:
        ``[{"department", "lists": [{"title", "records", "count"}…]}…]``, in his language and time zone."""
        context = {"lang": lead.lang, "tz": lead.tz, "allowed_company_ids": lead.company_ids.ids}
        env = self.env(user=lead, su=False, context=context)
        tower, sections = env["sop.tower"], []
        for department in departments.with_env(env):
            orders = tower._get_orders_domain(None, department.ids, None)
            mine = tower._get_alerts_domain(None, department.ids, None)
            late = Domain("sop_late", "=", True)
            missing, at_risk = (Domain("sop_jeopardy", "=", state) for state in ("late", "at_risk"))
            lists = (
                (env._("Late"), "sale.order", orders & late, "sop_deadline, id"),
                (env._("Will be late"), "sale.order", orders & missing & ~late, "sop_miss_at, id"),
                (env._("At risk"), "sale.order", orders & at_risk & ~late, "sop_risk_at, id"),
                (env._("Open alerts"), "sop.alert", mine, "id"),
            )
            found = [
                {"title": title, "records": env[model].search(domain, order=order, limit=LISTED), "count": count}
                for title, model, domain, order in lists
                if env[model].has_access("read") and (count := env[model].search_count(domain))
            ]
            if found:
                sections.append({"department": department, "lists": found})
        return sections

    @api.model
    def _mail(self, lead, sections):
        env = sections[0]["department"].env
        values = {"lead": lead.with_env(env), "sections": sections, "base_url": lead.get_base_url()}
        body = env["ir.qweb"].sudo()._render("order_sop.daily_mail", values)  # a template of this addon
        subject = env._("What is late, and what will be: %s", ", ".join(s["department"].name for s in sections))
        layout = self.env["mail.render.mixin"].with_context(lang=lead.lang)
        company = lead.company_id
        self.env["mail.mail"].create(
            {
                "subject": subject,
                "body_html": layout._render_encapsulate(
                    "mail.mail_notification_light", body, add_context={"company": company}, context_record=lead
                ),
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "recipient_ids": [(4, lead.partner_id.id)],
                "auto_delete": True,
            }
        )
