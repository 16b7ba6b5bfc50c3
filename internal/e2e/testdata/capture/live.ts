import { Replayer } from "rrweb";
import type { EmptyPages } from "../../../../agent/src/mirror/embed.js";
import { localFrames } from "../../../../agent/src/mirror/testdata/local.js";
import { Mirror, nothingAround } from "../../../../agent/src/mirror/mirror.js";
import { recorders } from "./recorders.js";

/** A data channel like that of frames, between two pages whose descriptions somebody carries over. */
const connection = new RTCPeerConnection();
const channel = connection.createDataChannel("frames", { negotiated: true, id: 1 });
channel.binaryType = "arraybuffer";

const local = async (): Promise<string> => {
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== "complete") await new Promise((resolve) => connection.addEventListener("icegatheringstatechange", resolve, { once: true }));
  return connection.localDescription!.sdp;
};

export const offer = local;

export async function answer(sdp: string): Promise<string> {
  await connection.setRemoteDescription({ type: "offer", sdp });
  return local();
}

export async function connected(sdp: string): Promise<void> {
  await connection.setRemoteDescription({ type: "answer", sdp });
  while (channel.readyState !== "open") await new Promise((resolve) => channel.addEventListener("open", resolve, { once: true }));
}

/** Has a recorder follow this page over the channel. */
export async function follow(name: string): Promise<void> {
  await recorders[name]!((message) => channel.send(message as string)).start();
}

/** Shows what comes over the channel. */
export function show(name: string, pages: EmptyPages): void {
  if (name === "ours") {
    const host = document.body.appendChild(document.createElement("div"));
    const nothing = (): void => undefined;
    const mirror = new Mirror(localFrames(host, pages), pages, { page: nothing, info: nothing, click: nothing, moved: nothing, resync: nothing, lack: nothing, leave: nothing }, nothingAround(() => true));
    channel.onmessage = ({ data }) => mirror.receive(new Uint8Array(data as ArrayBuffer));
    return;
  }
  const replayer = new Replayer([], { liveMode: true, root: document.body });
  let started = false;
  channel.onmessage = ({ data }) => {
    const event = JSON.parse(data as string);
    if (!started) replayer.startLive(event.timestamp);
    started = true;
    replayer.addEvent(event);
  };
}

/** When the page that is shown meets a condition, in ms since the epoch: looked at after everything that changes it. */
export function seen(condition: (shown: Document) => boolean): Promise<number> {
  const shown = document.querySelector("iframe")!.contentDocument!;
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!condition(shown)) return;
      observer.disconnect();
      resolve(performance.timeOrigin + performance.now());
    });
    observer.observe(shown, { childList: true, attributes: true, characterData: true, subtree: true });
  });
}
