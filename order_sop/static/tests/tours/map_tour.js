import { registry } from "@web/core/registry";

const counted = (selector) => Number(document.querySelector(selector).dataset.count);

/** A manager comes from the process, sees which ways orders take, follows one and opens the orders of a variant. */
let expected = 0;

function listHas(content) {
    return {
        content,
        trigger: ".o_list_view .o_data_row, .o_kanban_record:not(.o_kanban_ghost)",
        run() {
            const pager = document.querySelector(".o_pager_limit");
            const rows = pager
                ? Number(pager.textContent)
                : document.querySelectorAll(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)").length;
            if (rows !== expected) {
                throw new Error(`${expected} was counted and ${rows} are listed`);
            }
        },
    };
}

function openFirst(content, selector) {
    return {
        content,
        trigger: selector,
        async run(helpers) {
            expected = counted(selector);
            await helpers.click();
        },
    };
}

const back = {
    content: "Back to the map",
    trigger: ".breadcrumb-item a:contains(Process Map), .o_back_button",
    run: "click",
};

registry.category("web_tour.tours").add("order_sop_map", {
    steps: () => [
        {
            content: "From the process to its map",
            trigger: ".oe_stat_button:contains(Process Map), .o_button_more",
            run: "click",
        },
        {
            content: "Both versions of a stage are one box, under its newest name",
            trigger: ".o_sop_map_box[data-name='Pack and wrap']",
        },
        {
            content: "Send-backs are told apart",
            trigger: ".o_sop_map_arrow.o_sop_map_back",
        },
        openFirst("Open the visits of a box", ".o_sop_map_box[data-name='Review']"),
        listHas("As many as the box says"),
        back,
        {
            content: "The variants are there; show one on the map",
            trigger: ".o_sop_map_variant",
            run: "click",
        },
        {
            content: "What is not on its way is faint",
            trigger: ".o_sop_map_variant[aria-pressed='true']",
        },
        openFirst("Open the orders that went this way", ".o_sop_map_open"),
        listHas("As many as went this way"),
        back,
        openFirst("Open the orders that are in a stage now", ".o_sop_map_now"),
        listHas("As many as are there"),
        back,
        {
            content: "Only what Finance had to do with; and away before that is read",
            trigger: ".o_sop_map_department",
            run({ anchor }) {
                anchor.value = [...anchor.options].find((option) => option.text === "Finance").value;
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
                document.querySelector(".o_sop_map_box").dispatchEvent(new MouseEvent("click", { bubbles: true }));
            },
        },
        { content: "The visits of that box", trigger: ".o_list_view .o_data_row" },
        back,
        {
            content: "What Finance had to do with was read meanwhile: the others' boxes are faint",
            trigger: ".o_sop_map_box.o_sop_map_faded",
        },
        { content: "Nothing is still being counted", trigger: ".o_sop_map_aside:not(:contains(Counting)):not(:contains(Comparing))" },
        { content: "Only one customer's", trigger: ".o_sop_map_partner input", run: "edit Customer 0" },
        {
            content: "Choose him",
            trigger: ".o_sop_map_partner .o-autocomplete--dropdown-item:contains(Customer 0)",
            run: "click",
        },
        { content: "The drawing says whose it is", trigger: ".o_sop_map_caption:contains(Customer 0)" },
        {
            content: "A month in which nothing was begun",
            trigger: ".o_sop_map_period",
            run: "selectByLabel Last year",
        },
        {
            content: "It says so",
            trigger: ".o_sop_map_empty:contains(Nothing was begun)",
        },
    ],
});

/** An auditor on a phone: he sees the map and opens what is behind an arrow. */
registry.category("web_tour.tours").add("order_sop_map_phone", {
    steps: () => [
        {
            content: "The process",
            trigger: ".o_sop_map_process",
            run: "select GATED",
        },
        openFirst("Open the visits of a box", ".o_sop_map_box[data-name='Review']"),
        listHas("As many as the box says"),
    ],
});
