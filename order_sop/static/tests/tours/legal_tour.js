import { registry } from "@web/core/registry";
import { check, choose, inStage, isDone, openFromMyWork, pressOnCheck } from "./sop_tour_utils";

const CUSTOMER = "Tour Customer";

/** The contract is fine, but the customer's order number is not on the order: back to who took it. */
registry.category("web_tour.tours").add("order_sop_legal_sends_it_back", {
    steps: () => [
        ...openFromMyWork(CUSTOMER),
        inStage("Order review"),
        pressOnCheck("Clause: scope and delivery", "action_pass"),
        isDone("Clause: scope and delivery"),
        {
            content: "Legal reads the order and cannot change it",
            trigger: ".o_form_view .o_field_widget[name=partner_id]:not(:has(input))",
        },
        {
            content: "Send it back",
            trigger: ".o_sop_panel button[name=action_sop_send_back]",
            run: "click",
        },
        {
            content: "Without a reason it does not go",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The dialog asks for both fields",
            trigger: ".modal .o_field_invalid[name=reason]",
        },
        ...choose("stage_id", "Order receipt", ".modal"),
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit The customer's order number is missing",
        },
        {
            content: "Back it goes",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        inStage("Order receipt"),
        {
            content: "Everybody reads who sent it back and why",
            trigger: ".o_sop_panel:contains(legal):contains(order number is missing)",
        },
        {
            content: "Legal has nothing to press any more",
            trigger: ".o_sop_panel:not(:has(button[name=action_sop_complete], button[name=action_sop_send_back]))",
        },
    ],
});

/** Clause by clause, in the new cycle; one of them with a note. */
registry.category("web_tour.tours").add("order_sop_legal_reviews_the_contract", {
    steps: () => [
        ...openFromMyWork(CUSTOMER),
        inStage("Order review"),
        pressOnCheck("Clause: scope and delivery", "action_pass"),
        isDone("Clause: scope and delivery"),
        pressOnCheck("Clause: price and payment", "action_pass"),
        isDone("Clause: price and payment"),
        {
            content: "More can be said on a check",
            trigger: `${check("Clause: liability")} button[aria-label=More]`,
            run: "click",
        },
        {
            content: "Done, with a note",
            trigger: ".o-dropdown-item:contains(With Note)",
            run: "click",
        },
        {
            content: "Write the note",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Penalties are capped at five percent",
        },
        {
            content: "Done",
            trigger: ".modal button[name=action_confirm]:contains(Done)",
            run: "click",
        },
        isDone("Clause: liability"),
        {
            content: "What is done is kept",
            trigger: ".o_sop_done > button",
            run: "click",
        },
        {
            content: "The note can be read",
            trigger: `.o_sop_done ${check("Clause: liability")}:contains(five percent):contains(legal)`,
        },
    ],
});
