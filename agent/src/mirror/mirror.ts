import { FrameError } from "../../../signal/wire/bytes.js";
import { readOps } from "../../../signal/wire/frame.gen.js";
import type { MarkKind, ResyncReason } from "../../../signal/wire/wire.gen.js";
import { findAnchor, placeAnchors } from "./anchors.js";
import { boxOf, documentOf } from "./dom.js";
import type { EmptyPages } from "./embed.js";
import { Family, type Member, type Weight } from "./family.js";
import type { Frame, Place } from "./frame.js";
import { guard } from "./guard.js";
import { maxPageBytes, maxWaitingBytes } from "./limits.js";
import { Operations } from "./operations.js";
import { Picture, type Inner, type PageInfo } from "./picture.js";
import type { Player } from "./players.js";
import type { Anchor, Box, Marks, PlacedPlayer } from "./port.js";
import { PacedReader, peek } from "./reader.js";
import { Resync } from "./resync.js";
import { Contents } from "./contents.js";
import { Sequence } from "./sequence.js";
import { Refused, type Entry } from "./tree.js";

/** What the mirror tells its owner. */
export interface MirrorEvents {
  /** A new page of the customer is shown. */
  page(info: Readonly<PageInfo>): void;
  /** The title, URL or viewport of the page shown has changed. */
  info(info: Readonly<PageInfo>): void;
  /** The customer pressed a pointer button, at a place in the viewport. */
  click(x: number, y: number, button: number): void;
  /** The page shows that somebody does something besides. */
  acted?(): void;
  /** Frames have been applied: what is laid over the page may be elsewhere now. */
  moved(): void;
  /** A new snapshot is needed, of the page or of one inside a frame: that one by number, those it is in before it. */
  resync(reason: ResyncReason, frames: readonly number[]): void;
  /** The bytes of assets are needed that came before in this session, but not here. */
  lack(assets: readonly number[]): void;
  /** The agent wants to leave the page by the keyboard. */
  leave(): void;
}

/** What a mirror of a page inside a frame has to know of the page around. */
interface Around {
  readonly family: Family;
  /** How many such mirrors it is in. */
  readonly depth: number;
  /** Whether the agent's focus is nowhere else. */
  mayFocus(): boolean;
}

/** What a mirror has around it that is in no page. */
export function nothingAround(mayFocus: () => boolean): Around {
  return { family: new Family(), depth: 0, mayFocus };
}

const deepest = 8; // mirrors in mirrors
const mostPlayers = 50; // that are drawn over
const slice = 8; // ms of work at a time

/**
 * Mirror shows the customer's page from the frames it receives. A new page is built beside the one that is shown and takes its place
 * when it is complete. Frames that cannot be understood change nothing but that a new snapshot is asked for; no frame makes it throw.
 */
export class Mirror implements Inner, Member {
  private readonly sequence = new Sequence();
  private readonly contents = new Contents();
  private readonly resync: Resync;
  private readonly operations: Operations;
  private readonly queue: Uint8Array[] = [];
  private readonly strings: string[] = [];
  private readonly guarded = new WeakSet<Document>();
  private readonly channel = new MessageChannel();
  private reader: PacedReader | undefined;
  private shown: Picture | undefined;
  private building: { readonly picture: Picture; readonly frame: Frame } | undefined;
  private waiting = false;
  private queued = 0; // bytes
  private received = 0; // bytes since the page began
  private began = 0; // the number of the frame that began the page
  private anchors: readonly number[] = []; // elements whose places are wanted
  private deaf = false; // no listener in the page is called

  constructor(
    private readonly frames: Place,
    private readonly pages: EmptyPages,
    private readonly events: MirrorEvents,
    private readonly around: Around,
  ) {
    this.resync = new Resync((reason) => events.resync(reason, []));
    this.operations = new Operations({
      page: (info, quirks) => this.begin(info, quirks),
      pageEnd: () => this.show(),
      info: () => this.infoChanged(),
      click: (x, y, button) => events.click(x, y, button),
      acted: () => events.acted?.(),
    });
    this.channel.port1.onmessage = () => {
      this.waiting = false;
      this.work();
    };
  }

  /** Loads what the first page will be shown in. The host has to be in the document. */
  prepare(): void {
    this.frames.prepare();
  }

  /** Takes a frame. It is applied at once when none waits. */
  receive(frame: Uint8Array): void {
    this.queue.push(frame);
    this.queued += frame.length;
    if (this.queued > maxWaitingBytes) this.refuse(new Refused("more frames wait than can be kept"));
    else if (!this.waiting) this.work();
  }

  /** Frames are missing: asks for a new page. */
  gap(): void {
    this.abandon();
    this.resync.need("gap");
  }

