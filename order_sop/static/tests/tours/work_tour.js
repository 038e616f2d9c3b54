import { registry } from "@web/core/registry";
import { choose } from "./sop_tour_utils";

/** Selector of the line of My Work about the check (or stage) called `name` of the order called `order`. */
function row(order, name) {
    return `.o_data_row:contains(${order}):contains(${name})`;
}

function press(order, name, button) {
    return {
        content: `${button}: ${name} of ${order}`,
        trigger: `${row(order, name)} button:contains(${button})`,
        run: "click",
    };
}

function isGone(order, name) {
    return {
        content: `${name} of ${order} is gone`,
        trigger: `.o_list_view:has(.o_data_row):not(:has(${row(order, name)}))`,
    };
}

function card(order, name) {
    return `.o_kanban_record:contains(${order}):contains(${name})`;
}

/** Anna's morning: she does what is hers, takes what is nobody's, hands one over, and looks at the board. */
registry.category("web_tour.tours").add("order_sop_warehouse_does_the_list", {
    steps: () => [
        {
            content: "The most urgent comes first, and says how much time is left",
            trigger: ".o_list_view .o_data_row:first:contains(URGENT):contains(ago)",
        },
        press("URGENT", "Packed", "Done"),
        isGone("URGENT", "Packed"),
        press("SHARED", "Packed", "Take"),
        {
            content: "All of the order that was nobody's is hers",
            trigger: `.o_list_view:not(:has(.o_data_row:contains(SHARED) button:contains(Take)))`,
        },
        {
            content: "Choose the line",
            trigger: `${row("SHARED", "Labelled")} .o_list_record_selector input`,
            run: "click",
        },
        { content: "Hand it over", trigger: ".o_control_panel button:contains(Hand Over)", run: "click" },
        ...choose("user_id", "bert", ".modal"),
        { content: "Why", trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit Bert has the forklift" },
        { content: "Do it", trigger: ".modal button[name=action_confirm]", run: "click" },
        isGone("SHARED", "Labelled"),
        { content: "A line opens its order", trigger: `${row("URGENT", "Labelled")} .o_data_cell[name=partner_id]`, run: "click" },
        { content: "With its panel", trigger: ".o_form_view .o_sop_panel:contains(Labelled)" },
        { content: "Back to the list", trigger: ".o_back_button", run: "click" },
        press("URGENT", "Labelled", "Done"),
        press("URGENT", "Complete", "Complete"),
        isGone("URGENT", "Complete"),
    ],
});

/** The board shows each order in the column of its stage; dragging one moves nothing. */
registry.category("web_tour.tours").add("order_sop_warehouse_looks_at_the_board", {
    steps: () => [
        {
            content: "The late one is the first of its column, which counts its orders",
            trigger: ".o_kanban_group:contains(Pack) .o_kanban_record:first:contains(URGENT)",
        },
        { content: "How many there are", trigger: ".o_kanban_group:contains(Pack) .o_kanban_counter" },
        { content: "No card can be dragged", trigger: ".o_kanban_renderer:not(:has(.o_record_draggable))" },
    ],
});

/** The same list on a phone. */
registry.category("web_tour.tours").add("order_sop_warehouse_does_the_list_by_phone", {
    steps: () => [
        { content: "Cards, the most urgent first", trigger: ".o_kanban_record:first:contains(URGENT)" },
        {
            content: "Nothing is wider than the screen",
            trigger: ".o_kanban_renderer",
            run() {
                const screen = document.documentElement.clientWidth;
                const wide = [...this.anchor.querySelectorAll("button, .o_kanban_record")].filter(
                    (element) => element.getBoundingClientRect().right > screen
                );
                if (wide.length) {
                    throw new Error(`Beyond the screen's edge: ${wide[0].outerHTML}`);
                }
            },
        },
        { content: "Done", trigger: `${card("URGENT", "Packed")} button:contains(Done)`, run: "click" },
        { content: "It is gone", trigger: `.o_kanban_renderer:not(:has(${card("URGENT", "Packed")}))` },
        { content: "Take", trigger: `${card("SHARED", "Packed")} button:contains(Take)`, run: "click" },
        { content: "Hand over", trigger: `${card("SHARED", "Packed")} button:contains(Hand Over)`, run: "click" },
        { content: "On a phone people are chosen in a list", trigger: ".modal .o_field_widget[name=user_id] input", run: "click" },
        { content: "Bert", trigger: ".modal .o_kanban_record:contains(bert)", run: "click" },
        { content: "Why", trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit He is beside it" },
        { content: "Do it", trigger: ".modal button[name=action_confirm]", run: "click" },
        { content: "It is gone", trigger: `body:not(:has(.modal)) .o_kanban_renderer:not(:has(${card("SHARED", "Packed")}))` },
    ],
});
