import type { QwelpSettings } from "../settings.gen.js";
import { About } from "./about.js";
import { Assets } from "./assets.js";
import { attributeValue } from "./allow.js";
import { Boxes } from "./boxes.js";
import { CleanWriter } from "./cleanwriter.js";
import { Fields } from "./fields.js";
import { Focus } from "./focus.js";
import { hook, natives, wrap } from "./hooks.js";
import { Joined } from "./joined.js";
import { mender } from "./css.js";
import { getAttribute } from "./methods.js";
import { Layers } from "./layers.js";
import { Listening } from "./listening.js";
import { Lookout } from "./lookout.js";
import { Mutations } from "./mutations.js";
import { Outbox } from "./outbox.js";
import type { Output } from "./output.js";
import { PageEvents, type Concerned } from "./pageevents.js";
import type { Part } from "./part.js";
import { Pictures } from "./pictures.js";
import { Pointer } from "./pointer.js";
import { Privacy } from "./privacy.js";
import { quietly } from "./quiet.js";
import type { Captured, Rare } from "./rare.js";
import { Scheduler, type Work } from "./scheduler.js";
import { Scrolls } from "./scrolls.js";
import { typeOf } from "./nodes.js";
import { held, noticeAnimation, noticeStyle } from "./secret.js";
export { know } from "./secret.js";
import { Sheets } from "./sheets.js";
import { States } from "./states.js";
import type { Styled, Styles } from "./styles.js";
import { failed } from "./suspect.js";
import { Tree, type Entry } from "./tree.js";
import { Walker, type Visitor } from "./walker.js";

const slice = 12; // ms of a snapshot at a time

/**
 * Capture turns the page into frames: a snapshot, then what changes. Nothing of it runs before snapshot; stop takes back every
 * observer, listener and timer.
 */
export class Capture implements Visitor, Work, Concerned, Captured, Styled {
  readonly scheduler = new Scheduler(this);
  readonly writer = new CleanWriter();
  readonly tree = new Tree();
  private readonly soon = (): void => this.scheduler.soon();
  private readonly events = new PageEvents(this);
  private readonly listening = new Listening(this.tree, this.events);
  readonly roots = this.listening.roots;
  readonly lookout = new Lookout(this.roots);
  readonly privacy: Privacy;
  readonly boxes: Boxes;
  private readonly outbox: Outbox;
  readonly pointer: Pointer;
  readonly assets: Assets;
  readonly sheets: Sheets;
  readonly scrolls: Scrolls;
  readonly focus: Focus;
  readonly states: States;
  readonly about: About;
  readonly pictures: Pictures;
  readonly joined: Joined;
  private readonly walker: Walker;
  readonly mutations: Mutations;
  /** In the order in which they send: what the mirror has of the page comes first. */
  private readonly parts: Part[];
  private readonly adding: readonly Part[]; // of these, those that want to know of elements
  private rare: Rare | undefined;
  styles: Styles | undefined;
  private unread: string[] = []; // style sheets that Styles does not know
  private again = 0;
  private tries = 100; // that are made at once
  private unhook: (() => void) | undefined;
  private walking = false;
  /** The number of the frame that began the page: with it, numbers of nodes say which are meant. */
  page = 0;

  constructor(
    ui: () => Element | undefined,
    private readonly output: Output,
    settings: () => QwelpSettings,
    contents?: Set<string>,
  ) {
    const { writer, tree, soon, scheduler } = this;
    const privacy = (this.privacy = new Privacy(tree, settings));
    this.outbox = new Outbox(writer, output);
    this.pointer = new Pointer(output, (send) => scheduler.running && scheduler.guard(send));
    this.boxes = new Boxes(writer, tree, privacy, soon);
    this.assets = new Assets(this.outbox, tree, privacy, contents, () => this.settle());
    this.sheets = new Sheets(writer, tree, this.assets, (css) => (noticeStyle(css), this.states.sheet(css), this.styleSheet(css)), soon);
    this.scrolls = new Scrolls(writer, tree, privacy);
    this.focus = new Focus(writer, tree, privacy);
    this.states = new States(writer, tree, privacy);
    this.about = new About(writer, privacy);
    this.pictures = new Pictures(writer, tree, this.assets, privacy, this.outbox, soon);
    this.joined = new Joined(settings, (Frames) => new Frames(tree, privacy, writer, this.outbox, this.events, output, settings));
    this.walker = new Walker(writer, tree, this.assets, privacy, (...of) => this.styles?.value(...of), this, ui);
    this.mutations = new Mutations(writer, tree, this.walker, this.sheets, privacy, this.boxes, this);
    this.parts = [
      this.mutations, this.listening, this.sheets, new Fields(writer, tree, privacy), this.boxes, new Layers(writer, tree), this.scrolls, this.about, this.focus,
      this.states, this.pictures, this.joined, this.assets,
    ];
    this.adding = this.parts.filter(({ added }) => added);
  }

  /** Sends a snapshot, and from then on what changes. */
  snapshot(): void {
    quietly(() => {
      this.stopWatching();
      this.tree.reset();
      this.privacy.reset();
      this.outbox.reset();
      this.page = this.outbox.number;
      this.unread = [];
      for (const part of this.parts) part.reset();
      this.about.page();
      this.walker.page(document);
      this.lookout.reset();
      this.walking = true;
      this.scheduler.start();
      this.scheduler.guard(() => this.walk(false));
    });
  }

