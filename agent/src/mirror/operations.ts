import type { FrameSink } from "../../../signal/wire/frame.gen.js";
import { Features } from "./features.js";
import type { End, Marked } from "./highlights.js";
import type { Entry } from "./tree.js";
import { Refused } from "./tree.js";
import type { PageInfo, Picture } from "./picture.js";

/** What operations do beyond the picture. */
export interface OperationEvents {
  page(info: PageInfo, quirks: boolean): void;
  pageEnd(): void;
  /** The title, URL or viewport of the page has changed. */
  info(): void;
  click(x: number, y: number, button: number): void;
  /** The page shows that somebody does something: types, chooses, scrolls, selects. */
  acted(): void;
}

/** Operations does with a picture what a frame says. */
export class Operations implements FrameSink {
  picture: Picture | undefined;

  constructor(private readonly events: OperationEvents) {}

  private get p(): Picture {
    if (!this.picture) throw new Refused("no page has begun");
    return this.picture;
  }

  private acted(): void {
    if (this.picture?.shown) this.events.acted();
  }

  private node(number: number): Entry | undefined {
    return number === 0 ? undefined : this.p.tree.get(number);
  }

  page(url: string, title: string, quirks: boolean, width: number, height: number, scale: number): void {
    const features = new Features();
    features.scale = scale / 100;
    this.events.page({ url, title, width, height, scale, features, seen: undefined, partial: false, number: 0 }, quirks);
  }

  pageEnd(): void {
    if (this.p.shown) throw new Refused("the page has ended before");
    this.events.pageEnd();
  }

  at(parent: number, before: number): void {
    this.p.tree.at(parent, before);
  }

  element(namespace: number, name: string, attributes: readonly string[]): void {
    this.p.element(namespace, name, attributes);
  }

  text(data: string): void {
    this.p.text(data);
  }

  up(levels: number): void {
    this.p.tree.up(levels);
  }

  shadow(manualSlots: boolean): void {
    this.p.tree.addShadow({ mode: "open", slotAssignment: manualSlots ? "manual" : "named" });
  }

  frameDocument(quirks: boolean): void {
    this.p.frameDocument(quirks);
  }

  remove(node: number): void {
    this.p.tree.remove(node);
  }

  move(node: number, parent: number, before: number): void {
    this.p.move(node, parent, before);
  }

  setAttribute(node: number, name: string, value: string): void {
    this.p.attribute(node, name, value);
  }

  removeAttribute(node: number, name: string): void {
    this.p.attribute(node, name, undefined);
  }

  setText(node: number, data: string): void {
    this.p.setText(node, data);
  }

  setValue(node: number, value: string): void {
    this.acted();
    this.p.value(node, value);
  }

  splice(node: number, name: string, at: number, gone: number, text: string): void {
    this.p.splice(node, name, at, gone, text);
  }

  setChecked(node: number, checked: boolean, indeterminate: boolean): void {
    this.acted();
    this.p.state.checked(this.p.tree.element(node), checked, indeterminate);
  }

  setSelected(node: number, options: readonly number[]): void {
    this.acted();
    this.p.state.selected(this.p.tree.element(node), options);
  }

  scroll(node: number, x: number, y: number): void {
    this.acted();
    const entry = this.p.tree.get(node);
    if (entry.kind !== "document" && entry.kind !== "element") throw new Refused(`node ${node} does not scroll`);
    this.p.state.scroll(entry, x, y);
  }

  viewport(width: number, height: number, scale: number): void {
    const { info } = this.p;
    Object.assign(info, { width, height });
    if (scale !== info.scale) this.p.tellDevice(scale, info.features);
    this.events.info();
  }

  focus(node: number): void {
    this.p.state.focus(node === 0 ? undefined : this.p.tree.element(node));
  }

  select(anchor: number, anchorOffset: number, focus: number, focusOffset: number): void {
    this.acted();
    this.p.state.select(this.node(anchor), anchorOffset, this.node(focus), focusOffset);
  }

  selectInput(node: number, start: number, end: number): void {
    this.acted();
    this.p.state.selectInput(this.p.tree.element(node), start, end);
  }

  sheetText(node: number, css: string): void {
    this.p.sheetText(node, css);
  }

  sheetRules(node: number, sheet: number, at: number, gone: number, pieces: readonly string[]): void {
    this.p.sheetRules(node, sheet, at, gone, pieces);
  }

  assign(slot: number, nodes: readonly number[]): void {
    this.p.state.assign(this.p.tree.element(slot), nodes.map((node) => this.p.tree.get(node)));
  }

  animate(animation: number, node: number, pseudo: string, keyframes: readonly string[], timing: readonly string[]): void {
    const { animations, tree } = this.p;
    animations.tell(animation, node === 0 ? undefined : tree.element(node), pseudo, keyframes, timing, (number) => tree.get(number));
  }

  highlight(document: number, name: string, kind: string, priority: number, ranges: readonly number[]): void {
    const { highlights, tree } = this.p;
    const entry = tree.get(document);
    if (entry.kind !== "document" || ranges.length % 5 !== 0 || !/^(highlight|spelling-error|grammar-error|)$/.test(kind)) throw new Refused("no highlight");
    const marked: Marked[] = [];
    for (let i = 0; i < ranges.length; i += 5) {
      const end = (at: number): End => ({ entry: tree.get(ranges[at]!), offset: ranges[at + 1]! });
      marked.push({ start: end(i), end: end(i + 2), still: ranges[i + 4] === 1 });
    }
    highlights.set(entry, name, kind, priority, marked);
  }

  sheet(sheet: number, css: string): void {
    this.p.sheets.define(sheet, css);
  }

  adopt(root: number, sheets: readonly number[]): void {
    const entry = this.p.tree.get(root);
    if (entry.kind !== "document" && entry.kind !== "shadow") throw new Refused(`node ${root} adopts no style sheets`);
    this.p.sheets.adopt(entry, sheets);
  }

  title(title: string): void {
    this.p.info.title = title;
    this.events.info();
  }

  location(url: string): void {
    this.acted();
    this.p.info.url = url;
    this.events.info();
  }

  click(x: number, y: number, button: number): void {
    if (this.p.shown) this.events.click(x, y, button);
  }

  topLayer(node: number, kind: number): void {
    this.p.state.topLayer(this.p.tree.element(node), kind);
  }

  image(node: number, asset: number): void {
    this.p.image(node, asset);
  }

  asset(asset: number, type: string, data: Uint8Array, more: boolean): void {
    this.p.assets.add(asset, type, data, more);
  }

  content(asset: number, content: string, follows: boolean): void {
    this.p.assets.content(asset, content, follows);
  }

  assetFailed(asset: number): void {
    this.p.assets.failed(asset);
  }

  pseudo(name: string, nodes: readonly number[]): void {
    this.p.tellPseudo(name, nodes.map((node) => this.p.tree.element(node)));
  }

  features(holding: readonly string[]): void {
    const now = new Features(holding);
    if (now.like(this.p.info.features)) return;
    this.p.tellDevice(this.p.info.scale, now);
    this.events.info();
  }

  visual(x: number, y: number, width: number, height: number): void {
    this.p.info.seen = width > 0 ? new DOMRectReadOnly(x, y, width, height) : undefined;
    this.events.info();
  }

  embedded(node: number, frame: Uint8Array): void {
    this.p.embedded(node, frame);
  }

  media(node: number, paused: boolean, muted: boolean, time: number, duration: number): void {
    this.p.players.tell(this.p.tree.element(node), { paused, muted, time, duration });
  }
}
