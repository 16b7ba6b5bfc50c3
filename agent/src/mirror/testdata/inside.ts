import { FrameWriter } from "../../../../signal/wire/frame.gen.js";
import { maxFrames, maxNodes } from "../limits.js";
import { html, page, type HostileCase } from "./builder.js";

const first = 5; // the node of the first iframe

/** A page with an iframe for each list of frames, which bring the page inside it. */
function around(name: string, inside: Iterable<Uint8Array>[]): HostileCase {
  return page(name, (w) => {
    for (let i = 0; i < inside.length; i++) {
      w.element(html, "iframe", []);
      w.up(1);
    }
    inside.forEach((frames, i) => {
      for (const frame of frames) w.embedded(first + i, frame);
    });
  });
}

/** Hostile pages inside the frames of one that is not. */
export function insideFrames(evil: readonly HostileCase[]): HostileCase {
  return around("all evil pages, inside frames", evil.map((hostile) => hostile.frames()));
}

export const brokenInside: HostileCase[] = [
  page("a page inside what is no frame", (w) => {
    w.element(html, "p", []);
    w.embedded(first, made(() => undefined));
  }, "refused"),
  around("pages inside frames that make no sense", [
    [new Uint8Array([255])], [new Uint8Array(1000)], [made((w) => w.remove(99)), made((w) => w.up(9))], [made((w) => w.op(255))],
    [made((w) => w.pageEnd()), new Uint8Array(0), new Uint8Array(0), new Uint8Array([1, 2, 3])],
  ]),
  around("a page inside a page inside a page", [[nested(50)]]),
  around("pages inside more frames than there may be", Array.from({ length: maxFrames + 20 }, () => [made(() => undefined)])),
];

export const largeInside: HostileCase[] = [
  around("pages inside frames that are too large together", Array.from({ length: 4 }, () => [made((w) => {
    for (let i = 0; i < maxNodes / 3; i++) w.text("");
  })])),
];

/** A frame with a page whose body is what write makes; the body is node 3, the next is 4. */
function made(write: (w: FrameWriter) => void): Uint8Array {
  const w = new FrameWriter();
  w.begin(1);
  w.page("https://pay.example/", "", false, 300, 200, 100);
  w.element(html, "html", []);
  w.element(html, "body", []);
  write(w);
  w.pageEnd();
  return w.take();
}

function nested(depth: number): Uint8Array {
  return made((w) => {
    w.element(html, "iframe", []);
    if (depth > 0) w.embedded(4, nested(depth - 1));
  });
}
