import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";
import { check, choose, inStage, isDone, openFromMyWork, picture, save } from "./sop_tour_utils";

const CUSTOMER = "Tour Customer";

const ADDITIONAL_INFO = {
    content: "Additional information of the delivery",
    trigger: ".nav-link[name=extra]",
    run: "click",
};

/** Odoo lets nobody choose a carrier once the goods have left: logistics does it while the warehouse packs. */
registry.category("web_tour.tours").add("order_sop_logistics_chooses_the_carrier", {
    steps: () => [
        {
            content: "Open the delivery",
            trigger: `.o_list_view .o_data_row:contains(${CUSTOMER}) .o_data_cell[name=name]`,
            run: "click",
        },
        inStage("Pick & pack"),
        {
            content: "The checks of the warehouse are not for logistics to pass",
            trigger: ".o_sop_panel:not(:has(.o_sop_check_actions))",
        },
        ADDITIONAL_INFO,
        ...choose("carrier_id", "Courier"),
        ...save(),
    ],
});

/** Shipped: tracking number and the receipt that the customer has signed. */
registry.category("web_tour.tours").add("order_sop_logistics_ships", {
    steps: () => [
        ...openFromMyWork(CUSTOMER),
        inStage("Logistics"),
        {
            content: "The panel leads to the delivery",
            trigger: `${check("Tracking number")} a:contains(OUT)`,
            run: "click",
        },
        {
            content: "Its panel",
            trigger: `.o_form_view:has(.o_arrow_button_current[data-value=done]) ${check("Tracking number")}`,
        },
        ADDITIONAL_INFO,
        {
            content: "Enter the tracking number",
            trigger: ".o_field_widget[name=carrier_tracking_ref] input",
            run: "edit TRACK-1",
        },
        ...save(),
        isDone("Tracking number"),
        {
            content: "Attach the signed receipt",
            trigger: ".o-mail-Chatter-attachFiles",
            async run() {
                await inputFiles(".o-mail-Chatter .o_input_file", [picture("receipt.png")]);
            },
        },
        {
            content: "The receipt is there",
            trigger: ".o-mail-Chatter-attachFiles:contains(1)",
        },
    ],
});
