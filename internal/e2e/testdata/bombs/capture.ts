import { frame, html, leaf, type HostileCase } from "../../../../agent/src/mirror/testdata/builder.js";
import { NamespaceSVG } from "../../../../signal/wire/wire.gen.js";
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

let wanted = "honest";
let send = (): void => undefined;

/** Has the page be another. */
Object.assign(window, {
  bombs: Object.keys(bombs).slice(1),
  bomb: (name: string) => {
    wanted = name;
    send();
  },
});

function made(name: string): HostileCase {
  return frame(name, "shown", (w) => {
    w.element(html, "html", []);
    w.element(html, "body", []);
    bombs[name]!(w);
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
