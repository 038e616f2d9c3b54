import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** What can be chosen as a period: whole months, so that they are quick, or any days. */
export const PERIODS = [
    ["months_12", _t("Last 12 months")],
    ["month", _t("This month")],
    ["last_month", _t("Last month")],
    ["quarter", _t("This quarter")],
    ["last_quarter", _t("Last quarter")],
    ["year", _t("This year")],
    ["last_year", _t("Last year")],
    ["custom", _t("Other days")],
];

/** Return the first and the last day (`YYYY-MM-DD`) of a period that is not custom. */
export function daysOf(period, today) {
    const now = DateTime.fromISO(today);
    const whole = (day, unit) => [day.startOf(unit), day.endOf(unit)];
    const [first, last] = {
        months_12: () => [now.minus({ months: 11 }).startOf("month"), now.endOf("month")],
        month: () => whole(now, "month"),
        last_month: () => whole(now.minus({ months: 1 }), "month"),
        quarter: () => whole(now, "quarter"),
        last_quarter: () => whole(now.minus({ months: 3 }), "quarter"),
        year: () => whole(now, "year"),
        last_year: () => whole(now.minus({ years: 1 }), "year"),
    }[period]();
    return [first.toISODate(), last.toISODate()];
}
