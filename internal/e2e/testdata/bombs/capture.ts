import { frame, html, leaf, type HostileCase } from "../../../../agent/src/mirror/testdata/builder.js";
import { NamespaceMathML, NamespaceSVG } from "../../../../signal/wire/wire.gen.js";
import type { FrameWriter } from "../../../../signal/wire/frame.gen.js";
import type { Output } from "../../../../sender/src/capture/output.js";

const svg = NamespaceSVG;
const first = 4; // the node that comes first in the body

/** Pages that take a browser long, made of few bytes once they are compressed. Beyond them, an honest one. */
const bombs: Record<string, (w: FrameWriter) => void> = {
  honest: (w) => w.text("An honest page"),
  "at-rules that do not end": (w) => sheet(w, `url(x)${"@scope ".repeat(200_000)}`),
  "uses of uses": (w) => uses(w),
  "uses of uses in an image": (w) => image(w, levels()),
  "rules for every node": (w) => {
    sheet(w, Array.from({ length: 3_000 }, (_, i) => `b:nth-child(${i + 2}n+1) i ~ b { width: ${i}px }`).join(""));
    many(w, 100_000);
  },
  ":has() of everything": (w) => {
    sheet(w, Array.from({ length: 300 }, (_, i) => `div:has(b:nth-child(${i + 9}n) ~ i.x) { width: ${i}px }`).join(""));
    nested(w, 100, 1_000);
  },
  ":nth-last-child(of)": (w) => {
    sheet(w, Array.from({ length: 300 }, (_, i) => `b:nth-last-child(${i + 2}n of b:not(.x${i})) { width: ${i}px }`).join(""));
    many(w, 50_000);
  },
  animations: (w) => {
    sheet(w, "@keyframes a { to { width: 300px; filter: blur(9px) } } b { display: inline-block; animation: a 1s infinite alternate }");
    many(w, 40_000);
  },
  options: (w) => {
    for (let i = 0; i < 5; i++) {
      w.element(html, "select", ["multiple", "", "size", "1000"]);
      for (let j = 0; j < 20_000; j++) leaf(w, "option", [], "x");
      w.up(1);
    }
  },
  "filters and masks": (w) => {
    sheet(w, "b { display: block; width: 3000px; height: 3000px; filter: blur(300px) drop-shadow(0 0 200px red) blur(200px); mask: linear-gradient(red, transparent); backdrop-filter: blur(99px) }");
    for (let i = 0; i < 200; i++) w.element(html, "b", []);
    w.text("x");
  },
};

function sheet(w: FrameWriter, css: string): void {
  w.element(html, "style", []);
  w.sheetText(first, css);
  w.up(1);
}

function many(w: FrameWriter, count: number): void {
  for (let i = 0; i < count; i++) leaf(w, i % 2 ? "i" : "b", []);
}

function nested(w: FrameWriter, deep: number, each: number): void {
  for (let i = 0; i < deep; i++) {
    w.element(html, "div", []);
    many(w, each);
  }
  w.up(deep);
}

const depth = 12;
const branches = 10;

function uses(w: FrameWriter): void {
  w.element(svg, "svg", ["viewBox", "0 0 10 10"]);
  for (let level = 0; level < depth; level++) {
    w.element(svg, "g", ["id", `l${level}`]);
    for (let i = 0; i < branches; i++) leaf(w, level === 0 ? "rect" : "use", level === 0 ? ["width", "1", "height", "1"] : ["href", `#l${level - 1}`], "", svg);
    w.up(1);
  }
  w.up(1);
}

function levels(): string {
  const level = (n: number): string => `<g id="l${n}">${(n === 0 ? '<rect width="1" height="1"/>' : `<use href="#l${n - 1}"/>`).repeat(branches)}</g>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50">${Array.from({ length: depth }, (_, n) => level(n)).join("")}</svg>`;
}

function image(w: FrameWriter, text: string): void {
  w.asset(1, "image/svg+xml", new TextEncoder().encode(text), false);
  w.element(html, "img", []);
  w.image(first, 1);
  w.up(1);
}

