import { FrameHost } from "../../framehost.js";
import type { EmptyPages } from "../embed.js";
import { Frames } from "../frame.js";
import { frameName } from "../port.js";

/** Frames whose elements are in this page, which has to be isolated as the mirror's pages are. */
export function localFrames(host: HTMLElement, pages: EmptyPages): Frames {
  const elements: FrameHost = new FrameHost(host, "Customer's page", (frame) => frames.loaded(frame));
  const frames: Frames = new Frames({
    load: (frame, url) => elements.load(frame, url),
    show: (frame) => elements.show(frame),
    scheme: (dark) => elements.scheme(dark),
    clear: () => elements.clear(),
    document: (frame) => host.querySelector<HTMLIFrameElement>(`[name="${frameName(frame)}"]`)?.contentDocument ?? undefined,
  }, pages);
  return frames;
}
