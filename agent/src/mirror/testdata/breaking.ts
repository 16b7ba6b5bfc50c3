import type { FrameWriter } from "../../../../signal/wire/frame.gen.js";
import { MaxInterned, NamespaceSVG, TopLayerModal } from "../../../../signal/wire/wire.gen.js";
import { maxDepth } from "../limits.js";
import { frame, html, leaf, page, target, type HostileCase } from "./builder.js";

const nobody = 4_000_000_000;
const unknown: [string, (w: FrameWriter) => void][] = [
  ["the inside", (w) => w.at(nobody, 0)], ["the place before", (w) => w.at(4, nobody)], ["removal", (w) => w.remove(nobody)],
  ["a move", (w) => w.move(nobody, 4, 0)], ["a move into the inside", (w) => w.move(3, nobody, 0)], ["a move before", (w) => w.move(3, 4, nobody)],
  ["an attribute", (w) => w.setAttribute(nobody, "class", "x")], ["no attribute", (w) => w.removeAttribute(nobody, "class")],
  ["the text", (w) => w.setText(nobody, "x")], ["the text of an element, not", (w) => w.setText(4, "x")],
  ["the value", (w) => w.setValue(nobody, "x")], ["the check", (w) => w.setChecked(nobody, true, false)],
  ["the options", (w) => w.setSelected(nobody, [1])], ["the scrolling", (w) => w.scroll(nobody, 1, 1)], ["the focus", (w) => w.focus(nobody)],
  ["the selection", (w) => w.select(nobody, 0, 4, 0)], ["the end of the selection", (w) => w.select(4, 0, nobody, 0)],
  ["the caret", (w) => w.selectInput(nobody, 0, 0)], ["the sheet", (w) => w.sheetText(nobody, "x")], ["the adoption", (w) => w.adopt(nobody, [])],
  ["the layer", (w) => w.topLayer(nobody, TopLayerModal)], ["the image", (w) => w.image(nobody, 1)],
  ["a pseudo-class", (w) => w.pseudo("hover", [nobody])], ["a pseudo-class of a text,", (w) => (w.text("x"), w.pseudo("hover", [5]))],
  ["the rules of a sheet", (w) => w.sheetRules(nobody, 0, 0, 0, [])], ["rules that are not there,", (w) => w.sheetRules(0, 1, 1, 0, [])],
  ["the slot", (w) => w.assign(nobody, [])], ["what is assigned", (w) => w.assign(4, [nobody])], ["the animation", (w) => w.animate(1, nobody, "", [], [])],
  ["the media", (w) => w.media(nobody, true, false, 0, 0)],
];