  /** Forgets what waits and expects a page: another link has taken over. */
  restart(): void {
    this.abandon();
    this.resync.met();
  }

  /** Shows nothing any more. */
  clear(): void {
    this.restart();
    this.shown?.dispose();
    this.shown = undefined;
    this.contents.clear();
    this.frames.clear();
    this.around.family.delete(this);
  }

  giveUp(): void {
    this.shown?.dispose();
    this.shown = undefined;
    this.received = 0;
    this.frames.clear();
    this.refuse(new Refused("frames have more than a page may"));
  }

  get weight(): Weight {
    const weight = { nodes: 0, text: 0, rules: 0, steps: 0, instances: 0, bytes: this.received + this.queued, assets: 0 };
    for (const picture of new Set([this.shown, this.operations.picture])) {
      if (!picture) continue;
      weight.nodes += picture.tree.nodes;
      weight.text += picture.tree.text;
      weight.rules += picture.sheets.size;
      weight.steps += picture.bounds.steps;
      weight.instances += picture.bounds.instances;
      weight.assets += picture.assets.bytes;
    }
    weight.bytes -= (this.operations.picture?.assets.bytes ?? 0) + (this.operations.picture?.forInners ?? 0);
    return weight;
  }

  /** The agent's own focus has moved. */
  focusChanged(): void {
    this.shown?.state.focusChanged();
    this.settle();
    this.focused?.focusChanged();
  }

  /** What is drawn over the page, in the viewport. */
  get marks(): Marks {
    const element = this.ringed;
    const placeOf = (of: Element): Box => plain(this.placeOf(of));
    return { focus: element && plain(this.placeOf(element)), players: this.players.slice(0, mostPlayers).map((player) => this.placed(player)), anchors: this.shown ? placeAnchors(this.anchors, this.shown.tree, this.frames.shown?.element ?? null, placeOf) : [] };
  }

  /** Has the places of elements be told with what is drawn over the page, by their numbers. */
  watch(nodes: readonly number[]): void {
    this.anchors = nodes;
    this.events.moved();
  }

  /** The element that a mark of that kind in a part of the viewport belongs to. */
  anchorAt(kind: MarkKind | "laser", box: Box): Anchor | undefined {
    const { shown } = this;
    const entry = shown && findAnchor(shown.document, shown.tree, kind, box, (element) => this.placeOf(element));
    return entry && { page: shown.info.number, node: entry.number, box: plain(this.placeOf(entry.node as Element)) };
  }

  /** Audio and video elements that are seen. */
  get players(): readonly Player[] {
    return this.shown?.seenPlayers ?? [];
  }

  private placed({ element, ...player }: Player): PlacedPlayer {
    return { ...player, name: element.localName as PlacedPlayer["name"], box: plain(this.placeOf(element)) };
  }

  private get ringed(): Element | undefined {
    const inner = this.focused;
    return inner ? inner.ringed : this.shown?.state.ringedElement;
  }

  /** The mirror of the page in the frame that has the focus. */
  private get focused(): Mirror | undefined {
    return this.shown?.inner(this.shown.state.focusedElement) as Mirror | undefined;
  }

  /** Where an element is in the viewport, also one in a frame. */
  private placeOf(element: Element): DOMRect {
    const box = boxOf(element);
    for (let frame = frameOf(element); frame && frame !== this.frames.shown?.element; frame = frameOf(frame)) {
      const outer = boxOf(frame);
      box.x += outer.x + frame.clientLeft;
      box.y += outer.y + frame.clientTop;
    }
    return box;
  }

  private get mayFocus(): boolean {
    return !this.deaf && this.around.mayFocus();
  }

  private work(): void {
    const deadline = performance.now() + slice;
    try {
      while (!this.waiting && this.next()) {
        const reader = this.reader!;
        reader.deadline = deadline;
        readOps(reader, this.operations);
        if (this.shown && this.shown === this.operations.picture) this.shown.bounds.check();
        if (this.waiting) break;
        if (reader.done) {
          this.reader = undefined;
          this.weigh();
          this.settle();
        } else if (performance.now() >= deadline) {
          this.later();
        }
      }
    } catch (error) {
      this.refuse(error);
    }
  }

  private weigh(): void {
    const { assets, forInners } = this.operations.picture ?? { assets: { bytes: 0 }, forInners: 0 };
    if (this.received - assets.bytes - forInners > maxPageBytes) throw new Refused("the page is too large");
    if (this.around.depth > 0) this.around.family.weigh();
  }

  private refuse(error: unknown): void {
    // Never what it says of the page.
    const why = error instanceof Refused || error instanceof FrameError ? error.message : String((error as Error).name);
    console.warn("qwelp: a frame was refused:", why);
    this.abandon();
    this.resync.need("refused");
  }

