import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const dialog = ".modal .o_form_view";
let got = null;

/** The SOP's owner has the event log of what the map shows written. */
registry.category("web_tour.tours").add("order_sop_event_log_ask", {
    steps: () => [
        { content: "From the map", trigger: ".o_sop_map_log", run: "click" },
        { content: "The process of the map", trigger: `${dialog} [name=process_id] input:value(v2)` },
        { content: "The period of the map", trigger: `${dialog} [name=date_from] :is(input, button)` },
        { content: "As XES", trigger: `${dialog} [name=form] input[data-value=xes]:checked` },
        { content: "Export", trigger: ".modal button[name=action_export]", run: "click" },
        { content: "It will take a while", trigger: `${dialog} p:contains(You get a mail with the link)` },
        { content: "Close it", trigger: ".modal .btn-close", run: "click" },
        { content: "The map again", trigger: "body:not(:has(.modal)) .o_sop_map_log" },
    ],
});

/** He gets it, from the list of his exports. */
registry.category("web_tour.tours").add("order_sop_event_log_get", {
    steps: () => [
        { content: "It is there", trigger: ".o_data_row:contains(GATED):contains(.xes.gz) .badge:contains(Done)" },
        { content: "Open it", trigger: ".o_data_row .o_data_cell[name=name]", run: "click" },
        { content: "Get it", trigger: "button[name=action_download]", run: "click" },
        { content: "Nothing went wrong", trigger: ".o_form_view:not(:has(.o_error_dialog)) .o_field_widget[name=done_at]" },
    ],
});

/** A short one comes at once, by the menu, as CSV. */
registry.category("web_tour.tours").add("order_sop_event_log_csv", {
    steps: () => [
        { content: "All reports", trigger: "[data-menu-xmlid='order_sop.order_sop_menu_reporting']", run: "click" },
        { content: "Event log", trigger: "[data-menu-xmlid='order_sop.sop_event_export_menu']", run: "click" },
        { content: "Of one's process", trigger: `${dialog} [name=process_id] input`, run: "edit Gated" },
        { content: "Choose it", trigger: ".o-autocomplete--dropdown-item a:contains(v2)", run: "click" },
        { content: "As CSV", trigger: `${dialog} [name=form] input[data-value=csv]`, run: "click" },
        { content: "For a spreadsheet", trigger: `${dialog} [name=bom] input`, run: "click" },
        {
            content: "Export",
            trigger: ".modal button[name=action_export]",
            run(helpers) {
                // a new window, which browsers open for people alone
                browser.open = (url) => {
                    got = fetch(url).then((answer) => answer.text());
                    return window;
                };
                return helpers.click();
            },
        },
        {
            content: "It is there",
            trigger: ".modal .btn-close",
            async run() {
                for (let time = 0; !got && time < 100; time++) {
                    await new Promise((resolve) => setTimeout(resolve, 50));
                }
                const [heading, ...events] = (await got).trim().split("\n");
                if (!heading.includes("case:concept:name") || !events.length) {
                    throw new Error(`No event log: ${heading}`);
                }
            },
        },
        { content: "Close the dialog", trigger: ".modal .btn-close", run: "click" },
        { content: "It is closed", trigger: "body:not(:has(.modal))" },
    ],
});
