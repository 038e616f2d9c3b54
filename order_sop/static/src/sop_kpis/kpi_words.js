/** What the page of KPIs says beside each figure; `kpi` is one of those that the model sop.kpi's `get_page` returns. */
import { _t } from "@web/core/l10n/translation";
import { formatNumber, formatValue } from "./kpi_format";

const SURE = 0.05;
const OF_LINES = ["on_time_lines", "returned_lines"];

/** How a figure stands to its target. */
export function lightText(kpi) {
    return { green: _t("On target"), amber: _t("Near the target"), red: _t("Off target") }[kpi.light];
}

/** How a figure has changed: shares in percent points, all else in percent; counts as of equally many days. */
export function change(kpi) {
    if (kpi.value === null || kpi.even === null) {
        return null;
    }
    const points = kpi.unit === "percent";
    const more = kpi.value - kpi.even;
    const difference = points || !kpi.even ? more : (100 * more) / Math.abs(kpi.even);
    if (!difference) {
        return null;
    }
    const number = formatNumber(Math.abs(difference), Math.abs(difference) >= 10 ? 0 : 1);
    const sure = kpi.chance !== null && kpi.chance < SURE;
    const good = kpi.better === "none" ? null : difference > 0 === (kpi.better === "more");
    return {
        icon: difference > 0 ? "fa-arrow-up" : "fa-arrow-down",
        text: points ? _t("%s points", number) : kpi.even ? `${number} %` : "",
        label: difference > 0 ? _t("up") : _t("down"),
        class: good === null || !sure ? "text-muted" : good ? "text-success" : "text-danger",
        title: chanceText(kpi),
        note: sure || kpi.chance === null ? "" : _t("(may be chance)"),
    };
}

/** What it was in the period before, empty if nothing is known of it. */
export function beforeText(kpi) {
    if (kpi.before === null) {
        return "";
    }
    const before = formatValue(kpi, kpi.before);
    return kpi.even === kpi.before
        ? _t("before: %s", before)
        : _t("before: %(before)s, in as many days %(even)s", { before, even: formatNumber(kpi.even, 1) });
}

/** Whether a change is more than noise. */
export function chanceText(kpi) {
    if (kpi.chance === null) {
        return _t("Whether it is more than chance cannot be told of so few, nor of what is read at one moment");
    }
    const number = formatNumber(100 * kpi.chance, kpi.chance < 0.01 ? 2 : 0);
    return kpi.chance < SURE
        ? _t("More than chance: by mere chance it would differ so much in %s % of cases", number)
        : _t("May be chance: it would differ so much in %s % of cases", number);
}

/** Of how many rows a figure was computed. */
export function countText(kpi) {
    if (kpi.family === "costs") {
        return _t("lines of cases: %s", formatNumber(kpi.count, 0));
    }
    if (kpi.unit === "number" || kpi.section === "money") {
        return "";
    }
    const count = formatNumber(kpi.count, 0);
    return OF_LINES.includes(kpi.code) ? _t("of %s lines", count) : _t("of %s", count);
}