  /** Sees to it that there is a frame to read. */
  private next(): boolean {
    while (!this.reader) {
      const data = this.queue.shift();
      if (!data) return false;
      this.queued -= data.length;
      const { seq, beginsPage } = peek(data);
      switch (this.sequence.judge(seq, beginsPage)) {
        case "apply":
          if (beginsPage) this.began = seq;
          this.received = data.length + (beginsPage ? 0 : this.received);
          this.reader = new PacedReader(data, this.strings);
          this.reader.header();
          break;
        case "gap":
          this.gap();
      }
    }
    return true;
  }

  /** Goes on in a task of its own, in the background too, where no animation frames come. */
  private later(): void {
    this.waiting = true;
    this.channel.port2.postMessage(null);
  }

  private begin(info: PageInfo, quirks: boolean): void {
    info.number = this.began;
    this.resync.met();
    this.building?.picture.dispose();
    const build = (frame: Frame): void => {
      const picture = new Picture(info, frame.document, this.pages, {
        opened: (inside) => this.protect(inside),
        changed: () => this.settle(),
        bounded: () => this.bounded(picture),
        embedded: (host, place) => this.embedded(host, place),
      }, this.frames.around, this.around.depth > 0 ? undefined : { contents: this.contents, lack: (assets) => this.events.lack(assets) });
      this.building = { picture, frame };
      this.operations.picture = picture;
    };
    const frame = this.frames.open(quirks);
    if (!(frame instanceof Promise)) {
      build(frame);
      return;
    }
    const reader = this.reader!;
    reader.hold();
    this.waiting = true;
    void frame.then((loaded) => {
      if (this.reader !== reader) return;
      build(loaded);
      this.later();
    });
  }

  private show(): void {
    const { picture, frame } = this.building!;
    this.building = undefined;
    const old = this.shown;
    this.shown = picture;
    this.frames.show(frame);
    this.frames.scheme(picture.info.features.dark);
    this.events.page(picture.info);
    this.frames.fill(frame, picture);
    old?.dispose();
  }

  /** A mirror for the page inside a frame. Whatever comes for it stays in there. */
  private embedded(host: Entry, place: Place): Mirror | undefined {
    const { family, depth } = this.around;
    if (family.full || depth >= deepest) return undefined;
    const frame = host.node as HTMLElement;
    const nothing = (): void => undefined;
    const inner = new Mirror(place, this.pages, {
      page: (info) => info.partial && this.shown && this.bounded(this.shown),
      info: (info) => info.partial && this.shown && this.bounded(this.shown),
      click: (x, y, button) => {
        const box = this.placeOf(frame);
        this.events.click(box.x + frame.clientLeft + x, box.y + frame.clientTop + y, button);
      },
      acted: () => this.events.acted?.(),
      moved: () => this.events.moved(),
      resync: (reason, frames) => this.events.resync(reason, [host.number, ...frames]),
      lack: nothing,
      leave: () => this.events.leave(),
    }, { family, depth: depth + 1, mayFocus: () => this.mayFocus && this.shown?.state.focusedElement === frame });
    family.add(inner);
    return inner;
  }

  /** Something of a picture is left out. */
  private bounded({ info }: Picture): void {
    if (info.partial) return;
    info.partial = true;
    if (this.shown?.info === info) this.events.info(info);
  }

  private infoChanged(): void {
    if (!this.shown || this.operations.picture !== this.shown) return;
    this.frames.scheme(this.shown.info.features.dark);
    this.events.info(this.shown.info);
  }

  private settle(): void {
    const { shown } = this;
    if (!shown) return;
    shown.settle(this.mayFocus);
    this.events.moved();
  }

  private protect(inside: Document): void {
    if (this.guarded.has(inside)) return;
    this.guarded.add(inside);
    const view = inside.defaultView!;
    if (guard(view, () => this.events.leave())) return;
    // Where nothing can be refused, nothing gets there: neither presses nor, without the focus, keys. In Chromium that is so of frames within the page
    // that are filled by script.
    const frame = view.frameElement as HTMLElement | null;
    if (frame) frame.style.pointerEvents = "none";
    if (!frame || !this.guarded.has(frame.ownerDocument)) this.deaf = true;
  }

  /** Ignores everything until a page begins. What is shown stays. */
  private abandon(): void {
    this.sequence.lost();
    this.queue.length = 0;
    this.queued = 0;
    this.reader = undefined;
    this.waiting = false;
    this.building?.picture.dispose();
    this.building = undefined;
    this.operations.picture = undefined;
  }
}

const plain = ({ x, y, width, height }: Box): Marks["focus"] & object => ({ x, y, width, height });

function frameOf(element: Element): HTMLElement | null {
  return (documentOf(element).defaultView?.frameElement as HTMLElement | null | undefined) ?? null;
}
