import { boxOf, matches } from "./dom.js";
import type { Entry } from "./tree.js";

/** How an audio or video element plays, in seconds; duration 0: not known, or without end. */
export interface Playing {
  readonly paused: boolean;
  readonly muted: boolean;
  readonly time: number;
  readonly duration: number;
}

/** Player is an audio or video element that is seen. */
export interface Player extends Playing {
  readonly element: Element;
  /** Whether it has controls, which say how it plays. */
  readonly controls: boolean;
}

/** Players keeps how audio and video elements play. The mirror's own have nothing to play, and their controls cannot tell. */
export class Players {
  private readonly known = new Map<Entry, Playing>();

  tell(entry: Entry, playing: Playing): void {
    if (entry.inside === entry.node && /^(audio|video)$/.test((entry.node as Element).localName)) this.known.set(entry, playing);
  }

  forget(entry: Entry): void {
    this.known.delete(entry);
  }

  /** Those that are seen: what lies behind something else, or is scrolled out of sight, is not. */
  get seen(): Player[] {
    const seen: Player[] = [];
    for (const [entry, playing] of this.known) {
      const element = entry.node as Element;
      const box = boxOf(element);
      if (box.width === 0 || box.height === 0) continue;
      const at = (element.getRootNode() as Document | ShadowRoot).elementFromPoint(box.x + Math.min(8, box.width / 2), box.bottom - Math.min(8, box.height / 2));
      if (at === element) seen.push({ ...playing, element, controls: matches(element, "[controls]") });
    }
    return seen;
  }
}
