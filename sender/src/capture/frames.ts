import { ByteReader } from "../../../signal/wire/bytes.js";
import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { MaxFrameBytes } from "../../../signal/wire/wire.gen.js";
import type { QwelpSettings } from "../settings.gen.js";
import type { Output } from "./output.js";
import type { InputSink } from "./input.js";
import { offer, type ToFramed } from "./joining.js";
import type { Outbox } from "./outbox.js";
import type { Privacy } from "./privacy.js";
import type { Tree } from "./tree.js";

const pauses = [1_000, 3_000, 9_000]; // ms after which an offer that was not answered is made again: the page may just be loading
const pollInterval = 50; // ms between looks whether the line is free for what waits
const high = 256 << 10; // bytes on their way, beyond which what comes from frames waits
const most = 32 << 20; // bytes that may wait
const largest = MaxFrameBytes - 64; // bytes of a frame that fits into one of ours
const forgiven = 20; // messages that make no sense, until no more is taken

/** An iframe, with the page in it. */
interface Framed {
  readonly element: HTMLIFrameElement;
  /** The element's number, under which the agent gets what comes. */
  node: number;
  /** Over which the page answered. */
  port: MessagePort | undefined;
  /** Over which it has not answered yet. */
  offered: Set<MessagePort>;
  waiting: { readonly frame: Uint8Array; readonly packable: boolean }[];
  bytes: number; // of those
  bad: number;
  timer: number;
}

/**
 * Frames has pages of other origins in frames of this page captured by their own sender, and sends on what comes from them. Their bytes are
 * opaque to it: whatever they hold, the agent's mirror keeps it inside the frame.
 */
export class Frames {
  private readonly framed = new Map<Element, Framed>();
  private watched = new WeakSet<Element>();
  private watching = new AbortController();
  private timer = 0;

  constructor(
    private readonly tree: Tree,
    private readonly privacy: Privacy,
    private readonly writer: FrameWriter,
    private readonly outbox: Outbox,
    private readonly sink: Pick<InputSink, "pointer">,
    private readonly output: Pick<Output, "backlog">,
    private readonly settings: () => QwelpSettings,
  ) {}

  /** Has the page in a frame join that the mirror has just got, and whatever loads there later. */
  add(element: HTMLIFrameElement): void {
    if (!this.watched.has(element)) {
      this.watched.add(element);
      element.addEventListener("load", () => this.safely(() => this.add(element)), { signal: this.watching.signal });
    }
    const node = this.tree.id(element);
    let framed = this.framed.get(element);
    if (!node || !this.visible(element) || element.contentDocument || this.origins(element).length === 0) {
      if (framed) this.leave(framed);
      return;
    }
    if (!framed) {
      framed = { element, node, port: undefined, offered: new Set(), waiting: [], bytes: 0, bad: 0, timer: 0 };
      this.framed.set(element, framed);
    }
    framed.node = node;
    framed.bad = 0;
    framed.offered.forEach((port) => port.close());
    framed.offered.clear();
    this.offer(framed, 0);
  }

  /** Asks the page in a frame for a new snapshot, or the one in a frame of that. */
  resync([node, ...inner]: readonly number[]): void {
    for (const framed of this.framed.values()) if (framed.node === node) say(framed.port, { snapshot: inner });
  }

  /** Ends it for all frames; what agents have of them stays. */
  end(): void {
    this.watching.abort();
    this.watching = new AbortController();
    this.watched = new WeakSet();
    for (const framed of this.framed.values()) this.forget(framed);
  }

  /** The origins that the page in a frame may be of, as far as can be known: where it has gone since, the browser does not tell. */
  private origins({ src }: HTMLIFrameElement): readonly string[] {
    const listed = this.settings().frames ?? [];
    let origin = "";
    try {
      ({ origin } = new URL(src, location.href));
    } catch {
      return [];
    }
    // Our own server may have led it elsewhere, or a form that has the frame for its target.
    return origin === location.origin || src.startsWith("about:") ? listed : listed.filter((one) => one === origin);
  }

  private visible(element: Element): boolean {
    return element.ownerDocument === document && !this.privacy.sent(element) && !this.privacy.of(element);
  }

