import { colourOf, common, extent, isEmpty, markPath, placed, type Box } from "../../../signal/wire/pointing.js";
import type { PlacedMark } from "../../../signal/wire/wire.gen.js";
import type { PlacedAnchor } from "../mirror/port.js";

/** A mark as it is drawn here. Without a node it is still where it was drawn, in the viewport. */
export interface Drawn extends Omit<PlacedMark, "points" | "fade" | "pixels"> {
  readonly points: readonly number[];
  readonly pixels: boolean;
  readonly fade: boolean;
}

interface Shape {
  readonly view: SVGElement;
  readonly group: SVGElement;
  readonly paths: readonly SVGElement[];
}

const space = "http://www.w3.org/2000/svg";

/** Drawings draws marks over the customer's page in the console, where the customer sees them, by the places of the mirror's elements. */
export class Drawings {
  readonly element = make("svg", { class: "drawings", "aria-hidden": "true" });
  private readonly shapes = new Map<Drawn, Shape>();
  private readonly laser = this.shape("laser", "none", 12);
  private window: Box = { x: 0, y: 0, width: 0, height: 0 };
  private marks: readonly Drawn[] = [];
  private anchors = new Map<number, PlacedAnchor>();
  private scheduled = false;

  constructor() {
    this.point(undefined, "");
  }

  /** Takes over the size of the page's viewport. */
  resize(width: number, height: number): void {
    this.window = { x: 0, y: 0, width, height };
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.changed();
  }

  show(marks: readonly Drawn[]): void {
    this.marks = marks;
    for (const [mark, { view }] of this.shapes) {
      if (marks.includes(mark)) continue;
      view.remove();
      this.shapes.delete(mark);
    }
    this.changed();
  }

  place(anchors: readonly PlacedAnchor[]): void {
    this.anchors = new Map(anchors.map((anchor) => [anchor.node, anchor]));
    this.changed();
  }

  /** Shows the own laser at a place of the viewport; undefined: it is off. */
  point(at: readonly [number, number] | undefined, member: string): void {
    this.laser.view.style.display = at ? "" : "none";
    if (!at) return;
    this.laser.paths[1]!.setAttribute("stroke", colourOf(member));
    for (const path of this.laser.paths) path.setAttribute("d", markPath("pen", at, this.window));
    this.clip(this.laser, this.window);
  }

  private changed(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      for (const mark of this.marks) this.draw(mark);
    });
  }

  private draw(mark: Drawn): void {
    const { kind, from, node, points, pixels } = mark;
    let shape = this.shapes.get(mark);
    if (!shape) {
      const colour = colourOf(from);
      shape = this.shape(colour, kind === "highlight" ? colour : "none", kind === "pen" ? 4 : 3);
      this.shapes.set(mark, shape);
    }
    const anchor = node ? this.anchors.get(node) : { box: { ...this.window }, clip: undefined };
    shape.view.style.display = anchor ? "" : "none";
    if (!anchor) return;
    const at = placed(points, anchor.box, pixels);
    const { x, y, width, height } = extent(at, anchor.box);
    const clip = anchor.clip ? common(anchor.clip, this.window) : this.window;
    const seen = common({ x: anchor.box.x + x - 1, y: anchor.box.y + y - 1, width: width + 2, height: height + 2 }, clip);
    shape.view.style.display = isEmpty(seen) ? "none" : "";
    if (isEmpty(seen)) return;
    for (const path of shape.paths) path.setAttribute("d", markPath(kind, at, anchor.box));
    shape.group.setAttribute("transform", `translate(${anchor.box.x} ${anchor.box.y})`);
    shape.group.setAttribute("class", kind);
    this.clip(shape, clip);
  }

  private clip({ view }: Shape, { x, y, width, height }: Box): void {
    for (const [name, value] of Object.entries({ x, y, width, height, viewBox: `${x} ${y} ${width} ${height}` })) view.setAttribute(name, String(value));
  }

  private shape(colour: string, fill: string, width: number): Shape {
    const view = make("svg", {});
    const group = make("g", { fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" });
    const paths = [make("path", { stroke: "#fff", "stroke-width": width + 3 }), make("path", { stroke: colour, "stroke-width": width, fill, "fill-opacity": 0.15 })];
    group.append(...paths);
    view.append(group);
    this.element.append(view);
    return { view, group, paths };
  }
}

function make(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
