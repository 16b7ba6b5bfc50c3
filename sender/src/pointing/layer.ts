import type { Box } from "../../../signal/wire/pointing.js";

/**
 * Layer draws over the page, in the closed shadow root of our interface and below all else in it. It takes no pointer and no focus, and is not there while there is
 * nothing to draw. What is drawn has a white rim, so that it can be seen on any page.
 */
export class Layer {
  readonly svg = svg("svg", { "aria-hidden": "true" });
  readonly labels = document.createElement("div");
  private readonly parts = [this.labels, this.svg];
  private view = "";

  constructor(private readonly root: ShadowRoot) {
    for (const part of this.parts) part.style.cssText = "position:fixed;inset:0;width:100%;height:100%;overflow:hidden;pointer-events:none";
    this.labels.setAttribute("aria-hidden", "true");
  }

  /** Whether there is something to draw. */
  set shown(yes: boolean) {
    if (yes === !!this.svg.parentNode) return;
    for (const part of this.parts) yes ? this.root.insertBefore(part, this.root.firstChild) : part.remove();
  }

  /** The window, in the coordinates of the page's elements, in which all is drawn: also where something around our interface is transformed. */
  get window(): Box {
    const box = this.svg.getBoundingClientRect();
    const view = viewOf(box);
    if (view !== this.view) this.svg.setAttribute("viewBox", (this.view = view));
    return box;
  }
}

const rimmed = 3; // CSS pixels that the rim is wider
const labelRoom = 8; // CSS pixels between a label and what it belongs to, and the edge

/** Drawing is a path over the page, which is cut off where its element is. */
export class Drawing {
  private readonly view = svg("svg", {});
  private readonly group = svg("g", { fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" });
  private readonly paths: readonly SVGElement[];
  private readonly label = document.createElement("div");
  private d = "";
  private was = "";

  constructor(around: Layer, colour: string, label: string, fill: string, width: number) {
    this.paths = [svg("path", { stroke: "#fff", "stroke-width": width + rimmed }), svg("path", { stroke: colour, "stroke-width": width, fill, "fill-opacity": 0.15 })];
    for (const path of this.paths) this.group.appendChild(path);
    this.view.appendChild(this.group);
    around.svg.appendChild(this.view);
    this.label.dir = "auto";
    this.label.textContent = label;
    this.label.style.cssText = `position:absolute;left:0;top:0;max-width:18em;padding:.25em .625em;border-radius:.5em;background:${colour};color:#fff;font-size:.875em;font-weight:600;overflow-wrap:anywhere;outline:2px solid #fff`;
    around.labels.appendChild(this.label);
  }

  /** Draws a path at a place, in a part of the window. */
  draw(d: string, x: number, y: number, part: Box): void {
    if (d !== this.d) for (const path of this.paths) path.setAttribute("d", (this.d = d));
    const now = `${x} ${y} ${viewOf(part)}`;
    if (now === this.was) return;
    this.was = now;
    this.group.setAttribute("transform", `translate(${x} ${y})`);
    for (const name of ["x", "y", "width", "height"] as const) this.view.setAttribute(name, `${part[name]}`);
    this.view.setAttribute("viewBox", viewOf(part));
  }

  /** Puts the label below what it belongs to, or above where there is no room. */
  place(at: Box, window: Box): void {
    const shown = this.label.textContent;
    this.label.hidden = !shown;
    if (!shown) return;
    const { offsetWidth: width, offsetHeight: height } = this.label;
    const below = at.y + at.height + labelRoom;
    const y = below + height + labelRoom > window.y + window.height ? at.y - height - labelRoom : below;
    const into = (value: number, from: number, size: number, own: number): number => Math.max(from + labelRoom, Math.min(value, from + size - own - labelRoom)) - from;
    this.label.style.transform = `translate(${into(at.x + at.width / 2 - width / 2, window.x, window.width, width)}px,${into(y, window.y, window.height, height)}px)`;
  }

  /** Takes the label away: another says the same. */
  silence(): void {
    this.label.textContent = "";
  }

  hide(yes: boolean): void {
    this.view.style.display = yes ? "none" : "";
    if (yes) this.label.hidden = true;
  }

  /** Has it be seen so much: 1 is wholly. */
  fade(opacity: number): void {
    this.group.style.opacity = `${opacity}`;
  }

  /** Draws the eye to it three times. */
  breathe(): void {
    this.group.animate([{ opacity: 1 }, { opacity: 0.25 }, { opacity: 1 }], { duration: 900, iterations: 3 });
  }

  remove(): void {
    this.view.remove();
    this.label.remove();
  }
}

const viewOf = ({ x, y, width, height }: Box): string => `${x} ${y} ${width} ${height}`;

function svg(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, `${value}`);
  return element;
}
