import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import type { AssetContent, AssetSink } from "./assetsink.js";
import type { Output } from "./output.js";

const large = 32 << 10; // bytes of a frame that is sent before it is complete, so that nothing waits long behind it
const assetPart = 32 << 10;
const pause = 50; // ms until it is asked again whether the rest of an asset may be sent
const assetBacklog = 128 << 10; // assets wait while more than this is on its way

/** Outbox cuts what is written into frames and numbers them. Assets go out in parts, when nothing else waits. */
export class Outbox implements AssetSink {
  private seq = 0;
  private empty = 0;
  private readonly waiting: (() => void)[] = [];
  private held: (() => void)[] | undefined;
  private timer = 0;
  private page = 0;

  constructor(
    private readonly writer: FrameWriter,
    private readonly output: Pick<Output, "frame" | "backlog">,
  ) {
    this.begin();
  }

  /** The number of the frame that is being written. */
  get number(): number {
    return this.seq + 1;
  }

  /** Throws away what is written and what waits. */
  reset(): void {
    this.page++;
    this.waiting.length = 0;
    this.seq -= this.held?.length ?? 0;
    this.held = undefined;
    clearTimeout(this.timer);
    this.timer = 0;
    this.begin();
  }

  /** Sends what is written. Assets are compressed already. */
  send(packable = true): void {
    if (this.writer.length === this.empty) return;
    this.seq++;
    const frame = this.writer.take();
    const send = (): void => this.output.frame(frame, packable);
    if (this.held) this.held.push(send);
    else send();
    this.begin();
  }

  /** Keeps what is sent from here on until release, or reset, which throws it away. */
  hold(): void {
    this.held = [];
  }

  /** Sends what was kept, and returns whether there was something. */
  release(): boolean {
    const { held = [] } = this;
    this.held = undefined;
    for (const send of held) send();
    return held.length > 0;
  }

  sendIfLarge(): void {
    if (this.writer.length > large) this.send();
  }

  /** Whether assets wait for the line to be free. */
  get busy(): boolean {
    return this.waiting.length > 0 || this.output.backlog() >= assetBacklog;
  }

  /** may is asked before each part; undefined: it is not known yet. */
  asset(id: number, type: string, data: Uint8Array, content: AssetContent | undefined, may: () => boolean | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const part = (at: number): void => {
        const { page } = this;
        const allowed = may();
        // What has been sent of it need not be sent again.
        if (allowed === undefined && at > 0) return void setTimeout(() => (page === this.page ? this.later(() => part(at)) : resolve(false)), pause);
        if (!allowed) {
          // Asked, the page may have begun anew, with other numbers.
          if (at > 0 && page === this.page) this.writer.assetFailed(id, "not shown any more");
          return resolve(false);
        }
        if (content && at === 0) this.writer.content(id, content.content, content.follows);
        const next = at + assetPart;
        const more = next < data.length;
        if (!content || content.follows) this.writer.asset(id, type, data.subarray(at, next), more);
        if (more) this.waiting.unshift(() => part(next));
        else resolve(true);
      };
      this.later(() => part(0));
    });
  }

  assetFailed(id: number, reason: string): void {
    this.later(() => this.writer.assetFailed(id, reason));
  }

  private later(write: () => void): void {
    this.waiting.push(write);
    this.timer ||= window.setTimeout(() => this.pump());
  }

  private pump(): void {
    this.timer = 0;
    while (this.waiting.length > 0 && this.output.backlog() < assetBacklog) {
      this.waiting.shift()!();
      this.send(false);
    }
    if (this.waiting.length > 0) this.timer = window.setTimeout(() => this.pump(), 10);
  }

  private begin(): void {
    this.writer.begin(this.number);
    this.empty = this.writer.length;
  }
}
