import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
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

/** On a phone, beside the lorry: what became of the delivery, and the receipt that the customer has signed. */
registry.category("web_tour.tours").add("order_sop_logistics_tracks_by_phone", {
    steps: () => [
        { content: "The delivery has left", trigger: ".o_sop_panel .d-md-none:contains(5 of 7)" },
        ...stepUtils.statusbarButtonsSteps("Tracking Event", "What happened on the way"),
        {
            content: "It was delivered",
            trigger: ".modal .o_field_widget[name=code] .o_radio_item:contains(Delivered) input",
            run: "click",
        },
        {
            content: "Where",
            trigger: ".modal .o_field_widget[name=place] input",
            run: "edit Gate 3",
        },
        { content: "Enter it", trigger: ".modal button[name=action_confirm]", run: "click" },
        {
            content: "The delivery says so",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=sop_tracking_state]:contains(Delivered)",
        },
        ...stepUtils.statusbarButtonsSteps("Proof of Delivery", "The signed receipt"),
        {
            content: "A photo of it",
            trigger: ".modal .o_field_widget[name=file]",
            async run() {
                await inputFiles(".modal .o_field_widget[name=file] input[type=file]", [picture("receipt.png")]);
            },
        },
        {
            content: "Nothing is wider than the screen",
            trigger: ".modal .o_field_widget[name=file]:not(:has(.o_select_file_button:contains(Upload)))",
            run() {
                const screen = document.documentElement.clientWidth;
                const wide = [...document.querySelectorAll(".modal button, .modal input")].filter(
                    (element) => element.getBoundingClientRect().right > screen
                );
                if (wide.length) {
                    throw new Error(`Beyond the screen's edge: ${wide[0].outerHTML}`);
                }
            },
        },
        {
            content: "Who signed it",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Ms Li",
        },
        { content: "Add it", trigger: ".modal button[name=action_confirm]", run: "click" },
        {
            content: "The receipt is proven",
            trigger: "body:not(:has(.modal)) .o_form_view .badge:contains(Receipt proven)",
        },
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
