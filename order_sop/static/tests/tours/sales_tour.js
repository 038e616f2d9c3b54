import { registry } from "@web/core/registry";
import { inStage, openFromMyWork } from "./sop_tour_utils";

/** Reviewed by all, the order is confirmed by the button that Odoo has for it. */
registry.category("web_tour.tours").add("order_sop_sales_confirms", {
    steps: () => [
        ...openFromMyWork("Tour Customer"),
        inStage("Stock matching"),
        {
            content: "The order waits for its confirmation",
            trigger: ".o_sop_to_do .o_sop_check:contains(Sales confirms)",
        },
        {
            content: "Confirm",
            trigger: ".o_statusbar_buttons button[name=action_confirm]:contains(Confirm)",
            run: "click",
        },
        {
            content: "It is a sales order now",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=sale]",
        },
        inStage("Pick & pack"),
    ],
});
