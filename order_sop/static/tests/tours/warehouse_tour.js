import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";
import { stepUtils } from "@web_tour/tour_utils";
import { check, inStage, isDone, openFromMyWork, picture, pressOnCheck, readRefusal } from "./sop_tour_utils";

const CUSTOMER = "Tour Customer";

/** Attach a photo in the dialog of the check “Packaging intact” of the delivery. */
function photographParcel() {
    return [
        pressOnCheck("Packaging intact", "pass"),
        {
            content: "The dialog says what the photo is to show; choose it",
            trigger: ".modal:contains(photo of the closed parcel) .o_field_many2many_binary",
            async run() {
                await inputFiles(".modal .o_field_many2many_binary .o_input_file", [picture("parcel.png")]);
            },
        },
        {
            content: "The photo is there",
            trigger: ".modal .o_attachment:contains(parcel.png):not(.o_attachment_uploading)",
        },
        {
            content: "Done",
            trigger: ".modal button[name=action_confirm]:contains(Done)",
            run: "click",
        },
        isDone("Packaging intact"),
    ];
}

/** Goods leave only when the parcel was looked at, with a photo, and the labels are right. */
registry.category("web_tour.tours").add("order_sop_warehouse_packs", {
    steps: () => [
        ...openFromMyWork(CUSTOMER),
        inStage("Pick & pack"),
        {
            content: "The panel leads to the delivery",
            trigger: `${check("Packaging intact")} a:contains(OUT)`,
            run: "click",
        },
        {
            content: "On the delivery the panel does not repeat its name",
            trigger: `.o_form_view:has(button[name=button_validate]) ${check("Packaging intact")}:not(:has(a:contains(OUT)))`,
        },
        {
            content: "Validate too early",
            trigger: ".o_statusbar_buttons button[name=button_validate]:contains(Validate)",
            run: "click",
        },
        ...readRefusal("Packaging intact"),
        ...photographParcel(),
        pressOnCheck("Labels right", "action_pass"),
        isDone("Labels right"),
        {
            content: "Validate",
            trigger: ".o_statusbar_buttons button[name=button_validate]:contains(Validate)",
            run: "click",
        },
        {
            content: "The goods have left",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=done]",
        },
        inStage("Logistics"),
    ],
});

/** The same on a phone, beside the parcel: everything can be reached with a thumb. */
registry.category("web_tour.tours").add("order_sop_warehouse_packs_by_phone", {
    steps: () => [
        {
            content: "There is no room for seven names: the panel says the stage and how far that is",
            trigger: ".o_sop_panel .d-md-none:contains(Pick & pack):contains(4 of 7)",
        },
        {
            content: "Nothing is wider than the screen",
            trigger: ".o_sop_panel",
            run() {
                const screen = document.documentElement.clientWidth;
                const wide = [...this.anchor.querySelectorAll("button, .o_sop_check")].filter(
                    (element) => element.getBoundingClientRect().right > screen
                );
                if (wide.length) {
                    throw new Error(`Beyond the screen's edge: ${wide[0].outerHTML}`);
                }
            },
        },
        ...photographParcel(),
        pressOnCheck("Labels right", "action_pass"),
        isDone("Labels right"),
        ...stepUtils.statusbarButtonsSteps("Validate", "Validate"),
        {
            content: "The goods have left",
            trigger: ".o_sop_panel .d-md-none:contains(Logistics):contains(5 of 7)",
        },
    ],
});
