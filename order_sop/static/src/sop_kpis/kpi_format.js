import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";

/** Return a number in the reader's way with so many decimals. */
export function formatNumber(value, digits) {
    return formatFloat(value, { digits: [16, digits] });
}

/** Return a KPI's value as people read it, with its unit. */
export function formatValue(kpi, value) {
    if (value === null || value === undefined) {
        return "–";
    }
    if (kpi.unit === "amount") {
        return formatMonetary(value, { currencyId: kpi.currency_id, digits: [16, 0] });
    }
    const digits = kpi.unit === "number" || Math.abs(value) >= 100 ? 0 : kpi.unit === "times" ? 2 : 1;
    const number = formatNumber(value, digits);
    switch (kpi.unit) {
        case "percent":
            return `${number} %`;
        case "hours":
            return _t("%s h", number);
        case "days":
            return _t("%s d", number);
        case "stars":
            return `${number} ★`;
        default:
            return number;
    }
}

/** Return in words what a KPI is to be, empty without a target. */
export function targetText(kpi) {
    if (!kpi.target) {
        return "";
    }
    const [green, amber] = [kpi.target.green, kpi.target.amber].map((value) => formatValue(kpi, value));
    return kpi.better === "less"
        ? _t("Green up to %(green)s, amber up to %(amber)s", { green, amber })
        : _t("Green from %(green)s, amber from %(amber)s", { green, amber });
}
