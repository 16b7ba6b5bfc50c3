import type { About } from "./about.js";
import type { Assets } from "./assets.js";
import type { Boxes } from "./boxes.js";
import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import type { Focus } from "./focus.js";
import type { Edit, PageListener } from "./hooks.js";
import type { InputSink } from "./input.js";
import type { Lookout } from "./lookout.js";
import type { Mutations } from "./mutations.js";
import type { Pictures } from "./pictures.js";
import type { Pointer } from "./pointer.js";
import { nameOf } from "./nodes.js";
import { Hidden } from "./policy.js";
import type { Privacy } from "./privacy.js";
import type { Scheduler } from "./scheduler.js";
import type { Scrolls } from "./scrolls.js";
import { ownsSheet, type Sheets } from "./sheets.js";
import type { States } from "./states.js";
import type { Styles } from "./styles.js";
import type { Tree } from "./tree.js";

/** The parts of capture that have to know what happens on a page. */
export interface Concerned {
  readonly about: About;
  readonly assets: Assets;
  readonly boxes: Boxes;
  readonly focus: Focus;
  readonly lookout: Lookout;
  readonly mutations: Mutations;
  readonly pictures: Pictures;
  readonly pointer: Pointer;
  readonly privacy: Privacy;
  readonly scheduler: Scheduler;
  readonly scrolls: Scrolls;
  readonly sheets: Sheets;
  readonly states: States;
  readonly styles: Styles | undefined;
  readonly tree: Tree;
  readonly writer: FrameWriter;
  /** Sends what has changed. */
  flush(): void;
  snapshot(): void;
}

/** PageEvents has the parts of capture know what the customer and the page do. */
export class PageEvents implements InputSink, PageListener {
  constructor(private readonly parts: Concerned) {}

  // InputSink

  changed(): void {
    this.parts.focus.mayChange();
    this.parts.states.mayChange();
    this.restyled();
  }

  acted(target: Element): void {
    this.parts.pictures.acted(target);
    this.changed();
  }

  over(target: Element): void {
    this.parts.states.over = target;
    this.restyled();
  }

  scrolled(target: Element | Document): void {
    this.parts.scrolls.add(target);
    this.parts.scheduler.soon();
  }

  allows(event: Event): boolean {
    const { privacy } = this.parts;
    return !privacy.used || privacy.of(event.composedPath()[0] as Node) < Hidden;
  }

  slotted(): void {
    this.parts.privacy.slotsChanged();
    if (this.parts.privacy.used) this.parts.scheduler.soon();
  }

  resized(): void {
    this.parts.about.sized = true;
    this.parts.boxes.changed();
    this.restyled();
  }

  loaded(target: Element): void {
    this.parts.scheduler.guard(() => this.show(target));
    this.restyled();
  }

  pointer(x: number, y: number): void {
    this.parts.pointer.move(x, y);
  }

  pressed(x: number, y: number, button: number): void {
    this.parts.writer.click(x, y, button);
    this.parts.scheduler.soon();
  }

  // PageListener

  edited(sheet: CSSStyleSheet | undefined, how: Edit, rule: CSSRule | undefined): void {
    if (!this.parts.scheduler.running) return;
    this.parts.sheets.edited(sheet, how, rule);
    this.parts.lookout.edited(sheet, how, rule);
    this.restyled();
  }

  adopted(root: Document | ShadowRoot): void {
    if (!this.parts.scheduler.running) return;
    this.parts.sheets.adopted(root);
    this.parts.lookout.adopted(root);
    this.restyled();
  }

  attached(host: Element): void {
    if (!this.parts.tree.id(host)) return;
    this.parts.mutations.attached(host);
    this.restyled();
  }

  given(css: string): void {
    this.parts.styles?.given(css);
  }

  stated(): void {
    this.parts.states.mayChange();
    this.restyled();
  }

  /** Something may look otherwise, and show other images. */
  restyled(): void {
    this.parts.assets.changed();
    this.parts.scheduler.soon();
  }

  private show(target: Element): void {
    const { privacy, mutations, sheets, tree, pictures } = this.parts;
    // It may be redacted since it began to load.
    if (privacy.moved) return this.parts.snapshot();
    if (!privacy.used) mutations.search();
    if (privacy.used) this.parts.flush();
    if (ownsSheet(target)) sheets.changed(target);
    else if (/^i?frame$/.test(nameOf(target)) && tree.get(target)) mutations.frameLoaded(target as HTMLIFrameElement);
    else pictures.show(target);
  }
}
