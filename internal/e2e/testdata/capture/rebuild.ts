import { Replayer } from "rrweb";
import type { EmptyPages } from "../../../../agent/src/mirror/embed.js";
import { Mirror } from "../../../../agent/src/mirror/mirror.js";
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

/** Rebuilds a page from what a recorder has made of it, in base64. */
export async function rebuild(name: string, taken: string[], pages: EmptyPages): Promise<Rebuilt> {
  const messages = taken.map((text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  longest.task = 0;
  const begin = performance.now();
  await (name === "ours" ? mirror(messages, pages) : replay(messages));
  const wall = performance.now() - begin;
  const nodes = document.querySelector("iframe")!.contentDocument!.querySelectorAll("td").length;
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return { wall, painted: performance.now() - begin, longest: longest.task, nodes };
}

async function mirror(frames: Uint8Array[], pages: EmptyPages): Promise<void> {
  const work = Mirror.prototype["work"];
  Mirror.prototype["work"] = function (): void {
    timed(() => work.call(this))();
  };
  const host = document.body.appendChild(document.createElement("div"));
  host.id = "host";
  await new Promise<void>((resolve, reject) => {
    const m = new Mirror(host, pages, "Customer's page", {
      page: () => resolve(),
      info: () => undefined,
      click: () => undefined,
      moved: () => undefined,
      resync: reject,
      leave: () => undefined,
    });
    for (const frame of frames) m.receive(frame);
  });
}

async function replay(messages: Uint8Array[]): Promise<void> {
  const events = messages.map((data) => JSON.parse(new TextDecoder().decode(data)));
  const replayer = new Replayer([], { liveMode: true, root: document.body });
  replayer.startLive(events[0].timestamp);
  await new Promise<void>((resolve) => {
    replayer.on("fullsnapshot-rebuilded", () => resolve());
    const frame = window.requestAnimationFrame;
    window.requestAnimationFrame = (run) => frame(timed(run));
    for (const event of events) timed(() => replayer.addEvent(event))();
  });
}
