/** Steps that the tours of several departments share. They wait for what the SOP panel shows, never for time. */

import { animationFrame } from "@odoo/hoot-dom";

const PIXEL =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

/** Return a file as a user would choose it on his disk: the smallest picture there is, under the given name. */
export function picture(name) {
    const bytes = Uint8Array.from(atob(PIXEL), (char) => char.charCodeAt(0));
    return new File([bytes], name, { type: "image/png" });
}

/** The order is in the stage called `name`, and the panel on the present form shows it. */
export function inStage(name) {
    return {
        content: `The order is in stage ${name}`,
        trigger: `.o_sop_stage_current:contains(${name})`,
    };
}

/** Selector of the line of the check called `name`; `condition` narrows it, such as to a state. */
export function check(name, condition = "") {
    return `.o_sop_check${condition}:contains(${name})`;
}

/** Press the button `button` of the check called `name`. */
export function pressOnCheck(name, button) {
    return {
        content: `${button}: ${name}`,
        trigger: `${check(name)} button[name=${button}]`,
        run: "click",
    };
}

/** The check called `name` is no longer among what has to be done. */
export function isDone(name) {
    return {
        content: `${name} is done`,
        trigger: `.o_sop_panel:not(:has(.o_sop_to_do ${check(name)}))`,
    };
}

/** Open the customer's order from the list of what one's own department has to do. */
export function openFromMyWork(customer) {
    return [
        {
            content: `Open the order of ${customer} from My Work`,
            trigger: `.o_list_view .o_data_row:contains(${customer}) .o_data_cell[name=order_id]`,
            run: "click",
        },
        {
            content: "The order's panel is there",
            trigger: ".o_form_view .o_sop_panel",
        },
    ];
}

/** Save the form, when it has been changed. */
export function save() {
    return [
        { content: "Save", trigger: ".o_form_button_save:enabled", run: "click" },
        { content: "Saved", trigger: ".o_form_saved" },
    ];
}

/** A dialog of Odoo says in words, with `text` among them, why something is not possible; read and close it. */
export function readRefusal(text) {
    return [
        {
            content: `The refusal names: ${text}`,
            trigger: `.modal .o_error_dialog [role=alert]:contains(${text})`,
        },
        {
            content: "It is no crash: there is nothing technical to unfold",
            trigger: ".modal .o_error_dialog:not(:has(.o_error_detail, .accordion)) .btn-primary:contains(Close)",
            run: "click",
        },
        { content: "The dialog is closed", trigger: "body:not(:has(.modal))" },
    ];
}

/** Choose `value` in the many2one field `name`; `within` narrows where the field is. */
export function choose(name, value, within = ".o_form_view") {
    const trigger = `${within} .o_field_widget[name=${name}] input`;
    return [
        {
            content: "Scroll to the field first: scrolling closes its list",
            trigger,
            async run() {
                this.anchor.scrollIntoView({ block: "center" });
                await animationFrame();
                await animationFrame();
            },
        },
        {
            content: `Look for ${value}`,
            trigger,
            run: `fill ${value}`, // not edit, whose Enter may come before the options are there
        },
        {
            content: `Choose ${value}`,
            trigger: `.ui-autocomplete a:contains(${value})`,
            run: "click",
        },
    ];
}
