import { registry } from "@web/core/registry";

/** A morning at the stock desk: what is short is seen, compared, decided, and the customer is asked. */
registry.category("web_tour.tours").add("order_sop_warehouse_decides_at_the_desk", {
    steps: () => [
        {
            content: "What is short stands on the desk, what is covered does not",
            trigger: ".o_list_view:has(.o_data_row:contains(SHORT)):not(:has(.o_data_row:contains(COVERED)))",
        },
        {
            content: "Decide",
            trigger: ".o_data_row:contains(SHORT) button[name=action_open_dialog]",
            run: "click",
        },
        {
            content: "Each decision says what it brings about",
            trigger: ".modal .o_data_row:contains(Ship in Parts):contains(3 Units of Table leave now)",
        },
        { content: "Buying too", trigger: ".modal .o_data_row:contains(Replenish):contains(Vendor)" },
        {
            content: "What is not his is not offered",
            trigger: ".modal:not(:has(.o_data_row:contains(Substitute)))",
        },
        {
            content: "Choose",
            trigger: ".modal .o_radio_item:contains(Ship in Parts) input",
            run: "click",
        },
        { content: "It is shown again", trigger: ".modal [name=preview]:contains(2 Units follow)" },
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Three are here",
        },
        { content: "The customer has a say", trigger: ".modal button:contains(Ask the Customer)", run: "click" },
        {
            content: "He is asked",
            trigger: ".o_data_row:contains(SHORT):contains(Ship in Parts):contains(Customer Asked)",
        },
        {
            content: "The same on the order",
            trigger: ".o_data_row:contains(SHORT) .o_data_cell[name=partner_id]",
            run: "click",
        },
        { content: "Its stock", trigger: ".o_form_view .o_notebook a[name=sop_stock]", run: "click" },
        {
            content: "Figures and decisions",
            trigger: ".o_form_view .o_field_widget[name=sop_remedy_ids] .o_data_row:contains(Customer Asked)",
        },
        { content: "Back", trigger: ".o_back_button", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(SHORT)" },
    ],
});
