import { MaxListItems } from "../../../../signal/wire/wire.gen.js";
import { maxAssetBytes, maxFrames, maxNodes, maxWaitingBytes } from "../limits.js";
import { html, leaf, longPage, page, type HostileCase } from "./builder.js";

const megabyte = 1 << 20;

export const limits: HostileCase[] = [
  longPage("more nodes than a page may have", "refused", 10, (w) => {
    for (let i = 0; i < maxNodes / 10; i++) w.text("");
  }),
  longPage("a hundred megabytes of text", "refused", 7, (w) => w.text("hostile ".repeat(15 * megabyte / 8))),
  longPage("one text that grows to a hundred megabytes", "refused", 8, (w, i) => {
    if (i === 0) w.text("");
    else w.setText(5, "x".repeat(15 * megabyte));
  }),
  longPage("a hundred megabytes of attributes and rules", "refused", 7, (w, i) => {
    if (i % 2) leaf(w, "p", ["title", "x".repeat(15 * megabyte)]);
    else w.sheet(i, `/*${"x".repeat(15 * megabyte)}*/`);
  }),
  longPage("more rules than a page may have", "refused", 8, (w, i) => w.sheet(i, "p{}".repeat(100_000))),
  longPage("more assets than a page may have", "refused", 1 + maxAssetBytes / (8 * megabyte), (w, i) => w.asset(i, "image/png", zeros, false)),
  longPage("an asset that never ends", "refused", 1 + maxAssetBytes / (8 * megabyte), (w) => w.asset(1, "image/png", zeros, true)),
  { ...longPage("frames faster than they can be applied", "refused", 1 + maxWaitingBytes / (8 * megabyte), (w) => w.bytes(zeros)), paced: false },
  page("more frames than a page may have", (w) => {
    for (let i = 0; i < maxFrames + 20; i++) {
      w.element(html, "iframe", []);
      w.frameDocument(false);
      leaf(w, "html", []);
      w.up(2);
    }
  }),
  page("frames within frames within frames", (w) => {
    for (let i = 0; i < maxFrames + 20; i++) {
      w.element(html, "iframe", []);
      w.frameDocument(i % 2 === 0);
      w.element(html, "html", []);
      w.element(html, "body", []);
    }
  }),
  page("more options and sheets than there are", (w) => {
    leaf(w, "select", ["multiple", ""]);
    w.setSelected(5, Array.from({ length: MaxListItems }, (_, i) => i));
    w.sheet(1, "");
    w.adopt(1, Array.from({ length: 1000 }, () => 1));
  }),
];

const zeros = new Uint8Array(8 * megabyte);
