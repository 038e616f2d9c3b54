import { registry } from "@web/core/registry";
import { check, inStage, openFromMyWork } from "./sop_tour_utils";

const CUSTOMER = "Tour Customer";

/** Five chairs come back. The return shows the order's panel, and keeps it open until it is done and credited. */
registry.category("web_tour.tours").add("order_sop_after_sales_takes_a_return", {
    steps: () => [
        ...openFromMyWork(CUSTOMER),
        inStage("After-sales"),
        {
            content: "Open the delivery",
            trigger: ".o-form-buttonbox button[name=action_view_delivery]",
            run: "click",
        },
        {
            content: "Return",
            trigger: ".o_statusbar_buttons button:contains(Return)",
            run: "click",
        },
        {
            content: "How many",
            trigger: ".modal .o_data_row:contains(Chair) .o_data_cell[name=quantity]",
            run: "click",
        },
        {
            content: "Five",
            trigger: ".modal .o_selected_row .o_field_widget[name=quantity] input",
            run: "edit 5",
        },
        {
            content: "Return them",
            trigger: ".modal button[name=action_create_returns]",
            run: "click",
        },
        {
            content: "The return says that the order waits for it",
            trigger: `.o_breadcrumb:contains(/IN/), ${check("No open return")}:contains(/IN/)`,
        },
        {
            content: "It is in the panel's list",
            trigger: `${check("No open return")}:contains(/IN/)`,
        },
        {
            content: "The chairs are back",
            trigger: ".o_statusbar_buttons button[name=button_validate]:contains(Validate)",
            run: "click",
        },
        {
            content: "The return is done",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=done]",
        },
        {
            content: "Now finance is to credit them",
            trigger: `${check("No open return")}:contains(not credited yet)`,
        },
    ],
});