  private offer(framed: Framed, attempt: number): void {
    clearTimeout(framed.timer);
    for (const origin of this.origins(framed.element)) {
      const { port1, port2 } = new MessageChannel();
      framed.offered.add(port1);
      port1.onmessage = ({ data }) => this.heard(framed, port1, data);
      // Only a page of exactly this origin gets it.
      framed.element.contentWindow?.postMessage(offer, origin, [port2]);
    }
    framed.timer = window.setTimeout(() => this.safely(() => {
      // Whatever answered before is not there any more.
      this.blank(framed);
      if (attempt + 1 < pauses.length) this.offer(framed, attempt + 1);
    }), pauses[attempt]);
  }

  /** Takes a message from a page that may be up to anything. */
  private heard(framed: Framed, port: MessagePort, data: unknown): void {
    if (framed.offered.delete(port)) {
      clearTimeout(framed.timer);
      this.drop(framed);
      framed.port = port;
    }
    if (framed.port !== port) return;
    try {
      const { frame, packable, pointer } = data as { [K in "frame" | "packable" | "pointer"]?: unknown };
      if (frame instanceof Uint8Array && frame.length > 0 && frame.length <= largest) this.take(framed, frame, packable === true);
      else this.point(framed, pointer as Uint8Array);
    } catch {
      if (++framed.bad < forgiven) return;
      console.warn("qwelp: what the page in a frame sends makes no sense; it is left out:", framed.element);
      framed.offered.clear();
      this.blank(framed);
    }
  }

  private take(framed: Framed, frame: Uint8Array, packable: boolean): void {
    framed.waiting.push({ frame, packable });
    framed.bytes += frame.length;
    this.timer ||= window.setInterval(() => this.look(), pollInterval);
    if (framed.bytes > most) {
      framed.bad = forgiven;
      throw new RangeError();
    }
    this.pump(framed);
  }

  /** Sends on what waits, as long as this page's own changes do not have to wait for it. */
  private pump(framed: Framed): void {
    while (framed.waiting.length > 0 && this.output.backlog() < high) {
      // It may be private since.
      if (!this.visible(framed.element)) return this.leave(framed);
      const { frame, packable } = framed.waiting.shift()!;
      framed.bytes -= frame.length;
      this.writer.embedded(framed.node, frame);
      this.outbox.send(packable);
      say(framed.port, { taken: frame.length });
    }
  }

  /** The pointer is somewhere in a frame, and nowhere else. */
  private point({ element }: Framed, message: Uint8Array): void {
    const reader = new ByteReader(message);
    reader.uint();
    const [x, y] = [reader.int(), reader.int()];
    if (!this.visible(element)) return;
    const { left, top } = element.getBoundingClientRect();
    const inside = (at: number, size: number): number => Math.max(0, Math.min(at, size));
    this.sink.pointer(
      Math.round(left + element.clientLeft + inside(x, element.clientWidth)),
      Math.round(top + element.clientTop + inside(y, element.clientHeight)),
    );
  }

  /** Leaves the frames that are gone, and sends on what waits. */
  look(): void {
    this.safely(() => {
      let waits = false;
      for (const framed of this.framed.values()) {
        if (this.tree.id(framed.element) === framed.node) this.pump(framed);
        else this.leave(framed);
        waits ||= framed.waiting.length > 0;
      }
      if (!waits) this.rest();
    });
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = 0;
  }

  /** The page in a frame is not to be seen any more. */
  private leave(framed: Framed): void {
    this.blank(framed);
    this.forget(framed);
  }

  private forget(framed: Framed): void {
    this.framed.delete(framed.element);
    clearTimeout(framed.timer);
    // It may be about to answer.
    for (const port of framed.offered) say(port, { over: true });
    framed.offered.clear();
    this.drop(framed);
    if (this.framed.size === 0) this.rest();
  }

  /** Shows no page in a frame, until one joins. */
  private blank(framed: Framed): void {
    const shown = framed.port && this.tree.id(framed.element) === framed.node;
    this.drop(framed);
    if (!shown) return;
    this.writer.embedded(framed.node, new Uint8Array());
    this.outbox.send();
  }

  private drop(framed: Framed): void {
    say(framed.port, { over: true });
    framed.port = undefined;
    framed.waiting.length = framed.bytes = 0;
  }

  /** Runs what the browser calls. An error of ours is no error of the page's. */
  private safely(run: () => void): void {
    try {
      run();
    } catch (error) {
      console.warn("qwelp: frames are left out:", error);
      this.end();
    }
  }
}

function say(port: MessagePort | undefined, message: ToFramed): void {
  port?.postMessage(message);
}
