import { registry } from "@web/core/registry";
import { check, choose, isDone, readRefusal } from "./sop_tour_utils";

const HOLD = ".o_sop_hold:contains(Suspicion of fraud)";

/** Write why in the dialog that is open, and press its button. */
function sayWhy(reason, button, field = "reason") {
    return [
        { content: "Why", trigger: `.modal .o_field_widget[name=${field}] textarea`, run: `edit ${reason}` },
        { content: button, trigger: `.modal button[name=action_confirm]:contains(${button})`, run: "click" },
        { content: "The dialog is closed", trigger: "body:not(:has(.modal))" },
    ];
}

/** Something is wrong with the customer: finance stops the order by hand. */
registry.category("web_tour.tours").add("order_sop_finance_holds", {
    steps: () => [
        { content: "Nothing holds it", trigger: ".o_sop_panel:not(:has(.o_sop_hold))" },
        { content: "Put it on hold", trigger: ".o_sop_panel button[name=action_sop_hold]", run: "click" },
        ...choose("type_id", "Suspicion of fraud", ".modal"),
        ...sayWhy("The card was reported stolen", "Hold"),
        { content: "Why it is on hold, and who did that", trigger: `${HOLD}:contains(reported stolen):contains(finance)` },
        { content: "The one who may release it can do so", trigger: `${HOLD} button[name=action_open_release]` },
    ],
});

/** The warehouse has packed it and reads on the delivery why it does not leave; only finance can change that. */
registry.category("web_tour.tours").add("order_sop_warehouse_meets_a_hold", {
    steps: () => [
        {
            content: "The delivery says why, and offers nothing to press",
            trigger: `.o_form_view:has(button[name=button_validate]) ${HOLD}:contains(reported stolen):not(:has(button))`,
        },
        {
            content: "Validate all the same",
            trigger: ".o_statusbar_buttons button[name=button_validate]:contains(Validate)",
            run: "click",
        },
        ...readRefusal("On hold: Suspicion of fraud"),
    ],
});

/** Finance passes over a check as an exception, and releases the hold; both with a reason. */
registry.category("web_tour.tours").add("order_sop_finance_releases", {
    steps: () => [
        { content: "More for the check", trigger: `${check("Card checked")} button[aria-label=More]`, run: "click" },
        { content: "Pass it over", trigger: ".o-dropdown-item:contains(Pass Over)", run: "click" },
        ...sayWhy("The bank is closed today", "Pass Over", "note"),
        isDone("Card checked"),
        { content: "Release", trigger: `${HOLD} button[name=action_open_release]`, run: "click" },
        ...sayWhy("The bank has confirmed the card", "Release"),
        { content: "It goes on", trigger: ".o_sop_panel:not(:has(.o_sop_hold))" },
    ],
});

/** Now the same button lets the goods go. */
registry.category("web_tour.tours").add("order_sop_warehouse_ships", {
    steps: () => [
        {
            content: "Validate",
            trigger: ".o_form_view:not(:has(.o_sop_hold)) .o_statusbar_buttons button[name=button_validate]:contains(Validate)",
            run: "click",
        },
        { content: "They have left", trigger: ".o_statusbar_status .o_arrow_button_current[data-value=done]" },
    ],
});
