import { registry } from "@web/core/registry";

/** An accountant explains a difference. */
registry.category("web_tour.tours").add("order_sop_finance_explains", {
    steps: () => [
        {
            content: "What is different, whose it is",
            trigger: ".o_list_view .o_data_row:contains(SETTLE):contains(Delivered, Not Invoiced)",
        },
        {
            content: "Open it",
            trigger: ".o_data_row:contains(SETTLE) .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            content: "Explain",
            trigger: ".o_statusbar_buttons button[name=action_open_dialog]:contains(Explain)",
            run: "click",
        },
        {
            content: "Only reasons that fit are offered",
            trigger: ".modal .o_field_widget[name=reason_id] input",
            run: "edit Billed later",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains(Billed later, as agreed) a", run: "click" },
        {
            content: "What else is to be known",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit One invoice a month",
        },
        { content: "That is it", trigger: ".modal button[name=action_confirm]", run: "click" },
        {
            content: "It is explained, and its history says by whom",
            trigger:
                ".o_form_view:has(.o_arrow_button_current[data-value=explained]) .o_field_widget[name=event_ids] .o_data_row:contains(One invoice a month)",
        },
    ],
});

/** She signs the month. */
registry.category("web_tour.tours").add("order_sop_finance_signs", {
    steps: () => [
        { trigger: ".o_list_view .o_list_button_add, .o_control_panel .o_list_button_add", run: "click" },
        {
            content: "The month",
            trigger: ".o_form_view .o_field_widget[name=day] button, .o_form_view .o_field_widget[name=day] input",
            run: "click",
        },
        { trigger: ".o_field_widget[name=day] input", run: "edit 02/28/2025 && press Tab" },
        { content: "Sign", trigger: ".o_statusbar_buttons button[name=action_sign]", run: "click" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        {
            content: "It is signed",
            trigger: ".o_form_view .o_arrow_button_current[data-value=signed]",
        },
        { content: "What was signed", trigger: "button[name=action_open_lines]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(SETTLE)" },
    ],
});
