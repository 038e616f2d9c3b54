import { registry } from "@web/core/registry";
import { check, inStage, isDone, openFromMyWork, pressOnCheck } from "./sop_tour_utils";

const CUSTOMER = "Tour Customer";

/** From 5,000 on, finance has the last word before the order may be confirmed. */
registry.category("web_tour.tours").add("order_sop_finance_approves", {
    steps: () => [
        ...openFromMyWork(CUSTOMER),
        inStage("Order review"),
        {
            content: "Legal's clauses are not finance's to tick",
            trigger: ".o_sop_panel:not(:has(button[name=action_pass]))",
        },
        pressOnCheck("Finance approves", "approve"),
        {
            content: "Say something",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Pays on time",
        },
        {
            content: "Approve",
            trigger: ".modal button[name=action_confirm]:contains(Approve)",
            run: "click",
        },
        isDone("Finance approves"),
    ],
});
