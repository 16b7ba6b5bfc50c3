import { About } from "./about.js";
import { Asked } from "./asked.js";
import { CleanWriter } from "./cleanwriter.js";
import { Assets } from "./assets.js";
import { Boxes } from "./boxes.js";
import { Fields, type Field } from "./fields.js";
import { Focus } from "./focus.js";
import { hook, natives, wrap, type Edit, type Heard } from "./hooks.js";
import * as Kind from "./kind.js";
import { Joined } from "./joined.js";
import { listen, type InputSink } from "./input.js";
import { Lookout } from "./lookout.js";
import { Layers } from "./layers.js";
import { Mutations } from "./mutations.js";
import { Outbox } from "./outbox.js";
import type { Output } from "./output.js";
import { Hidden } from "./policy.js";
import { Pictures } from "./pictures.js";
import { Pointer } from "./pointer.js";
import { Privacy } from "./privacy.js";
import type { Rare } from "./rare.js";
import { Scrolls } from "./scrolls.js";
import { discover, noticeAnimation, noticeStyle } from "./secret.js";
export { know } from "./secret.js";
import { ownsSheet, Sheets, type Owner } from "./sheets.js";
import { States } from "./states.js";
import type { QwelpSettings } from "../settings.gen.js";
import { Tree, type Entry } from "./tree.js";
import { Walker, type Visitor } from "./walker.js";

const slice = 12; // ms of a snapshot at a time
const pollInterval = 50; // ms between looks at what no event tells
const rarely = 20; // looks between those at what hooks tell, as a rule

/**
 * Capture turns the page into frames: a snapshot, then what changes. Nothing of it runs before start; stop takes back every
 * observer, listener and timer.
 */
export class Capture implements Visitor, InputSink, Heard {
  readonly writer = new CleanWriter();
  readonly tree = new Tree();
  readonly privacy: Privacy;
  private readonly boxes: Boxes;
  private readonly outbox: Outbox;
  readonly assets: Assets;
  readonly sheets: Sheets;
  private readonly fields: Fields;
  private readonly focus: Focus;
  private readonly states: States;
  private readonly asked: Asked;
  private readonly about: About;
  private readonly pictures: Pictures;
  readonly joined: Joined;
  private readonly walker: Walker;
  private readonly mutations: Mutations;
  readonly listening = new Map<Document | ShadowRoot, () => void>();
  private readonly scrolls: Scrolls;
  private readonly lookout = new Lookout(this.listening);
  private readonly layers: Layers;
  private readonly hosts = new Set<Element>(); // that have got a shadow root
  private rare: Rare | undefined;
  private unhook: (() => void) | undefined;
  private looks = 0;
  private poll = 0; // 0 while nothing is captured
  private scheduled = 0;
  private fallback = 0;
  private walking = 0;
  private acted = false; // the customer did something that may have moved focus or selection
  private readonly moves: Pointer;

  constructor(
    ui: () => Element | undefined,
    private readonly output: Output,
    settings: () => QwelpSettings,
    contents?: Set<string>,
  ) {
    this.privacy = new Privacy(this.tree, settings);
    this.boxes = new Boxes(this.writer, this.tree, this.privacy, () => this.schedule());
    this.outbox = new Outbox(this.writer, output);
    this.moves = new Pointer(output, (send) => this.poll && this.guard(send));
    this.assets = new Assets(this.outbox, this.tree, this.privacy, contents, () => this.settle());
    this.sheets = new Sheets(this.writer, this.tree, this.assets, (css) => (noticeStyle(css), this.states.sheet(css), this.asked.sheet(css)));
    this.fields = new Fields(this.writer, this.tree, this.privacy);
    this.scrolls = new Scrolls(this.writer, this.tree, this.privacy);
    this.layers = new Layers(this.writer, this.tree);
    this.focus = new Focus(this.writer, this.tree, this.privacy);
    this.states = new States(this.writer, this.tree, this.privacy);
    this.asked = new Asked(this.writer, this.tree);
    this.about = new About(this.writer, this.privacy);
    this.pictures = new Pictures(this.writer, this.tree, this.assets, this.privacy, this.outbox, () => this.schedule());
    this.joined = new Joined(settings, (Frames) => new Frames(this.tree, this.privacy, this.writer, this.outbox, this, output, settings));
    this.walker = new Walker(this.writer, this.tree, this.assets, this.privacy, this.asked, this, ui);
    this.mutations = new Mutations(this.writer, this.tree, this.walker, this.sheets, this.privacy, this.boxes, () => this.schedule());
  }