/** Pages that make no sense, or too much of it. */
export const breaking: HostileCase[] = [
  page("a node in itself", (w) => {
    w.element(html, "div", []);
    leaf(w, "p", []);
    w.move(5, 6, 0);
  }, "refused"),
  page("a cycle over several moves", (w) => {
    for (let i = 0; i < 3; i++) w.element(html, "div", []);
    w.move(6, 4, 0);
    w.move(5, 7, 0);
    w.move(6, 5, 0);
  }, "refused"),
  page("a host moved into its own shadow root", (w) => {
    w.element(html, "div", []);
    w.shadow(false);
    w.move(5, 6, 0);
  }, "refused"),
  page("a frame moved into its own document", (w) => {
    w.element(html, "iframe", []);
    w.frameDocument(false);
    w.element(html, "html", []);
    w.move(4, 7, 0);
  }, "refused"),
  page("a shadow root moved", (w) => {
    w.element(html, "div", []);
    w.shadow(false);
    w.move(6, 4, 0);
  }, "refused"),
  page("assets known by contents that nobody has", (w) => {
    for (let i = 0; i < 20_000; i++) w.content(i, `content ${i}`, i % 2 > 0);
  }),
  page("an asset known by nothing", (w) => w.content(1, "", true), "refused"),
  page("a node put before itself", (w) => {
    leaf(w, "p", []);
    w.move(5, 4, 5);
    w.move(5, 4, 0);
  }),
  page("nodes at a place that was removed", (w) => {
    w.element(html, "div", []);
    w.remove(5);
    w.text("where?");
  }, "refused"),
  page("a node before one that was removed", (w) => {
    leaf(w, "p", []);
    w.at(4, 5);
    w.remove(5);
    w.text("where?");
  }, "refused"),
  page("a number used after its node went", (w) => {
    w.element(html, "div", []);
    leaf(w, "p", []);
    w.remove(5);
    w.setAttribute(6, "class", "x");
  }, "refused"),
  ...unknown.map(([name, write]) => page(`${name} of a node that is not there`, write, "refused")),
  page("the document removed", (w) => w.remove(1), "refused"),
  page("the document moved", (w) => w.move(1, 4, 0), "refused"),
  page("text in a document", (w) => {
    w.at(1, 0);
    w.text("stray");
  }, "refused"),
  page("children of text", (w) => {
    w.text("text");
    w.at(5, 0);
  }, "refused"),
  page("a place beside what is elsewhere", (w) => {
    leaf(w, "p", []);
    w.at(2, 5);
  }, "refused"),
  page("up beyond the top", (w) => w.up(1_000_000), "refused"),
  page("two shadow roots", (w) => {
    w.element(html, "div", []);
    w.shadow(false);
    w.up(1);
    w.shadow(false);
  }, "refused"),
  page("a shadow root where none can be", (w) => {
    w.element(html, "input", []);
    w.shadow(false);
  }, "refused"),
  page("a document in what is no frame", (w) => {
    w.element(html, "div", []);
    w.frameDocument(false);
  }, "refused"),
  page("a style sheet that is not there", (w) => w.adopt(1, [7]), "refused"),
  page("a page that ends twice", (w) => {
    w.pageEnd();
  }, "refused"),
  page("state that does not fit its element", (w) => {
    leaf(w, "input", ["type", "file"]);
    leaf(w, "div", []);
    leaf(w, "input", ["type", "number"]);
    w.setValue(5, "C:\\secret");
    w.setChecked(6, true, true);
    w.setSelected(6, [4_000_000_000]);
    w.setValue(7, "not a number");
    w.selectInput(7, 4_000_000_000, 0);
    w.topLayer(6, TopLayerModal);
    w.topLayer(5, 99);
    w.scroll(6, -2_000_000_000, 2_000_000_000);
    w.select(4, 4_000_000_000, 6, 99);
    w.image(6, 99);
  }),
  page("nesting that no layout survives", (w) => {
    for (let i = 0; i < maxDepth * 20; i++) w.element(html, i % 2 ? "span" : "div", ["style", "display:inline-block"]);
    w.text("deep");
  }),
  page("pseudo-classes that are none", (w) => {
    leaf(w, "p", []);
    for (const name of ["", "hover", "hover)", "hover{}", "has(*)", "onclick", "state(x y)", "state(__proto__)", "__proto__", "constructor", "\u0000", "before", "x".repeat(100_000)]) {
      w.pseudo(name, [5, 5, 4]);
    }
    w.remove(5);
    w.pseudo("hover", []);
  }),
  page("boxes, media and features that are not what they say", (w) => {
    for (const box of ["hidden 1 1", "hidden 9999999 9999999", "redacted -1 -1 -1 -1 -1", "hidden 1px;x:y 2", `hidden url(${target}/box) 1`, "visible 1 1", ""]) {
      leaf(w, "p", ["data-qwelp-box", box, "style", "width:1px"]);
      leaf(w, "path", ["data-qwelp-box", box], "", NamespaceSVG);
    }
    w.element(html, "form", ["data-qwelp-box", "hidden 1 1"]);
    leaf(w, "input", ["name", "style"]);
    w.up(1);
    leaf(w, "video", ["autoplay", "", "src", `${target}/video`]);
    w.media(21, false, true, 4_000_000_000, 4_000_000_000);
    w.media(5, false, false, 1, 0);
    w.features(["", ":", "pointer: ", "__proto__: x", "device-width: NaN", ...Array.from({ length: 1000 }, (_, i) => `a${i}: b`)]);
    w.sheet(99, "@media (hover) and (min-device-width: 1e9px) and (resolution >= x) and (-webkit-min-device-pixel-ratio: ) and (pointer {p{}}");
    w.features([]);
    w.visual(-(2 ** 31), 2 ** 31 - 1, 2 ** 32 - 1, 0);
  }),
  page("attributes the DOM does not take", (w) => {
    leaf(w, "div", ["@click", "x", ":class", "y", "", "z", "a b", "c", "<", ">", "xmlns", "evil", "odd"]);
    leaf(w, "a b", []);
    leaf(w, "", []);
    leaf(w, "x-\u0000", []);
    leaf(w, "annotation-xml", []);
  }),
  page("content inside what has none", (w) => {
    w.element(html, "script", []);
    w.element(html, "div", []);
    w.text("not to be seen");
    w.up(2);
    w.element(html, "template", []);
    leaf(w, "img", ["src", `${target}/template`]);
    w.up(1);
    w.element(html, "iframe", []);
    leaf(w, "p", []);
    w.up(1);
  }),
];

/** Frames that no writer makes. */
export const malformed: HostileCase[] = [
  frame("an unknown operation", "refused", (w) => w.op(250)),
  frame("an end in the middle", "refused", (w) => {
    w.op(4);
    w.uint(0);
    w.byte(0);
    w.uint(1000);
  }),
  frame("a string that is not UTF-8", "refused", (w) => {
    w.op(5);
    w.byte(0);
    w.bytes(new Uint8Array([0xff, 0xfe]));
  }),
  frame("a string that was never sent", "refused", (w) => {
    w.op(5);
    w.uint(MaxInterned);
  }),
  frame("operations before there is a root", "refused", (w) => w.setText(2, "x")),
];
