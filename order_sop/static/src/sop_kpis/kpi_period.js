import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

export const PERIODS = [
    ["this_month", _t("This month")],
    ["last_month", _t("Last month")],
    ["last_30", _t("Last 30 days")],
    ["this_quarter", _t("This quarter")],
    ["last_quarter", _t("Last quarter")],
    ["this_year", _t("This year")],
    ["last_365", _t("Last 365 days")],
    ["custom", _t("From … to …")],
];

/** Return the first and the last day of a period by its name. */
export function getDays(period, today = DateTime.local()) {
    const whole = (unit, ago) => {
        const day = today.minus({ [unit]: ago });
        return [day.startOf(unit), day.endOf(unit)];
    };
    switch (period) {
        case "last_month":
            return whole("month", 1);
        case "this_quarter":
            return [today.startOf("quarter"), today];
        case "last_quarter":
            return whole("quarter", 1);
        case "this_year":
            return [today.startOf("year"), today];
        case "last_365":
            return [today.minus({ days: 364 }), today];
        case "last_30":
            return [today.minus({ days: 29 }), today];
        default:
            return [today.startOf("month"), today];
    }
}
