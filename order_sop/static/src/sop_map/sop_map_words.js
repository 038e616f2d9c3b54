/** What the process map says of its boxes, ways and numbers, in the reader's language and way of writing numbers. */
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";

/** The kinds of ways, in the order of the legend. */
export function kinds() {
    return [
        ["next", _t("To the next stage")],
        ["skip", _t("Over a stage")],
        ["back", _t("Back, or again")],
    ];
}

/** A whole number as the reader writes it. */
export function integer(value) {
    return formatInteger(value);
}

/** A number that has to fit beside an arrow. */
export function short(value) {
    return value < 10000 ? formatInteger(value) : formatInteger(value, { humanReadable: true, decimals: 1 });
}

/** A share of one as percent. */
export function percent(share) {
    return _t("%s %", formatFloat(100 * share, { digits: [16, share && share < 0.1 ? 1 : 0] }));
}

/** Hours in the unit that can be read: minutes, hours, days of 24 hours. */
export function duration(hours) {
    if (hours === null || hours === undefined) {
        return "–";
    }
    if (hours < 1) {
        return _t("%s min", formatInteger(Math.round(hours * 60)));
    }
    if (hours < 48) {
        return _t("%s h", formatFloat(hours, { digits: [16, 1] }));
    }
    return _t("%s d", formatFloat(hours / 24, { digits: [16, 1] }));
}

/** The share of the visits with a time limit that were late. */
export function lateShare(box) {
    return box.limited ? box.late / box.limited : 0;
}

/** The line of figures in a box. */
export function facts(box) {
    const parts = [_t("%s visits", integer(box.count)), duration(box.hours)];
    if (box.limited) {
        parts.push(_t("%s late", percent(lateShare(box))));
    }
    return parts.join(" · ");
}

/** What a screen reader says of a box. */
export function boxLabel(box) {
    return _t(
        "%(name)s, %(department)s: %(visits)s visits, %(hours)s of working time in the median, %(late)s of %(limited)s with a time limit late. Open the list.",
        {
            name: box.name,
            department: box.department,
            visits: integer(box.count),
            hours: duration(box.hours),
            late: integer(box.late),
            limited: integer(box.limited),
        }
    );
}

/** Whose a box is, and whether it is still in the process. */
export function boxOwner(box) {
    return box.current ? box.department : `${box.department} · ${_t("in earlier versions")}`;
}

/** How many are in a stage now. */
export function nowLabel(box) {
    return _t("%s now", short(box.now.count));
}

/** What a kind of way is called. */
export function kindLabel(kind) {
    return kinds().find(([key]) => key === kind)[1];
}

/** What a screen reader says of a way. */
export function arrowLabel(arrow) {
    return _t("%(name)s (%(kind)s): %(count)s times, %(hours)s on average. Open the list.", {
        name: arrow.name,
        kind: kindLabel(arrow.kind),
        count: integer(arrow.count),
        hours: duration(arrow.hours),
    });
}

/** What a screen reader says of a number that opens its rows. */
export function numberLabel(number) {
    return _t("%(name)s: %(count)s. Open the list.", { name: number.name, count: integer(number.count) });
}

/** How many ways there are, above the list of the most frequent ones. */
export function variantsText({ total, kinds, variants }) {
    const counts = { total: integer(total), kinds: integer(kinds), shown: variants.length };
    return kinds > variants.length
        ? _t("%(total)s in %(kinds)s different ways, of which the %(shown)s most frequent. “…”: still on the way.", counts)
        : _t("%(total)s in %(kinds)s different ways. “…”: still on the way.", counts);
}

/** Cut a text to about `width` pixels in letters of `size`: SVG has no ellipsis of its own. */
export function cut(text, width, size) {
    let room = width / size;
    for (let index = 0; index < text.length; index++) {
        room -= text.charCodeAt(index) > 0x2e7f ? 1 : 0.56;
        if (room < 0) {
            return `${text.slice(0, Math.max(index - 1, 1))}…`;
        }
    }
    return text;
}
