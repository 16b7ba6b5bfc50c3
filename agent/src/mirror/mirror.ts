import { FrameError } from "../../../signal/wire/bytes.js";
import { readOps } from "../../../signal/wire/frame.gen.js";
import type { ResyncReason } from "../../../signal/wire/wire.gen.js";
import { boxOf, documentOf } from "./dom.js";
import type { EmptyPages } from "./embed.js";
import { Frames, type Frame } from "./frame.js";
import { guard } from "./guard.js";
import { maxPageBytes, maxWaitingBytes } from "./limits.js";
import { Operations } from "./operations.js";
import { Picture, type PageInfo } from "./picture.js";
import { PacedReader, peek } from "./reader.js";
import { Resync } from "./resync.js";
import { Sequence } from "./sequence.js";
import { Refused } from "./tree.js";

/** What the mirror tells its owner. */
export interface MirrorEvents {
  /** A new page of the customer is shown. */
  page(info: Readonly<PageInfo>): void;
  /** The title, URL or viewport of the page shown has changed. */
  info(info: Readonly<PageInfo>): void;
  /** The customer pressed a pointer button, at a place in the viewport. */
  click(x: number, y: number, button: number): void;
  /** Frames have been applied: what is laid over the page may be elsewhere now. */
  moved(): void;
  /** A new snapshot is needed. */
  resync(reason: ResyncReason): void;
  /** The agent wants to leave the page by the keyboard. */
  leave(): void;
}

const slice = 8; // ms of work at a time

/**
 * Mirror shows the customer's page from the frames it receives. A new page is built beside the one that is shown and takes its place
 * when it is complete. Frames that cannot be understood change nothing but that a new snapshot is asked for; no frame makes it throw.
 */
export class Mirror {
  private readonly frames: Frames;
  private readonly sequence = new Sequence();
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

  /** host holds the frame; title is the frame's name to people who do not see it. */
  constructor(
    host: HTMLElement,
    private readonly pages: EmptyPages,
    title: string,
    private readonly events: MirrorEvents,
  ) {
    this.frames = new Frames(host, pages, title);
    this.resync = new Resync((reason) => events.resync(reason));
    this.operations = new Operations({
      page: (info, quirks) => this.begin(info, quirks),
      pageEnd: () => this.show(),
      info: () => this.infoChanged(),
      click: (x, y, button) => events.click(x, y, button),
    });
    this.channel.port1.onmessage = () => {
      this.waiting = false;
      this.work();
    };
  }

  /** Takes a frame. It is applied at once when none waits. */
  receive(frame: Uint8Array): void {
    this.queue.push(frame);
    this.queued += frame.length;
    if (this.queued > maxWaitingBytes) this.refuse(new Refused("more frames wait than can be kept"));
    else if (!this.waiting) this.work();
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
    this.frames.clear();
  }

  /** The agent's own focus has moved. */
  focusChanged(): void {
    this.shown?.state.focusChanged();
    this.settle();
  }

  /** Where the element is that has the customer's focus, in the viewport, unless the frame shows the focus itself. */
  get focusBox(): DOMRect | undefined {
    const element = this.shown?.state.ringedElement;
    if (!element || this.ownsFocus) return undefined;
    const box = boxOf(element);
    for (let frame = frameOf(element); frame && frame !== this.frames.shown?.element; frame = frameOf(frame)) {
      const outer = boxOf(frame);
      box.x += outer.x + frame.clientLeft;
      box.y += outer.y + frame.clientTop;
    }
    return box;
  }

  private get ownsFocus(): boolean {
    return document.hasFocus() && document.activeElement === this.frames.shown?.element;
  }

  /** Whether no control of the console has the focus, which is not taken from one. */
  private get mayFocus(): boolean {
    const active = document.activeElement;
    return !active || active === document.body || active === this.frames.shown?.element;
  }

  private work(): void {
    const deadline = performance.now() + slice;
    try {
      while (!this.waiting && this.next()) {
        const reader = this.reader!;
        reader.deadline = deadline;
        readOps(reader, this.operations);
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
    const assets = this.operations.picture?.assets.bytes ?? 0;
    if (this.received - assets > maxPageBytes) throw new Refused("the page is too large");
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
          this.received = data.length + (beginsPage ? 0 : this.received);
          this.reader = new PacedReader(data, this.strings);
          this.reader.header();
          break;
        case "gap":
          this.abandon();
          this.resync.need("gap");
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
    this.resync.met();
    this.building?.picture.dispose();
    const build = (frame: Frame): void => {
      const picture = new Picture(info, frame.document, this.pages, {
        opened: (inside) => this.protect(inside),
        changed: () => this.settle(),
      });
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
    this.frames.scheme(picture.info.dark);
    this.events.page(picture.info);
    this.keepingFocus(() => picture.show());
    old?.dispose();
  }

  private infoChanged(): void {
    if (!this.shown || this.operations.picture !== this.shown) return;
    this.frames.scheme(this.shown.info.dark);
    this.events.info(this.shown.info);
  }

  private settle(): void {
    const { shown } = this;
    if (!shown) return;
    this.keepingFocus(() => shown.settle(this.mayFocus));
    this.events.moved();
  }

  /** Opening a dialog or selecting text moves the focus, which must not be taken from a control of the console. */
  private keepingFocus(action: () => void): void {
    const before = this.mayFocus ? undefined : (document.activeElement as HTMLElement);
    action();
    if (before && document.activeElement !== before) before.focus({ preventScroll: true });
  }

  private protect(inside: Document): void {
    if (this.guarded.has(inside)) return;
    this.guarded.add(inside);
    guard(inside.defaultView!, () => this.events.leave());
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

function frameOf(element: Element): HTMLElement | null {
  return (documentOf(element).defaultView?.frameElement as HTMLElement | null | undefined) ?? null;
}
