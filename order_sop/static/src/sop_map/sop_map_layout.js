/**
 * Where everything of a process map is drawn: boxes one below the other in the order of the process, ways to a later box
 * on the right, ways back on the left, each in a lane of its own so that nothing is written over anything else.
 */

export const BOX = { width: 264, height: 92 };
const GAP = 60;
const TOP = 92;
const STUB = 78; // beside a box: what begins or ends there
const LANE = 62;
const MARGIN = 16;
const HEAD = 9;
const RADIUS = 12;
const LEGEND = 64;
export const END_RADIUS = 8;

/** Return the side on which a way is drawn, or null where it goes straight down. */
function sideOf(from, to) {
    if (to === from + 1) {
        return null;
    }
    return to > from ? "right" : "left";
}

/** Give each of `ways` the innermost lane that is free over its whole length; return how many lanes there are. */
function assignLanes(ways) {
    const lanes = [];
    for (const way of [...ways].sort((one, other) => one.high - one.low - (other.high - other.low))) {
        way.lane = lanes.findIndex((taken) => taken.every(([low, high]) => way.high <= low || way.low >= high));
        if (way.lane < 0 || way.high === way.low) {
            way.lane = way.lane < 0 ? lanes.length : way.lane;
            lanes[way.lane] = lanes[way.lane] || [];
        }
        lanes[way.lane].push([way.low, Math.max(way.high, way.low + 0.1)]);
    }
    return lanes.length;
}

function strokeOf(count, most) {
    return 1.5 + 7 * Math.sqrt(count / Math.max(most, 1));
}

function head(x, y, dx, dy, size) {
    const [half, length] = [size, HEAD + size * 0.6];
    const [backX, backY] = [x - dx * length, y - dy * length];
    return `${x},${y} ${backX - dy * half},${backY + dx * half} ${backX + dy * half},${backY - dx * half}`;
}

/**
 * @param {Object[]} boxes in order, see the model sop.process.map
 * @param {Object[]} arrows those to be drawn
 * @returns {{width: number, height: number, boxes: Object[], arrows: Object[], start: Object, end: Object, …}}
 */
export function layoutMap(boxes, arrows) {
    const places = Object.fromEntries(boxes.map((box, place) => [box.key, place]));
    const last = boxes.length - 1;
    const most = Math.max(1, ...arrows.map((arrow) => arrow.count), ...boxes.map((box) => box.starts.count));
    const ways = arrows.map((arrow) => {
        const [from, to] = [places[arrow.from], places[arrow.to]];
        return { arrow, from, to, low: Math.min(from, to), high: Math.max(from, to), side: sideOf(from, to) };
    });
    const left = assignLanes(ways.filter((way) => way.side === "left"));
    const right = assignLanes(ways.filter((way) => way.side === "right"));
    const stubs = {
        left: boxes.some((box, place) => place && box.starts.count) ? STUB : 30,
        right: boxes.some((box, place) => place !== last && box.ended.count) ? STUB : 30,
    };
    const boxX = MARGIN + left * LANE + stubs.left;
    const width = Math.max(boxX + BOX.width + stubs.right + right * LANE + MARGIN, 560);
    const top = (place) => TOP + place * (BOX.height + GAP);
    const centre = boxX + BOX.width / 2;
    const used = {};
    // several ways that meet at one side of a box: each a little beside the others
    const beside = (place, side, upper) => {
        const key = `${place}${side}${upper}`;
        used[key] = (used[key] ?? -1) + 1;
        const step = 7 * Math.min(used[key], 3);
        return top(place) + (upper ? 26 - step : BOX.height - 26 + step);
    };
    const drawn = ways.map((way) => {
        const stroke = strokeOf(way.arrow.count, most);
        const size = 4 + stroke * 0.7;
        const shown = { ...way.arrow, arrow: way.arrow, stroke };
        if (!way.side) {
            const [begin, end] = [top(way.from) + BOX.height, top(way.to)];
            const tip = end - 1;
            return Object.assign(shown, {
                path: `M${centre},${begin}V${tip - HEAD}`,
                head: head(centre, tip, 0, 1, size),
                label: { x: centre + 14 + stroke / 2, y: (begin + end) / 2, anchor: "start" },
            });
        }
        const out = way.side === "right" ? 1 : -1;
        const edge = out > 0 ? boxX + BOX.width : boxX;
        const x = edge + out * (stubs[way.side] + way.lane * LANE + LANE / 2);
        const begin = beside(way.from, way.side, out < 0 && way.low !== way.high);
        const end = beside(way.to, way.side, out > 0 || way.low === way.high);
        const down = end > begin ? 1 : -1;
        const [bend, turn] = [x - out * RADIUS, down * RADIUS];
        const tip = edge + out;
        return Object.assign(shown, {
            path:
                `M${edge},${begin}H${bend}Q${x},${begin} ${x},${begin + turn}` +
                `V${end - turn}Q${x},${end} ${bend},${end}H${tip + out * HEAD}`,
            head: head(tip, end, -out, 0, size),
            label: { x, y: (begin + end) / 2, anchor: "middle" },
        });
    });
    const bottom = top(last) + BOX.height;
    return {
        width,
        height: bottom + GAP + LEGEND + MARGIN,
        centre,
        captionWidth: width - 2 * MARGIN,
        centredWidth: 2 * Math.min(centre, width - centre) - MARGIN,
        legendY: bottom + GAP + 36,
        start: { x: centre, y: 52, radius: END_RADIUS },
        end: { x: centre, y: bottom + 46, radius: END_RADIUS },
        boxes: boxes.map((box, place) => ({
            box,
            x: boxX,
            y: top(place),
            starts: box.starts.count ? stubOf(place ? "left" : "top", box.starts, most, top(place)) : null,
            ended: box.ended.count ? stubOf(place === last ? "bottom" : "right", box.ended, most, top(place)) : null,
        })),
        arrows: drawn,
    };

    /** Where a box's own beginning or end is drawn: straight above the first and below the last, beside the others. */
    function stubOf(where, number, highest, y) {
        const stroke = strokeOf(number.count, highest);
        const middle = y + BOX.height / 2;
        if (where === "top" || where === "bottom") {
            const [begin, end] = where === "top" ? [52 + END_RADIUS, y - 1] : [y + BOX.height, y + BOX.height + 37];
            return {
                number,
                stroke,
                path: `M${centre},${begin}V${end - HEAD}`,
                head: head(centre, end, 0, 1, 4 + stroke * 0.7),
                label: { x: centre + 14 + stroke / 2, y: (begin + end) / 2 + 4, anchor: "start" },
            };
        }
        const out = where === "right" ? 1 : -1;
        const edge = out > 0 ? boxX + BOX.width : boxX;
        const node = edge + out * 30;
        const [begin, end] = out > 0 ? [edge, node - END_RADIUS] : [node + END_RADIUS, edge];
        return {
            number,
            stroke: Math.min(stroke, 3),
            node: { x: node, y: middle },
            path: `M${begin},${middle}H${end - 6}`,
            head: head(end, middle, 1, 0, 5),
            label: { x: node + out * (END_RADIUS + 4), y: middle + 4, anchor: out > 0 ? "start" : "end" },
        };
    }
}
