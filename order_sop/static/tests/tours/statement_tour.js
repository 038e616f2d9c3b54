import { registry } from "@web/core/registry";

/** An accountant goes from the settlement to a statement that is sent. */
registry.category("web_tour.tours").add("order_sop_finance_sends_a_statement", {
    steps: () => [
        {
            content: "What is outstanding",
            trigger: ".o_list_view .o_data_row:contains(STATED) .o_data_cell[name=outstanding]:contains(350)",
        },
        {
            content: "The list as a workbook is at hand",
            trigger: ".o_list_view .o_control_panel button[name=action_export_xlsx], .o_list_view button[name=action_export_xlsx]",
        },
        {
            content: "Choose the order",
            trigger: ".o_data_row:contains(STATED) .o_list_record_selector input",
            run: "click",
        },
        { content: "State", trigger: "button:contains(Send Statements)", run: "click" },
        {
            content: "The customer is chosen",
            trigger: ".modal .o_field_widget[name=partner_ids] .o_tag",
        },
        { content: "Send", trigger: ".modal button[name=action_send]", run: "click" },
        {
            content: "What became of it",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row .badge:contains(Sent)",
        },
        { content: "That is it", trigger: ".modal-footer button:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

/** She looks at what was sent. */
registry.category("web_tour.tours").add("order_sop_finance_reads_a_statement", {
    steps: () => [
        {
            content: "It is there",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=state]:contains(Sent)",
            run: "click",
        },
        {
            content: "It says what he owes",
            trigger: ".o_form_view .o_field_widget[name=content] td[name=closing]:contains(350)",
        },
        {
            content: "There is no way to change it",
            trigger: ".o_form_view:not(:has(.o_statusbar_buttons button[name=action_send]))",
        },
    ],
});
