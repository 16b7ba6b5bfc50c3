import { Replayer } from "rrweb";
import type { EmptyPages } from "../../../../agent/src/mirror/embed.js";
import { localFrames } from "../../../../agent/src/mirror/testdata/local.js";
import { Mirror, nothingAround } from "../../../../agent/src/mirror/mirror.js";
import { longest, timed } from "./recorders.js";

interface Rebuilt {
  /** ms until the page is in the frame's document, and until it has been painted. */
  readonly wall: number;
  readonly painted: number;
  /** ms of the longest task of script. */
  readonly longest: number;
  /** Nodes in the document. */
  readonly nodes: number;
}

/** Rebuilds a page from what a recorder has made of it, in base64. Both have their empty frame in place when the page comes. */
export async function rebuild(name: string, taken: string[], pages: EmptyPages): Promise<Rebuilt> {
  const messages = taken.map((text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  const begun = await (name === "ours" ? mirror(messages, pages) : replay(messages));
  longest.task = 0;
  const begin = performance.now();
  await begun();
  const wall = performance.now() - begin;
  const nodes = document.querySelector("iframe")!.contentDocument!.querySelectorAll("td").length;
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return { wall, painted: performance.now() - begin, longest: longest.task, nodes };
}

async function mirror(frames: Uint8Array[], pages: EmptyPages): Promise<() => Promise<void>> {
  const work = Mirror.prototype["work"];
  Mirror.prototype["work"] = function (): void {
    timed(() => work.call(this))();
  };
  const host = document.body.appendChild(document.createElement("div"));
  host.id = "host";
  let shown = (): void => undefined;
  let failed = (reason: unknown): void => { throw reason; };
  const m = new Mirror(localFrames(host, pages), pages, {
    page: () => shown(),
    info: () => undefined,
    click: () => undefined,
    moved: () => undefined,
    resync: (reason) => failed(reason),
    lack: () => undefined,
    leave: () => undefined,
  }, nothingAround(() => true));
  m.prepare();
  await new Promise((resolve) => host.firstElementChild!.addEventListener("load", resolve));
  return () => new Promise((resolve, reject) => {
    shown = resolve;
    failed = reject;
    for (const frame of frames) m.receive(frame);
  });
}

async function replay(messages: Uint8Array[]): Promise<() => Promise<void>> {
  const replayer = new Replayer([], { liveMode: true, root: document.body });
  await new Promise(requestAnimationFrame);
  return () => new Promise((resolve) => {
    const events = messages.map((data) => JSON.parse(new TextDecoder().decode(data)));
    replayer.startLive(events[0].timestamp);
    replayer.on("fullsnapshot-rebuilded", () => resolve());
    const frame = window.requestAnimationFrame;
    window.requestAnimationFrame = (run) => frame(timed(run));
    for (const event of events) timed(() => replayer.addEvent(event))();
  });
}
