from odoo import api, fields, models

from .kpi_noise import SURE
from .workbook import Book, Column

NUMBERS = {
    "number": "#,##0",
    "amount": "#,##0.00",
    "percent": '0.0" %"',
    "hours": "#,##0.0",
    "days": "#,##0.0",
    "times": "0.00",
    "stars": "0.00",
}


class SopKpiBook(models.AbstractModel):
    """The KPIs of a period as an XLSX file: all figures with their definitions, month by month with a chart, and the
    stages. What the page of KPIs shows, no more: the same checks let the user see it."""

    _name = "sop.kpi.book"
    _description = "SOP KPI Workbook"

    @api.model
    def _get_file_name(self, page):
        """Return the name of the file for ``page``, see ``sop.kpi.get_page``."""
        return f"{self.env._('KPIs')} {page['date_from']} {page['date_to']}.xlsx"

    @api.model
    def _write_book(self, target, date_from, date_to, filters=None, other=None):
        """Write the workbook to the path ``target``; the other arguments are those of ``sop.kpi.get_page``.

        :return: the page that it shows
        """
        page = self.env["sop.kpi"].get_page(date_from, date_to, filters, other)
        with Book(target) as book:
            self._write_figures(book, page)
            self._write_months(book, page, date_to, filters)
            self._write_stages(book, page)
        return page

    @api.model
    def _title(self, name, page):
        return f"{name} – {page['company']}, {page['date_from']} – {page['date_to']}"

    @api.model
    def _write_figures(self, book, page):
        lights = {
            "green": self.env._("On target"),
            "amber": self.env._("Near the target"),
            "red": self.env._("Off target"),
        }
        columns = [
            Column(self.env._("KPI"), width=38),
            Column(self.env._("Section"), width=14),
            Column(self.env._("Value"), "number", 12),
            Column(self.env._("Unit"), width=9),
            Column(self.env._("Compared"), "number", 12),
            Column(self.env._("In as Many Days"), "number", 12),
            Column(self.env._("More Than Chance"), width=10),
            Column(self.env._("Counted"), "number", 10),
            Column(self.env._("Green From"), "number", 11),
            Column(self.env._("Amber From"), "number", 11),
            Column(self.env._("Target"), width=16),
            Column(self.env._("How It Is Computed"), width=70),
            Column(self.env._("Source"), width=50),
            Column(self.env._("Left Out"), width=50),
        ]
        sheet = book.add_sheet(self.env._("KPIs"), self._title(self.env._("KPIs"), page), columns)
        for kpi in page["kpis"]:
            target, number = kpi["target"] or {}, NUMBERS[kpi["unit"]]
            sheet.add_row(
                [
                    kpi["name"],
                    kpi["section_label"],
                    kpi["value"],
                    kpi["unit_label"],
                    kpi["before"],
                    kpi["even"] if kpi["even"] != kpi["before"] else None,
                    "" if kpi["chance"] is None else (self.env._("yes") if kpi["chance"] < SURE else self.env._("no")),
                    kpi["count"],
                    target.get("green"),
                    target.get("amber"),
                    lights.get(kpi["light"], ""),
                    kpi["formula"],
                    kpi["source"],
                    kpi["exclusions"],
                ],
                (None, None, number, None, number, number, None, "#,##0", number, number, None, None, None, None),
            )
        sheet.end_rows()

    @api.model
    def _write_months(self, book, page, date_to, filters):
        """Write each KPI month by month, and a chart of the shares, which have one scale."""
        kpis = self.env["sop.kpi"].browse(kpi["id"] for kpi in page["kpis"])
        trends = kpis._get_trends(self.env["sop.kpi"]._get_scope(date_to, date_to, filters))
        months = list(trends)
        columns = [
            Column(self.env._("KPI"), width=38),
            *(Column(fields.Date.to_string(month)[:7], "number", 10) for month in months),
        ]
        name = self.env._("Months")
        sheet = book.add_sheet(name, self._title(name, page), columns)
        chart = book.add_chart({"type": "line"})
        for kpi in kpis:
            number, row = NUMBERS[kpi.unit], sheet.next_row
            sheet.add_row([kpi.name, *(trends[month][kpi.code] for month in months)], (None, *[number] * len(months)))
            if kpi.unit == "percent" and any(trends[month][kpi.code] is not None for month in months):
                chart.add_series(
                    {
                        "name": [sheet.name, row, 0],
                        "categories": [sheet.name, 2, 1, 2, len(months)],
                        "values": [sheet.name, row, 1, row, len(months)],
                        "marker": {"type": "circle", "size": 4},
                    }
                )
        chart.set_title({"name": self.env._("Shares, Month by Month")})
        chart.set_y_axis({"num_format": '0" %"', "min": 0, "max": 100})
        chart.set_size({"width": 960, "height": 420})
        if chart.series:
            sheet.insert_chart(sheet.next_row + 1, 0, chart)

    @api.model
    def _write_stages(self, book, page):
        columns = [
            Column(self.env._("Stage"), width=26),
            Column(self.env._("Process"), width=30),
            Column(self.env._("Department"), width=20),
            Column(self.env._("Stays"), "number", 10),
            Column(self.env._("Repeated"), "number", 10),
            Column(self.env._("Median (h)"), "number", 10),
            Column(self.env._("80 % (h)"), "number", 10),
            Column(self.env._("95 % (h)"), "number", 10),
            Column(self.env._("Limit (h)"), "number", 10),
            Column(self.env._("In Time (%)"), "number", 10),
        ]
        name = self.env._("Stages")
        sheet = book.add_sheet(name, self._title(name, page), columns)
        for stage in page["stages"]:
            texts = [stage["name"], stage["process"], stage["department"] or ""]
            numbers = [stage[key] for key in ("visits", "repeated", "hours", "p80", "p95", "limit", "on_time")]
            sheet.add_row(texts + numbers, (*[None] * 3, *["#,##0"] * 2, *["#,##0.0"] * 5))
        sheet.end_rows()
        if page["stages"]:
            chart, first, last = book.add_chart({"type": "bar"}), 3, sheet.next_row - 1
            for column in (5, 6):
                chart.add_series(
                    {
                        "name": [sheet.name, 2, column],
                        "categories": [sheet.name, first, 0, last, 0],
                        "values": [sheet.name, first, column, last, column],
                    }
                )
            chart.set_title({"name": self.env._("Working Hours in a Stage")})
            chart.set_y_axis({"reverse": True})
            chart.set_size({"width": 960, "height": 120 + 28 * len(page["stages"])})
            sheet.insert_chart(sheet.next_row + 1, 0, chart)
