import { record } from "rrweb";
import { Capture, know } from "../../../../sender/src/capture/capture.js";
import * as names from "../../../../sender/src/capture/names.js";
import { FrameWriter } from "../../../../signal/wire/frame.gen.js";

know(names);

/** Something that follows a page. */
export interface Recorder {
  /** Resolves when all of the page has been handed over. */
  start(): Promise<void>;
  /** Hands over all of the page once more. */
  again(): Promise<void>;
}

/** Takes what a recorder makes, ready to be sent. */
export type Take = (message: string | Uint8Array) => void;

export const recorders: Record<string, (take: Take) => Recorder> = {
  none: () => ({ start: async () => undefined, again: async () => undefined }),
  observer: () => ({
    start: async () => new MutationObserver(() => undefined).observe(document, { childList: true, attributes: true, characterData: true, subtree: true }),
    again: async () => undefined,
  }),
  reader: () => ({
    start: async () => new MutationObserver(read).observe(document, { childList: true, attributes: true, characterData: true, subtree: true }),
    again: async () => undefined,
  }),
  ours,
  rrweb,
};

/** Only reads what has changed, as every recorder has to: each thing once. */
function read(records: MutationRecord[]): void {
  let length = 0;
  const nodes = new Set<Node>();
  for (const { target, attributeName, addedNodes } of records) {
    for (const node of addedNodes.length > 0 ? addedNodes : [target]) {
      if (nodes.has(node)) continue;
      nodes.add(node);
      if (attributeName) length += (target as Element).getAttribute(attributeName)!.length;
      else if (node.nodeType === Node.TEXT_NODE) length += (node as Text).data.length;
      else length += inside(node as Element);
    }
  }
  // So that no compiler leaves it out.
  if (length < 0) throw new Error();
}

function inside(element: Element): number {
  let length = 0;
  const walker = document.createTreeWalker(element);
  for (let node: Node | null = element; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) length += (node as Text).data.length;
    else for (const name of (node as Element).getAttributeNames()) length += name.length + (node as Element).localName.length + (node as Element).getAttribute(name)!.length;
  }
  return length;
}

/** Capture as session.js has it; what takes its frames stands for the link. */
function ours(take: Take): Recorder {
  let complete = (): void => undefined;
  let ended = false;
  const pageEnd = FrameWriter.prototype.pageEnd;
  FrameWriter.prototype.pageEnd = function (): void {
    ended = true;
    pageEnd.call(this);
  };
  const capture = new Capture(() => undefined, {
    frame: (data) => {
      take(data);
      if (ended) complete();
      ended = false;
    },
    pointer: () => undefined,
    backlog: () => 0,
    failed: (error) => { throw error; },
  }, () => ({}));
  const start = (): Promise<void> => new Promise((resolve) => {
    complete = resolve;
    timed(() => capture.snapshot())();
  });
  return { start, again: start };
}

/** rrweb as its guide says, without the events of the mouse; what it makes is text, as it has to be for any channel. */
function rrweb(take: Take): Recorder {
  const start = async (): Promise<void> => timed(() => record({
    emit: (event) => take(JSON.stringify(event)),
    sampling: { mousemove: false, mouseInteraction: false },
  }))();
  return { start, again: async () => timed(() => record.takeFullSnapshot(true))() };
}

/** ms of the longest task of a recorder since it was set to 0. */
export const longest = { task: 0 };

/** The same function; how long it takes is noted. */
export function timed<A extends unknown[]>(run: (...args: A) => unknown): (...args: A) => void {
  return (...args) => {
    const begin = performance.now();
    run(...args);
    longest.task = Math.max(longest.task, performance.now() - begin);
  };
}

/** Has the tasks timed that recorders begin later. */
export function timeTasks(): void {
  const timeout = window.setTimeout;
  const frame = window.requestAnimationFrame;
  window.setTimeout = ((run: () => void, after?: number) => timeout(timed(run), after)) as typeof setTimeout;
  window.requestAnimationFrame = (run) => frame(timed(run));
}
