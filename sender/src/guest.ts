import type { Capture } from "./capture/capture.js";
import type { FromFramed, ToFramed } from "./capture/joining.js";
import { readerOf } from "./given.js";
import { Pace } from "./resyncs.js";
import type { QwelpSettings } from "./settings.gen.js";

const failurePause = 3_000; // ms until capture is tried again after it failed

let guest: Guest | undefined;

/**
 * Has the page around, of an origin, which offered the port, show this page to its agents, if it is one of this page's parents. ui is the element that holds our interface, once there
 * is one; given is what this page has given of settings, of which there may be more.
 */
export function welcome(port: MessagePort, origin: string, ui: () => Element | undefined, given: readonly unknown[]): Guest {
  guest ??= new Guest(ui, readerOf(given));
  if (!guest.settings().parents?.includes(origin)) return guest;
  guest.welcome(port).catch((error: unknown) => console.warn("qwelp: the page around this one cannot show it to its agents", error));
  return guest;
}

/** Guest captures this page for the page around it, which shows it to its agents, for as long as they want it. */
export class Guest {
  private port: MessagePort | undefined;
  private capture: Capture | undefined;
  private waiting = 0; // bytes that the page around has not sent on
  private timer = 0;
  private readonly pace = new Pace(); // of snapshots that are asked for

  constructor(
    private readonly ui: () => Element | undefined,
    readonly settings: () => QwelpSettings,
  ) {}

  /** Takes the port of the page around, in place of the one before. The promise is rejected when capture cannot be loaded. */
  async welcome(port: MessagePort): Promise<void> {
    this.port?.close();
    this.port = port;
    this.waiting = 0;
    port.onmessage = ({ data }) => this.port === port && this.told(data as ToFramed);
    if (!this.capture) {
      const [{ Capture, know }, names] = (await Promise.all(["capture.js", "names.js"].map((name) => import(new URL(name, import.meta.url).href)))) as
        [typeof import("./capture/capture.js"), typeof import("./capture/names.js")];
      know(names);
      this.capture ??= new Capture(this.ui, {
        frame: (frame, packable) => {
          this.waiting += frame.length;
          this.say({ frame, packable }, [frame.buffer]);
        },
        pointer: (pointer) => this.say({ pointer }),
        backlog: () => this.waiting,
        failed: (error) => {
          console.warn("qwelp: this page could not be captured; trying again", error);
          this.snapshotAfter(failurePause);
        },
      }, this.settings);
    }
    if (this.port === port) this.snapshot();
  }

  settingsChanged(): void {
    this.capture?.settingsChanged();
  }

  private told(message: ToFramed): void {
    if ("taken" in message) this.waiting -= message.taken;
    else if ("over" in message) this.end();
    else if (message.snapshot.length > 0) this.capture?.joined.resync(message.snapshot);
    else if (!this.timer) this.snapshotAfter(this.pace.next(performance.now()));
  }

  private snapshotAfter(pause: number): void {
    this.timer ||= window.setTimeout(() => this.snapshot(), pause);
  }

  private snapshot(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.port) return;
    this.capture?.listen();
    this.capture?.snapshot();
  }

  private end(): void {
    this.capture?.end();
    this.port?.close();
    this.port = undefined;
  }

  private say(message: FromFramed, transfer: Transferable[] = []): void {
    this.port?.postMessage(message, transfer);
  }
}
