import { registry } from "@web/core/registry";
import { check, choose, inStage, isDone, save } from "./sop_tour_utils";

const CUSTOMER = "Tour Customer";

function press(name) {
    return { content: `Press ${name}`, trigger: `.o_statusbar_buttons button[name=${name}]:enabled`, run: "click" };
}

/** From the customer's order: a chair is to come back. It is entered, answered, and stands on the board. */
registry.category("web_tour.tours").add("order_sop_after_sales_opens_a_case", {
    steps: () => [
        press("action_sop_open_case"),
        {
            content: "The form knows the order and its customer",
            trigger: `.o_form_view:has(.o_field_widget[name=kind]) .o_field_widget[name=partner_id] input:value(${CUSTOMER})`,
        },
        { content: "In a few words", trigger: ".o_field_widget[name=subject] input", run: "edit One chair squeaks" },
        { content: "Add goods", trigger: ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a", run: "click" },
        ...choose("order_line_id", "Chair", ".o_selected_row"),
        ...choose("reason_id", "Does not work", ".o_selected_row"),
        ...save(),
        inStage("Received"),
        { content: "The customer waits for an answer", trigger: check("Customer answered") },
        { content: "Write to him", trigger: ".o-mail-Chatter-sendMessage", run: "click" },
        {
            content: "What happens next",
            trigger: ".o-mail-Composer-input",
            run: "edit We are sorry. Please send it back.",
        },
        { content: "Send", trigger: ".o-mail-Composer-send:enabled", run: "click" },
        inStage("Assessment"),
        { content: "To the board", trigger: ".o_menu_sections button:contains(After-Sales)", run: "click" },
        { content: "Cases", trigger: ".o-dropdown-item:contains(Cases)", run: "click" },
        {
            content: "It is there",
            trigger: `.o_kanban_group:contains(Assessment) .o_kanban_record:contains(${CUSTOMER}):contains(squeaks)`,
        },
    ],
});

/** From the board: what becomes of it is chosen, and the chair is expected back. */
registry.category("web_tour.tours").add("order_sop_after_sales_assesses_a_case", {
    steps: () => [
        {
            content: "Open it from the board",
            trigger: `.o_kanban_group:contains(Assessment) .o_kanban_record:contains(${CUSTOMER})`,
            run: "click",
        },
        inStage("Assessment"),
        {
            content: "What becomes of it",
            trigger: ".o_field_widget[name=line_ids] .o_data_row .o_data_cell[name=solution]",
            run: "click",
        },
        {
            content: "Open the choice",
            trigger: ".o_selected_row .o_field_widget[name=solution] input",
            run: "click",
        },
        { content: "Refund", trigger: ".o_select_menu_item:contains(Refund):not(:contains(Partial))", run: "click" },
        ...save(),
        isDone("Reason and solution chosen"),
        { content: "Complete", trigger: ".o_sop_panel button[name=action_sop_complete]:enabled", run: "click" },
        inStage("Goods back"),
        press("action_expect_goods"),
        { content: "The warehouse is to receive it", trigger: `${check("Goods are back")}:contains(not here yet)` },
    ],
});

/** It is back: inspected, and what solves it is made. */
registry.category("web_tour.tours").add("order_sop_after_sales_solves_a_case", {
    steps: () => [
        inStage("Inspection"),
        { content: "Inspect", trigger: ".o_data_row button[name=action_open_inspection]", run: "click" },
        { content: "All of it is fit for stock", trigger: ".modal .o_field_widget[name=restock_qty] input:value(1.00)" },
        { content: "Note", trigger: ".modal .o_field_widget[name=note] input", run: "edit Oiled, as new" },
        { content: "Inspected", trigger: ".modal button[name=action_confirm]", run: "click" },
        inStage("Solution"),
        press("action_solve"),
        { content: "Finance is to post it", trigger: `${check("Solution carried out")}:contains(not done yet)` },
        { content: "It is among the documents", trigger: "button[name=action_view_documents]:contains(2)" },
    ],
});

/** The money is on its way; on the phone the customer said that he is content. */
registry.category("web_tour.tours").add("order_sop_after_sales_closes_a_case", {
    steps: () => [
        inStage("Conclusion"),
        press("action_agree"),
        { content: "It is closed", trigger: ".o_statusbar_status .o_arrow_button_current[data-value=closed]" },
    ],
});
