import { Component, onMounted, onPatched, onWillUpdateProps, useRef } from "@odoo/owl";
import { savePng, saveSvg } from "./sop_map_image";
import { BOX, END_RADIUS, layoutMap } from "./sop_map_layout";
import * as words from "./sop_map_words";

const RARE = 0.01;
const NARROWEST = 0.75; // what can still be read on a phone

/** The map itself: boxes, ways, what begins and ends; larger and smaller, on paper and as a picture. */
export class SopMapDrawing extends Component {
    static template = "order_sop.SopMapDrawing";
    static props = {
        map: Object,
        marked: { type: [Object, { value: null }] },
        captionLines: Array,
        fileName: String,
        all: Boolean,
        zoom: { type: [Number, { value: null }] },
        change: Function, // of `all` and `zoom`
        open: Function,
        exportLog: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        this.svg = useRef("svg");
        this.size = { ...BOX, end: END_RADIUS };
        this.words = words;
        onWillUpdateProps(({ map, all, zoom }) => {
            const { map: mapBefore, all: allBefore, zoom: zoomBefore } = this.props;
            this.centred = this.centred && map === mapBefore && all === allBefore && zoom === zoomBefore;
        });
        onMounted(() => this.fit());
        onPatched(() => this.fit());
    }

    get isEmpty() {
        return !this.props.map.visits && !this.props.map.boxes.some((box) => box.now.count);
    }

    /** The arrows that are drawn: rare ones make a map unreadable, and are in the table. */
    get arrows() {
        const arrows = this.props.map.arrows;
        const most = Math.max(0, ...arrows.map((arrow) => arrow.count));
        const marked = this.marked.arrows;
        return this.props.all ? arrows : arrows.filter((arrow) => arrow.count >= most * RARE || marked.has(arrow.key));
    }

    get layout() {
        return layoutMap(this.props.map.boxes, this.arrows);
    }

    /** Where the middle of a line of the caption is: above the boxes, if there is room for all of it. */
    captionPlace(line, drawn) {
        return words.cut(line, drawn.centredWidth, 13) === line ? drawn.centre : drawn.width / 2;
    }

    /** What is emphasised: the boxes and arrows of one variant, or one box. */
    get marked() {
        const marked = this.props.marked;
        const boxes = marked ? marked.boxes : [];
        const arrows = boxes.slice(1).map((key, index) => `${boxes[index]}>${key}`);
        return { on: Boolean(marked), boxes: new Set(boxes), arrows: new Set(arrows), first: boxes[0], last: boxes.at(-1) };
    }

    boxClass(box) {
        const marked = this.marked;
        const faded = marked.on ? !marked.boxes.has(box.key) : box.dimmed;
        return `${faded ? "o_sop_map_faded" : ""} ${box.current ? "" : "o_sop_map_former"}`;
    }

    arrowClass(arrow) {
        const marked = this.marked;
        return `o_sop_map_${arrow.kind} ${marked.on && !marked.arrows.has(arrow.key) ? "o_sop_map_faded" : ""}`;
    }

    stubClass(box, isStart) {
        const marked = this.marked;
        const faded = marked.on && box.key !== (isStart ? marked.first : marked.last);
        return faded ? "o_sop_map_faded" : "";
    }

    // -- what people do -----------------------------------------------------------------------------------------------

    openByKey(ev, number) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            return this.props.open(number);
        }
    }

    /** Make the map as wide as there is room, as far as it can be read, and bring its middle into sight once. */
    fit() {
        const canvas = this.canvas.el;
        const layout = this.layout;
        const fitting = Math.min(1, Math.max(NARROWEST, (canvas.clientWidth - 2) / layout.width));
        const zoom = this.props.zoom || fitting;
        this.svg.el.style.width = `${layout.width * zoom}px`;
        if (!this.centred) {
            canvas.scrollLeft = layout.centre * zoom - canvas.clientWidth / 2;
            this.centred = true;
        }
    }

    zoom(factor) {
        const shown = this.svg.el.getBoundingClientRect().width / this.layout.width;
        this.props.change({ zoom: factor ? Math.min(3, Math.max(0.3, shown * factor)) : null });
    }

    saveSvg() {
        saveSvg(this.svg.el, this.props.fileName);
    }

    savePng() {
        return savePng(this.svg.el, this.props.fileName);
    }

    print() {
        window.print();
    }
}
