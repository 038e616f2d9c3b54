import { registry } from "@web/core/registry";

const PAGE = ".o_sop_kpis";
let expected = 0;

const tile = (code) => `${PAGE} [data-code=${code}]`;

function readNumber(selector) {
    return Number(document.querySelector(selector).textContent.replace(/\D/g, ""));
}

const otherDay = (which) => `${PAGE} input[aria-label='${which} day to compare with']`;

/** Have a day in the input as if it was chosen in the calendar. */
function enter(day) {
    return ({ anchor }) => {
        anchor.value = day;
        anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
}

function openRows(code) {
    return {
        content: `Open what ${code} counts`,
        trigger: `${tile(code)} .o_sop_kpi_value`,
        async run(helpers) {
            expected = readNumber(`${tile(code)} .o_sop_kpi_value`);
            await helpers.click();
        },
    };
}

const asManyRows = {
    content: "As many rows as the figure said",
    trigger: ".o_list_view .o_data_row",
    run() {
        const pager = document.querySelector(".o_pager_limit");
        const rows = pager ? Number(pager.textContent) : document.querySelectorAll(".o_data_row").length;
        if (rows !== expected) {
            throw new Error(`${expected} was counted and ${rows} are listed`);
        }
    },
};

const back = { content: "Back to the KPIs", trigger: ".breadcrumb-item a:contains(KPIs), .o_back_button", run: "click" };

/** The SOP's owner reads a figure, how it is computed, its months, and what it counts; then another period. */
registry.category("web_tour.tours").add("order_sop_kpis", {
    steps: () => [
        { content: "All of the company", trigger: `${PAGE} .o_sop_kpis_department:has(option:checked:contains(The whole company))` },
        { content: "How it is computed", trigger: `${tile("stages_done")} .o_sop_kpi_info`, run: "click" },
        { content: "In words", trigger: ".modal dd:contains(Stays in a stage)" },
        { content: "Month by month", trigger: ".modal .o_sop_kpi_trend li:nth-child(12) .o_sop_kpi_bar" },
        { content: "Close it", trigger: ".modal .btn-secondary:contains(Close)", run: "click" },
        openRows("stages_done"),
        asManyRows,
        back,
        { content: "Another period", trigger: `${PAGE} .o_sop_kpis_period`, run: "select last_month" },
        { content: "Nothing happened then", trigger: `${tile("stages_done")} .o_sop_kpi_value:contains(/^0$/)` },
        { content: "This year again", trigger: `${PAGE} .o_sop_kpis_period`, run: "select last_365" },
        { content: "All of it", trigger: `${tile("stages_done")} .o_sop_kpi_value:not(:contains(/^0$/))` },
        { content: "Against a year ago", trigger: `${PAGE} .o_sop_kpis_compare`, run: "select year" },
        { content: "What it was a year ago", trigger: `${tile("stages_done")} .o_sop_kpi_before:contains(before: 0)` },
        { content: "Against other days", trigger: `${PAGE} .o_sop_kpis_compare`, run: "select custom" },
        { content: "Until today", trigger: otherDay("Last"), run: enter(luxon.DateTime.local().toISODate()) },
        { content: "A year that is still being typed is not asked for", trigger: otherDay("First"), run: enter("0002-01-01") },
        { content: "The whole year", trigger: otherDay("First"), run: enter("2020-01-01") },
        { content: "As of as many days", trigger: `${tile("stages_done")} .o_sop_kpi_before:contains(in as many days)` },
        {
            content: "The stages below open their stays",
            trigger: `${PAGE} .o_sop_kpis_stages tbody tr:first-child button`,
            async run(helpers) {
                expected = readNumber(`${PAGE} .o_sop_kpis_stages tbody tr:first-child td:nth-child(4)`);
                await helpers.click();
            },
        },
        asManyRows,
    ],
});

/** One who leads no department is told so, and reads his own work instead. */
registry.category("web_tour.tours").add("order_sop_kpis_member", {
    steps: () => [
        { content: "Not his", trigger: `${PAGE} .o_sop_kpis_refused:contains(leads of departments)` },
        { content: "His own work", trigger: `${PAGE} .o_sop_kpis_refused button`, run: "click" },
        { content: "Figures of his own", trigger: ".o_pivot_view, .o_view_nocontent, .o_list_view" },
    ],
});

/** A lead sees the figures of the department that he leads, and opens its work. */
registry.category("web_tour.tours").add("order_sop_kpis_lead", {
    steps: () => [
        { content: "His own department", trigger: `${PAGE} .o_sop_kpis_department:has(option:checked:contains(Finance))` },
        {
            content: "Nothing of the company",
            trigger: `${PAGE} .o_sop_kpis_department:not(:has(option:contains(The whole company)))`,
        },
        { content: "Nothing of its money", trigger: `${PAGE}:not(:has([data-code=dso]))` },
        openRows("stages_done"),
        asManyRows,
    ],
});
