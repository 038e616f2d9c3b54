import { downloadFile } from "@web/core/network/download";

const STYLES = [
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "opacity",
    "font-family",
    "font-size",
    "font-weight",
    "text-anchor",
    "paint-order",
    "stroke-linejoin",
    "display",
];
const SCALE = 2;

/** Return `svg` as a document that needs nothing from the page: colours and fonts are written into it. */
function standalone(svg) {
    const copy = svg.cloneNode(true);
    const [originals, copies] = [svg.querySelectorAll("*"), copy.querySelectorAll("*")];
    originals.forEach((element, index) => {
        const style = getComputedStyle(element);
        copies[index].setAttribute("style", STYLES.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
        copies[index].removeAttribute("tabindex");
    });
    const { width, height } = svg.viewBox.baseVal;
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.removeAttribute("style");
    return { text: new XMLSerializer().serializeToString(copy), width, height };
}

/** Save the map as a vector image. */
export function saveSvg(svg, name) {
    const blob = new Blob([standalone(svg).text], { type: "image/svg+xml" });
    downloadFile(blob, `${name}.svg`, "image/svg+xml");
}

/** Save the map as a picture, twice as large as on the screen. */
export async function savePng(svg, name) {
    const { text, width, height } = standalone(svg);
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: width * SCALE, height: height * SCALE });
    const context = canvas.getContext("2d");
    context.scale(SCALE, SCALE);
    context.drawImage(image, 0, 0, width, height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    downloadFile(blob, `${name}.png`, "image/png");
}
