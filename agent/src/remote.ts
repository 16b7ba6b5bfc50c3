import type { MarkKind, ResyncReason } from "../../signal/wire/wire.gen.js";
import { FrameHost } from "./framehost.js";
import { maxWaitingBytes } from "./mirror/limits.js";
import { hello, type Anchor, type Box, type FromMirror, type Marks, type ShownPage, type ToMirror } from "./mirror/port.js";
import { el } from "./ui/el.js";

/** What a remote mirror tells its owner. */
export interface RemoteEvents {
  /** A new page of the customer is shown. */
  page(info: ShownPage): void;
  /** The title, URL or viewport of the page shown has changed. */
  info(info: ShownPage): void;
  /** The customer pressed a pointer button, at a place in the viewport. */
  click(x: number, y: number): void;
  /** The customer does something besides: types, chooses, scrolls, selects. */
  acted(): void;
  marks(marks: Marks): void;
  /** A new snapshot is needed, of the page or of one inside a frame. */
  resync(reason: ResyncReason, frames: readonly number[]): void;
  /** The bytes of assets are needed that came before in this session, but not here. */
  lack(assets: readonly number[]): void;
  /** The agent wants to leave the page by the keyboard. */
  leave(): void;
  /** The mirror does not answer any more, or does again. */
  frozen(yes: boolean): void;
}

const beat = 2_000; // ms between questions whether it is alive
const silence = 4_000; // ms without an answer after which it counts as frozen
const retry = 1_000; // ms after which its page is loaded again when it did not begin

/**
 * RemoteMirror is the console's side of the mirror, which runs in a page of its own beside the frames that it fills. Browsers that isolate
 * documents by policy run these in another process: whatever the customer's page does to it, the console goes on.
 */
export class RemoteMirror {
  private readonly frames: FrameHost;
  private running: { readonly page: HTMLIFrameElement; readonly port: MessagePort; readonly timer: ReturnType<typeof setInterval> } | undefined;
  private other: MessagePort | undefined; // the mirror's end, until its page has begun
  private asked = 0; // when; 0: it has answered
  private waiting = 0; // bytes that it has not taken
  private lost = false; // frames, as too many waited
  private isFrozen = false;
  private readonly found = new Map<number, (anchor: Anchor | undefined) => void>();
  private asks = 0;

  /** host is where the customer's page is shown, under a title; url is that of the mirror's own page. */
  constructor(
    host: HTMLElement,
    title: string,
    private readonly url: string,
    private readonly events: RemoteEvents,
  ) {
    this.frames = new FrameHost(host, title, (frame) => this.say({ kind: "loaded", frame }));
    addEventListener("message", ({ source, origin, data }) => {
      if (this.running && source === this.running.page.contentWindow && origin === location.origin && data === hello) this.begin();
    });
  }

  /** The element that shows the customer's page. */
  get shown(): HTMLIFrameElement | undefined {
    return this.frames.shown;
  }

  /** Begins. The host has to be in the document. */
  prepare(): void {
    if (this.running) return;
    const page = el("iframe", { sandbox: "allow-scripts allow-same-origin", tabindex: "-1", "aria-hidden": "true" });
    page.hidden = true;
    page.src = this.url;
    const channel = new MessageChannel();
    this.running = { page, port: channel.port1, timer: setInterval(() => this.watch(), beat) };
    this.other = channel.port2;
    channel.port1.onmessage = ({ data }) => this.take(data as FromMirror);
    page.addEventListener("load", () => setTimeout(() => {
      if (this.other && this.running?.page === page) page.src = this.url;
    }, retry));
    this.watch();
    document.body.append(page); // behind everything
  }

  /** Takes a frame of the link. */
  receive(data: Uint8Array): void {
    this.lost ||= this.waiting + data.length > maxWaitingBytes;
    if (this.lost || !this.running) return;
    this.waiting += data.length;
    const own = (data.length === data.buffer.byteLength ? data : data.slice()) as Uint8Array<ArrayBuffer>;
    this.running.port.postMessage({ kind: "frame", data: own } satisfies ToMirror, [own.buffer]);
  }

  /** Frames are missing. */
  gap(): void {
    this.say({ kind: "gap" });
  }

  /** Another link has taken over. */
  restart(): void {
    this.lost = false;
    this.say({ kind: "restart" });
  }

  /** Shows nothing any more. */
  clear(): void {
    if (!this.running) return;
    clearInterval(this.running.timer);
    this.running.port.close();
    for (const resolve of this.found.values()) resolve(undefined);
    this.found.clear();
    this.running.page.remove();
    this.frames.clear();
    this.running = this.other = undefined;
    this.asked = this.waiting = 0;
    this.lost = false;
    this.freeze(false);
  }

  /** Drops what is frozen, with its process, and begins anew. A new snapshot has to be asked for. */
  reload(): void {
    this.clear();
    this.prepare();
  }

  /** The agent's own focus has moved. may: no control of the console has it. */
  focusMoved(may: boolean): void {
    this.say({ kind: "focus", may });
  }

  /** Finds the element that a mark in a part of the viewport belongs to. A mirror that is gone meanwhile does not answer. */
  find(mark: MarkKind | "laser", box: Box): Promise<Anchor | undefined> {
    return new Promise((resolve) => {
      if (!this.running) return resolve(undefined);
      this.found.set(++this.asks, resolve);
      this.say({ kind: "find", ask: this.asks, mark, box });
    });
  }

  /** Has the places of these elements be told with the marks, until others are. */
  follow(nodes: readonly number[]): void {
    this.say({ kind: "watch", nodes });
  }

  private begin(): void {
    if (!this.other) return;
    this.running!.page.contentWindow!.postMessage(hello, location.origin, [this.other]);
    this.other = undefined;
  }

  private take(message: FromMirror): void {
    switch (message.kind) {
      case "took":
        this.waiting -= message.bytes;
        if (!this.lost || this.waiting > 0) break;
        this.lost = false;
        this.gap();
        break;
      case "pong":
        this.asked = 0;
        this.freeze(false);
        break;
      case "page":
        this.events.page(message.info);
        break;
      case "info":
        this.events.info(message.info);
        break;
      case "click":
        this.events.click(message.x, message.y);
        break;
      case "acted":
        this.events.acted();
        break;
      case "marks":
        this.events.marks(message.marks);
        break;
      case "found":
        this.found.get(message.ask)?.(message.anchor);
        this.found.delete(message.ask);
        break;
      case "resync":
        this.events.resync(message.reason, message.frames);
        break;
      case "lack":
        this.events.lack(message.assets);
        break;
      case "leave":
        this.events.leave();
        break;
      case "load":
        this.frames.load(message.frame, message.url);
        break;
      case "show":
        this.frames.show(message.frame);
        break;
      case "scheme":
        this.frames.scheme(message.dark);
    }
  }

  private watch(): void {
    if (this.asked === 0) {
      this.asked = performance.now();
      this.say({ kind: "ping" });
    } else if (performance.now() - this.asked >= silence) {
      this.freeze(true);
    }
  }

  private freeze(yes: boolean): void {
    if (yes === this.isFrozen) return;
    this.isFrozen = yes;
    this.events.frozen(yes);
  }

  private say(message: ToMirror): void {
    this.running?.port.postMessage(message);
  }
}