/** More of the kind. */
const others: Record<string, (w: FrameWriter) => void> = {
  "masks in masks": (w) => refer(w, "mask", (level) => ["mask", `url(#l${level})`]),
  "patterns in patterns": (w) => refer(w, "pattern", (level) => ["fill", `u\\72l("#l${level}")`], ["width", "1", "height", "1", "patternUnits", "userSpaceOnUse"]),
  "clips in clips by style": (w) => refer(w, "clipPath", (level) => ["style", `clip-path: url("#l${level}")`]),
  "markers by rules": (w) => {
    sheet(w, Array.from({ length: depth }, (_, n) => `.r${n} { --m${n}: url(#l${n}); marker-mid: var(--m${n}) }`).join(""));
    refer(w, "marker", (level) => ["class", `r${level}`, "d", "M0 0L1 1L2 0L3 1L4 0L5 1L6 0L7 1L8 0"], [], "path");
  },
  "rules within rules": (w) => {
    sheet(w, `${"& i, & b, i & {".repeat(40)} width: 1px ${"}".repeat(40)}`);
    nested(w, 100, 300);
  },
  ":is() of :is()": (w) => {
    const is = (levels: number): string => (levels === 0 ? "b, i" : `:is(${is(levels - 1)}, ${is(levels - 1)}) *`);
    sheet(w, `${is(10)} ~ * { color: red }`.repeat(20));
    nested(w, 60, 500);
  },
  "siblings of siblings": (w) => {
    sheet(w, Array.from({ length: 200 }, (_, i) => `x${i} > b ~ i ~ b ~ i { width: ${i}px } b.x ~ * { width: ${i}px }`).join(""));
    many(w, 40_000);
  },
  "a grid of a million lines": (w) => {
    sheet(w, "body { display: grid; grid: repeat(1000000, 1px) / repeat(1000000, auto 1px) } b { grid-area: 1 / 1 / 1000000 / 1000000 }");
    many(w, 1_000);
  },
  "shadows without end": (w) => {
    sheet(w, `b { display: block; width: 90px; height: 90px; box-shadow: ${Array.from({ length: 3_000 }, (_, i) => `${i}px 0 99px red`).join()} }`);
    many(w, 2_000);
  },
  "gradients without end": (w) => {
    for (let i = 0; i < 100; i++) leaf(w, "b", ["style", `display: block; height: 400px; background: ${"linear-gradient(45deg, red, transparent, blue),".repeat(2_000)} red`]);
  },
  "words from nowhere": (w) => {
    sheet(w, `b::before { content: "${"hostile ".repeat(10_000)}" }`);
    many(w, 50_000);
  },
  "cells that span": (w) => {
    w.element(html, "table", []);
    for (let i = 0; i < 2_000; i++) {
      w.element(html, "tr", []);
      for (let j = 0; j < 10; j++) leaf(w, "td", ["colspan", "1000", "rowspan", "65534"]);
      w.up(1);
    }
    w.up(1);
  },
  "dates and more dates": (w) => {
    for (let i = 0; i < 100_000; i++) leaf(w, "input", ["type", "datetime-local"]);
  },
  "text without end": (w) => {
    sheet(w, "p { text-wrap: balance; hyphens: auto; text-align: justify }");
    for (let i = 0; i < 6; i++) leaf(w, "p", ["lang", "en"], "hostile pages ".repeat(150_000));
  },
  "columns in columns": (w) => {
    sheet(w, "div { columns: 500; } b { display: inline-block }");
    nested(w, 30, 50);
  },
  "flex in flex": (w) => {
    sheet(w, "div { display: flex; flex-flow: column wrap; align-items: stretch; height: 50%; min-height: min-content }");
    nested(w, 200, 5);
  },
  "grid in grid": (w) => {
    sheet(w, "div { display: grid; grid: auto / minmax(min-content, 1fr) auto; height: 50% }");
    nested(w, 200, 5);
  },
  "tables in tables": (w) => {
    for (let i = 0; i < 60; i++) for (const name of ["table", "tr", "td"]) w.element(html, name, ["width", "100%"]);
    w.text("x");
    w.up(180);
  },
  "formulas in formulas": (w) => {
    w.element(NamespaceMathML, "math", ["display", "block"]);
    for (let i = 0; i < 120; i++) {
      w.element(NamespaceMathML, i % 2 ? "msqrt" : "mfrac", []);
      leaf(w, "mo", ["stretchy", "true"], "(", NamespaceMathML);
    }
    w.up(121);
  },
  "containers in containers": (w) => {
    sheet(w, "div { container-type: inline-size } " + Array.from({ length: 200 }, (_, i) => `@container (width > ${i}px) { b { width: ${i}px } }`).join(""));
    nested(w, 100, 100);
  },
};

/** Levels of elements, each of which shows the one below often. */
function refer(w: FrameWriter, name: string, to: (level: number) => string[], own: string[] = [], shape = "rect"): void {
  w.element(svg, "svg", ["viewBox", "0 0 100 100", "width", "900", "height", "900"]);
  for (let level = 0; level < depth; level++) {
    w.element(svg, name, ["id", `l${level}`, ...own]);
    for (let i = 0; i < branches; i++) leaf(w, shape, ["width", "100", "height", "100", ...(level === 0 ? [] : to(level - 1))], "", svg);
    w.up(1);
  }
  leaf(w, shape, ["width", "100", "height", "100", ...to(depth - 1)], "", svg);
  w.up(1);
}

let wanted = "honest";
let send = (): void => undefined;

/** Has the page be another. */
Object.assign(window, {
  bombs: Object.keys(bombs).slice(1),
  others: Object.keys(others),
  bomb: (name: string) => {
    wanted = name;
    send();
  },
});

function made(name: string): HostileCase {
  return frame(name, "shown", (w) => {
    w.element(html, "html", []);
    w.element(html, "body", []);
    (bombs[name] ?? others[name])!(w);
    w.pageEnd();
  });
}

/** Stands for the sender's, and shows pages of its own. */
export class Capture {
  readonly joined = { resync: (): void => undefined };

  constructor(_ui: unknown, private readonly output: Output) {
    send = () => this.snapshot();
  }

  snapshot(): void {
    for (const data of made(wanted).frames()) this.output.frame(data, true);
  }

  settingsChanged(): void {}
  lacking(): void {}
  stop(): void {}
  listen(): void {}
  end(): void {}
}

/** As the real one has it; what is sent here is not the page's. */
export function know(): void {}