  /** Sends a snapshot, and from then on what changes. */
  snapshot(): void {
    this.stopWatching();
    this.tree.reset();
    this.privacy.reset();
    this.boxes.reset();
    this.assets.reset();
    this.sheets.reset();
    this.fields.reset();
    this.focus.reset();
    this.states.reset();
    this.asked.reset();
    this.outbox.reset();
    this.layers.reset();
    this.hosts.clear();
    this.scrolls.reset();
    this.pictures.reset();
    this.rare?.reset();
    this.about.page();
    this.walker.page(document);
    this.lookout.reset();
    this.poll = window.setInterval(() => this.guard(() => this.look()), pollInterval);
    this.guard(() => this.walk());
  }

  /** What is private is another thing now. */
  settingsChanged(): void {
    if (this.poll && this.privacy.outdated) this.snapshot();
  }

  /** An agent does not have assets that were told by their content only; by stands for its page of the console. */
  lacking(assets: readonly number[], by: object): void {
    if (this.poll) this.assets.lacking(assets, by);
  }

  stop(): void {
    this.joined.end();
    this.stopWatching();
    this.outbox.reset();
    this.tree.reset();
  }

  /** Listens, as long as a session runs, to what a later snapshot could not see: closed shadow roots. */
  listen(): void {
    this.unhook ??= hook(window, this);
    void import("./rare.js").then(({ Rare }) => {
      this.rare ??= new Rare(this, wrap, natives);
      if (this.unhook) this.rare.listen();
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
    clearInterval(this.poll);
    this.poll = 0;
    clearTimeout(this.walking);
    this.unschedule();
    this.walking = 0;
    this.mutations.stop();
    this.pictures.stop();
    this.assets.stop();
    for (const stop of this.listening.values()) stop();
    this.listening.clear();
  }

  /** Runs what the browser calls. An error of ours is no error of the page's: it goes to the output, not to window.onerror. */
  private guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.stop();
      this.output.failed(error);
    }
  }

  private walk(): void {
    const end = performance.now() + slice;
    this.privacy.renew();
    // What was told of the page so far may no longer be.
    if (this.privacy.moved || (this.walking && (this.lookout.look(false) || this.mutations.outdated(this.hosts))) || this.privacy.turned) return this.snapshot();
    this.walking = 0;
    const done = this.walker.run(() => this.privacy.turned || performance.now() > end);
    if (this.privacy.turned) return this.snapshot();
    if (done) {
      this.focus.look();
      this.states.look();
      this.writer.pageEnd();
      this.assets.walked();
      this.outbox.send();
      this.schedule();
    } else {
      this.outbox.send();
      this.walking = window.setTimeout(() => this.guard(() => this.walk()));
    }
  }

  // Visitor

  element(element: Element, entry: Entry): void {
    const { kind, policy } = entry;
    this.layers.forget(element);
    if (kind & Kind.Field) this.fields.add(element as Field);
    if (kind & Kind.Sheet) this.sheets.add(element as Owner);
    if (kind & Kind.Stateful) this.states.add(element);
    if (kind & Kind.Frame) this.joined.add(element);
    if (policy) this.boxes.add(element);
    if (kind & (Kind.Image | Kind.Moving)) this.pictures.add(element);
    if (kind & Kind.Layer) this.layers.add(element);
    this.scrolls.element(element, entry);
  }

  unfinished(parent: Node): void {
    this.mutations.unfinished(parent);
  }

  root(root: Document | ShadowRoot): void {
    discover(root);
    this.privacy.addRoot(root);
    this.listening.get(root)?.();
    this.mutations.observe(root);
    this.assets.addRoot(root);
    this.sheets.addRoot(root);
    const stop = listen(root, this);
    this.listening.set(root, stop);
    if (root.nodeType !== Node.DOCUMENT_NODE) return;
    const doc = root as Document;
    if (doc !== document && doc.defaultView) {
      const unhook = hook(doc.defaultView as Window & typeof globalThis, this);
      this.listening.set(doc, () => (stop(), unhook()));
    }
    this.scrolls.document(doc);
  }

  flushed(): void {
    if (!this.privacy.turned) this.outbox.sendIfLarge();
  }

  // InputSink

  changed(): void {
    this.acted = true;
    this.restyled();
  }

  over(target: Element): void {
    this.states.over = target;
    this.restyled();
  }

