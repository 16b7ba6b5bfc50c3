import { answer, connected, follow, offer, seen, show } from "./live.js";
import { build, mutations, steps } from "./page.js";
import { longest, recorders, timeTasks, type Recorder } from "./recorders.js";
import { rebuild } from "./rebuild.js";

let recorder: Recorder;
let messages: (string | Uint8Array)[] = [];
let bytes = 0;

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));

async function settled(): Promise<void> {
  for (let before = -1; before !== bytes; ) {
    before = bytes;
    await rest(200);
  }
}

/** What the benchmark calls. */
Object.assign(window, {
  /** Makes the page and gets ready to follow it. */
  async prepare(name: string, nodes: number, keep: boolean) {
    build(nodes);
    document.body.offsetHeight;
    timeTasks();
    recorder = recorders[name]!((message) => {
      bytes += message.length;
      if (keep) messages.push(message);
    });
    await rest(200);
  },

  /** Hands over all of the page, for the first time or once more. */
  async snapshot(first: boolean) {
    longest.task = 0;
    const begin = performance.now();
    await (first ? recorder.start() : recorder.again());
    return { wall: performance.now() - begin, longest: longest.task };
  },

  /** Waits until the recorder has nothing to do. */
  settled,

  async mutate(kind: string, rounds: number, count: number) {
    bytes = 0;
    longest.task = 0;
    for (let round = 1; round <= rounds; round++) {
      mutations[kind]!(round, count);
      const begin = performance.now();
      await null; // what observers do comes first
      longest.task = Math.max(longest.task, performance.now() - begin);
      await frame();
      await frame();
    }
    await settled();
    return { bytes, longest: longest.task };
  },

  async live(rounds: number) {
    for (let i = 0; i < rounds; i++) {
      steps[i % steps.length]!(i);
      await frame();
    }
    await rest(200);
  },

  /** What has been handed over since the last call, in base64. */
  taken() {
    const taken = messages.map((message) => base64(typeof message === "string" ? new TextEncoder().encode(message) : message));
    messages = [];
    return taken;
  },

  rebuild,
  offer,
  answer,
  connected,
  follow,
  show,
  seen,
});

function base64(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return btoa(text);
}
