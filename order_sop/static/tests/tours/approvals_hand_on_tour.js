import { registry } from "@web/core/registry";
import { choose, check } from "./sop_tour_utils";

const MODAL = ".modal .o_form_view";

/** An approver hands what waits for him to a colleague: the dialog names the order and shows what it is about. */
registry.category("web_tour.tours").add("order_sop_approvals_handed_over", {
    steps: () => [
        {
            content: "Open what waits for me",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=order_id]",
            run: "click",
        },
        {
            content: "Hand it over",
            trigger: ".o_form_view .o_form_statusbar button[name=action_open_dialog]:contains(Hand Over)",
            run: "click",
        },
        {
            content: "The dialog names the order, and shows the amount",
            trigger: ".modal:has(.modal-title:contains(Hand Over – S)) .o_data_row:contains(200.00)",
        },
        ...choose("user_id", "board1", MODAL),
        {
            content: "Say why",
            trigger: `${MODAL} .o_field_widget[name=comment] textarea`,
            run: "edit I know him privately",
        },
        {
            content: "Hand over",
            trigger: ".modal footer button[name=action_confirm]:contains(Hand Over)",
            run: "click",
        },
        {
            content: "It waits for the colleague now, and is not mine to decide any more",
            trigger:
                ".o_form_view:not(:has(.o_form_statusbar button[name=action_open_dialog])) .o_field_widget[name=user_ids]:contains(board1)",
        },
        {
            content: "What was said is kept",
            trigger: ".o_field_widget[name=decision_ids] .o_data_row:contains(I know him privately)",
        },
    ],
});

/** Before he leaves, an approver says who decides in his place. */
registry.category("web_tour.tours").add("order_sop_approvals_absent", {
    steps: () => [
        {
            content: "A new absence",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...choose("delegate_id", "board2", ".o_selected_row"),
        {
            content: "Why",
            trigger: ".o_selected_row .o_field_widget[name=reason] input",
            run: "edit Holidays",
        },
        {
            content: "Save",
            trigger: ".o_list_button_save:enabled",
            run: "click",
        },
        {
            content: "It is there",
            trigger: ".o_data_row:not(.o_selected_row):contains(second):contains(board2):contains(Holidays)",
        },
    ],
});

/** Who asked takes the request back, from the order: there is a mistake in it; then he asks again. */
registry.category("web_tour.tours").add("order_sop_approvals_recalled", {
    steps: () => [
        {
            content: "More",
            trigger: `${check("Approve it")} button[aria-label=More]`,
            run: "click",
        },
        {
            content: "Recall",
            trigger: ".o-dropdown-item:contains(Recall)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal:has(.modal-title:contains(Recall – S)) .o_field_widget[name=comment] textarea",
            run: "edit The quantity is wrong",
        },
        {
            content: "Recall it",
            trigger: ".modal footer button[name=action_confirm]:contains(Recall)",
            run: "click",
        },
        {
            content: "It waits until somebody asks again",
            trigger: `${check("Approve it")} button[name=action_ask]`,
            run: "click",
        },
        {
            content: "It is asked for",
            trigger: `${check("Approve it")}:not(:has(button[name=action_ask])):contains(clerk)`,
        },
    ],
});