  scrolled(target: Element | Document): void {
    this.scrolls.add(target);
    this.schedule();
  }

  tells(event: Event): boolean {
    return !this.privacy.used || this.privacy.of(event.composedPath()[0] as Node) < Hidden;
  }

  slotted(): void {
    this.privacy.slotted = true;
    if (this.privacy.used) this.schedule();
  }

  resized(): void {
    this.about.sized = true;
    this.boxes.changed();
    this.restyled();
  }

  loaded(target: Element): void {
    this.guard(() => this.show(target));
    this.restyled();
  }

  // Heard

  edited(sheet: CSSStyleSheet | undefined, how: Edit): void {
    if (!this.poll) return;
    this.sheets.edited(sheet, how);
    this.lookout.edited(sheet, how);
    this.restyled();
  }

  adopted(root: Document | ShadowRoot): void {
    if (!this.poll) return;
    this.sheets.adopted(root);
    this.lookout.adopted(root);
    this.restyled();
  }

  attached(host: Element): void {
    if (!this.tree.id(host)) return;
    this.hosts.add(host);
    this.restyled();
  }

  stated(): void {
    this.states.mayChange();
    this.restyled();
  }

  animated(by: unknown): void {
    noticeAnimation(by);
    this.stated();
  }

  private show(target: Element): void {
    // It may be redacted since it began to load.
    if (this.privacy.moved) return this.snapshot();
    if (!this.privacy.used) this.mutations.look();
    if (this.privacy.used) this.flush();
    if (ownsSheet(target)) this.sheets.changed(target);
    else if (target.localName === "iframe" && this.tree.get(target)) this.mutations.frameLoaded(target as HTMLIFrameElement);
    else this.pictures.show(target);
  }

  pointer(x: number, y: number): void {
    this.moves.move(x, y);
  }

  pressed(x: number, y: number, button: number): void {
    this.writer.click(x, y, button);
    this.schedule();
  }

  /** Something may look otherwise, and show other images. */
  private restyled(): void {
    this.assets.changed();
    this.schedule();
  }

  /** Sends what has changed; false when that is not all, or nothing is captured any more. */
  private settle(): boolean {
    this.guard(() => this.flush());
    return this.poll !== 0 && !this.walking && this.mutations.settled;
  }

  /** Sends before the next frame is painted; a page in the background paints none. */
  private schedule(): void {
    if (this.scheduled || !this.poll) return;
    const flush = (): void => {
      this.unschedule();
      this.guard(() => this.flush());
    };
    this.scheduled = requestAnimationFrame(flush);
    this.fallback = window.setTimeout(flush, pollInterval);
  }

  private unschedule(): void {
    cancelAnimationFrame(this.scheduled);
    clearTimeout(this.fallback);
    this.scheduled = 0;
  }

  private flush(all = false): void {
    this.privacy.renew();
    if (this.privacy.moved) return this.snapshot();
    if (this.walking) return this.schedule();
    this.mutations.gathered();
    if (this.lookout.look(all)) return this.snapshot();
    // Nothing leaves until all is known that makes anything private.
    this.outbox.hold();
    this.mutations.flush(this.hosts, (element, entry, name) => this.attributed(element, entry, name));
    this.hosts.clear();
    this.rare?.look(all);
    this.sheets.look(all);
    this.fields.look();
    this.boxes.look();
    this.layers.look();
    this.scrolls.look();
    this.about.look();
    // Asked after a mutation, the selection has the browser lay the page out: only ask when it may have changed.
    if (this.acted) this.focus.look();
    if (this.acted || all) this.states.mayChange();
    this.states.look();
    this.acted = false;
    this.assets.look(this.mutations.takeRestyled());
    if (this.privacy.turned) return this.snapshot();
    this.outbox.send();
    this.outbox.release();
  }

  /** Looks at what no event tells: rules, values and URLs that script has set. */
  private look(): void {
    for (const [root, stop] of this.listening) {
      if (this.tree.id(root)) continue;
      stop();
      this.listening.delete(root);
    }
    this.flush(++this.looks % rarely === 0);
  }

  private attributed(element: Element, { kind }: Entry, name: string): void {
    if (kind & Kind.Sheet) this.sheets.changed(element as Owner);
    if (kind & Kind.Image) this.pictures.show(element);
    if (name === "popover") this.layers.add(element);
    // The image a picture shows depends on its sources.
    if (kind & Kind.Source) for (const image of element.parentElement?.querySelectorAll("img") ?? []) this.pictures.show(image);
  }
}
