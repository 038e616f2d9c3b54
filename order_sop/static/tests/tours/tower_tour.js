import { registry } from "@web/core/registry";

const LATE = ".o_sop_tile_late";

/** A manager sees that an order is late, opens the list, and finds there what was counted; then what he did about it. */
registry.category("web_tour.tours").add("order_sop_tower", {
    steps: () => [
        {
            content: "The tower counts one order that is late",
            trigger: `${LATE}[data-count='1']`,
        },
        {
            content: "One alert that nobody has acknowledged",
            trigger: ".o_sop_tile_alerts[data-count='1']",
        },
        {
            content: "Only what the warehouse has to do",
            trigger: ".o_sop_tower_department",
            run: "selectByLabel Warehouse",
        },
        {
            content: "It is the warehouse's",
            trigger: `${LATE}[data-count='1']`,
            run: "click",
        },
        {
            content: "The list holds what was counted",
            trigger: ".o_list_view .o_data_row",
            run() {
                const rows = document.querySelectorAll(".o_list_view .o_data_row").length;
                if (rows !== 1) {
                    throw new Error(`1 was counted and ${rows} are listed`);
                }
            },
        },
        {
            content: "Back to the tower",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:contains(Control Tower)",
            run: "click",
        },
        {
            content: "What was chosen is still chosen; open the alerts that are late",
            trigger: ".o_sop_tower .o_sop_tile_alerts[data-count='1']",
            run: "click",
        },
        {
            content: "Open the alert",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=message]",
            run: "click",
        },
        {
            content: "I know",
            trigger: ".o_form_view button[name=action_acknowledge]",
            run: "click",
        },
        {
            content: "Close it",
            trigger: ".o_form_view button[name=action_open_dialog].btn-primary:contains(Close)",
            run: "click",
        },
        {
            content: "What was done",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit A second shift packs it tonight",
        },
        {
            content: "Close the alert",
            trigger: ".modal footer button[name=action_confirm]:contains(Close the Alert)",
            run: "click",
        },
        {
            content: "It is closed, and tells what was done",
            trigger: ".o_form_view .o_field_widget[name=resolution]:contains(second shift)",
        },
        {
            content: "Back to the tower",
            trigger: ".breadcrumb-item a:contains(Control Tower), .o_breadcrumb .dropdown-toggle",
            run: "click",
        },
    ],
});

/** A member of the warehouse on a phone: the same tower, and nothing open to act on. */
registry.category("web_tour.tours").add("order_sop_tower_phone", {
    steps: () => [
        {
            content: "What is late",
            trigger: `${LATE}[data-count='1']`,
            run: "click",
        },
        {
            content: "One card",
            trigger: ".o_kanban_record:not(.o_kanban_ghost)",
        },
    ],
});