  /** What is private is another thing now. */
  settingsChanged(): void {
    if (this.scheduler.running && this.privacy.outdated) this.snapshot();
  }

  /** An agent does not have assets that were sent by their content only; by stands for its page of the console. */
  lacking(assets: readonly number[], by: object): void {
    if (this.scheduler.running) this.assets.lacking(assets, by);
  }

  stop(): void {
    clearTimeout(this.again);
    clearTimeout(this.again);
    this.joined.end();
    this.stopWatching();
    this.outbox.reset();
    this.tree.reset();
  }

  /** Listens, as long as a session runs, to what a later snapshot could not see: closed shadow roots. */
  listen(): void {
    this.unhook ??= hook(window, this.events);
    void import("./rare.js").then(({ Rare }) => {
      if (!this.rare) this.parts.splice(1, 0, (this.rare = new Rare(this, wrap, natives)));
      if (this.unhook) this.rare.listen();
    }, () => undefined);
    void import("./styles.js").then(({ Styles }) => {
      if (this.styles) return;
      this.styles = new Styles(this, mender);
      this.parts.splice(this.parts.indexOf(this.sheets) + 1, 0, this.styles);
      for (const css of this.unread.splice(0)) this.styles.sheet(css);
      this.sheets.again();
      this.scheduler.soon();
    }, () => undefined);
  }

  /** Ends all: the page has its functions back. */
  end(): void {
    this.stop();
    this.unhook?.();
    this.unhook = undefined;
    this.rare?.end();
  }

  private stopWatching(): void {
    this.scheduler.stop();
    this.walking = false;
    for (const part of this.parts) part.stop?.();
  }

  private walk(again = true): void {
    const end = performance.now() + slice;
    const { privacy } = this;
    privacy.renew();
    // What was sent of the page so far may no longer be.
    if (privacy.moved || (again && (this.lookout.look(false) || this.mutations.outdated())) || privacy.turned) return this.snapshot();
    this.walking = !this.walker.run(() => privacy.turned || performance.now() > end);
    if (!this.walking && again) {
      // The parts that were read first may be older than the last; the page that is shown is to be of one moment.
      this.outbox.hold();
      this.mutations.look();
    }
    if (privacy.turned) return this.snapshot();
    if (!this.walking) {
      this.focus.look();
      this.states.look(false);
      this.writer.pageEnd();
      this.assets.walked();
    }
    this.outbox.send();
    this.outbox.release();
    if (!this.walking) this.pointer.rests();
    if (this.walking) this.scheduler.next(() => this.walk());
    else this.scheduler.soon();
  }

  // Work

  failed(error: unknown): void {
    const known = failed();
    this.stop();
    // What is known to fail costs no time.
    if (known && this.tries-- > 0) this.again = window.setTimeout(() => this.scheduler.guard(() => this.snapshot()));
    else this.output.failed(error);
  }

  get urgent(): boolean {
    return this.privacy.volatile;
  }

  look(all: boolean): boolean {
    const { privacy, outbox } = this;
    privacy.renew();
    if (privacy.moved) {
      this.snapshot();
      return true;
    }
    privacy.arrive();
    if (this.walking) return false;
    this.mutations.gathered();
    if (this.lookout.look(all)) {
      this.snapshot();
      return true;
    }
    // Nothing leaves until all is known that makes anything private.
    outbox.hold();
    for (const part of this.parts) part.look(all);
    if (privacy.turned) {
      this.snapshot();
      return true;
    }
    outbox.send();
    return outbox.release();
  }

  flush(): void {
    this.look(false);
  }

  /** Sends what has changed; false when that is not all, or nothing is captured any more. */
  private settle(): boolean {
    this.scheduler.guard(() => this.flush());
    return this.scheduler.running && !this.walking && this.mutations.settled;
  }

  private styleSheet(css: string): void {
    if (this.styles) this.styles.sheet(css);
    else this.unread.push(css);
  }

  asItIs(node: Node): boolean {
    return !!this.tree.id(node) && !this.privacy.now(node) && (typeOf(node) !== Node.TEXT_NODE || held.clean((node as Text).data) === (node as Text).data);
  }

  late(element: Element, name: string): void {
    const { id, kind, policy } = this.tree.get(element)!;
    const value = getAttribute.call(element, name)!;
    const sent = this.walker.attribute(element, kind, name, value, policy);
    if (sent !== undefined && sent !== attributeValue(element, name, value, policy > 0)) this.writer.setAttribute(id, name, sent);
  }

  // Visitor

  root(root: Document | ShadowRoot): void {
    this.privacy.addRoot(root);
    for (const part of this.parts) part.rooted?.(root);
  }

  element(element: Element, entry: Entry): void {
    for (const part of this.adding) part.added!(element, entry);
  }

  unfinished(parent: Node): void {
    this.mutations.unfinished(parent);
  }

  flushed(): void {
    if (!this.privacy.turned) this.outbox.sendIfLarge();
  }

  // Noticed, and what Rare is given

  noticed(restyled: boolean): void {
    if (restyled) this.events.restyled();
    else this.scheduler.soon();
  }

  attributed(element: Element, entry: Entry, name: string): void {
    for (const part of this.parts) part.attributed?.(element, entry, name);
  }

  stated(): void {
    this.events.stated();
  }

  animated(by: unknown): void {
    noticeAnimation(by);
    this.stated();
  }
}
