import { Capture, know } from "../../../../sender/src/capture/capture.js";
import * as names from "../../../../sender/src/capture/names.js";
import type { QwelpSettings } from "../../../../sender/src/settings.gen.js";

know(names);

const frames: string[] = [];
let capture: Capture | undefined;
let failed = "";
/** Stands for a link to an agent that takes nothing for the moment. */
let full = false;

/** What a test of assets calls, in the page that is captured. */
Object.assign(window, {
  begin(settings: QwelpSettings = {}, contents?: string[]) {
    capture?.stop();
    capture = new Capture(() => undefined, {
      frame: (data) => frames.push(base64(data)),
      pointer: () => undefined,
      backlog: () => (full ? Infinity : 0),
      failed: (error) => (failed = String((error as Error).stack ?? error)),
    }, () => settings, contents ? new Set(contents) : undefined);
    capture.listen();
    capture.snapshot();
  },
  again: () => capture!.snapshot(),
  settingsChanged: () => capture!.settingsChanged(),
  lack: (ids: number[], by: object) => capture!.lacking(ids, by),
  fill: (on: boolean) => void (full = on),
  taken: () => frames.splice(0),
  failure: () => failed,
});

function base64(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return btoa(text);
}
