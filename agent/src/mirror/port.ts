import type { MarkKind, ResyncReason } from "../../../signal/wire/wire.gen.js";
import type { Playing } from "./players.js";

/** What the console says to the mirror, which runs in a page of its own and, where browsers can do so, in a process of its own. */
export type ToMirror =
  /** A frame of the link. Each is answered by "took" when the mirror has it, which need not mean that it is shown. */
  | { readonly kind: "frame"; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly kind: "gap" | "restart" }
  /** A frame element that was asked for has loaded something. */
  | { readonly kind: "loaded"; readonly frame: number }
  /** The agent's own focus has moved. may: no control of the console has it. */
  | { readonly kind: "focus"; readonly may: boolean }
  /** Asks for the element that a mark in a part of the viewport belongs to. Is answered by "found". */
  | { readonly kind: "find"; readonly ask: number; readonly mark: MarkKind | "laser"; readonly box: Box }
  /** The elements, by number, whose places are wanted with what is drawn over the page. */
  | { readonly kind: "watch"; readonly nodes: readonly number[] }
  /** Is answered by "pong". */
  | { readonly kind: "ping" };

/** What the mirror says to the console. */
export type FromMirror =
  | { readonly kind: "took"; readonly bytes: number }
  | { readonly kind: "pong" | "leave" }
  /** The customer types, chooses, scrolls or selects. Said once a second at most. */
  | { readonly kind: "acted" }
  /** A new page is shown; or its title, URL or viewport is another. */
  | { readonly kind: "page" | "info"; readonly info: ShownPage }
  | { readonly kind: "click"; readonly x: number; readonly y: number }
  | { readonly kind: "marks"; readonly marks: Marks }
  | { readonly kind: "found"; readonly ask: number; readonly anchor: Anchor | undefined }
  | { readonly kind: "resync"; readonly reason: ResyncReason; readonly frames: readonly number[] }
  | { readonly kind: "lack"; readonly assets: readonly number[] }
  /** Has a hidden frame element load an empty page, in place of others that are hidden. */
  | { readonly kind: "load"; readonly frame: number; readonly url: string }
  /** Has a frame element be seen, in place of the one that was. */
  | { readonly kind: "show"; readonly frame: number }
  | { readonly kind: "scheme"; readonly dark: boolean };

/** What the console shows about a page. */
export interface ShownPage {
  readonly title: string;
  readonly url: string;
  readonly width: number;
  readonly height: number;
  /** The part of the viewport that the customer sees; undefined: all of it. */
  readonly seen: Box | undefined;
  /** Parts of it are left out, as they would cost the agent's browser too much. */
  readonly partial: boolean;
  /** Number of the frame that began it. */
  readonly number: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What the console draws over the page, in the coordinates of its viewport. */
export interface Marks {
  /** Around what the customer's focus is on, if a ring is to be seen. */
  readonly focus: Box | undefined;
  readonly players: readonly PlacedPlayer[];
  /** Of those that are watched and rendered. */
  readonly anchors: readonly PlacedAnchor[];
}

/** An element that a mark belongs to. */
export interface Anchor {
  /** Number of the frame that began the page. */
  readonly page: number;
  readonly node: number;
  readonly box: Box;
}

/** Where an element is. */
export interface PlacedAnchor {
  readonly node: number;
  readonly box: Box;
  /** The part of the viewport in which it can be seen; undefined: all of it. */
  readonly clip: Box | undefined;
}

/** How an audio or video element plays, and where it is. */
export interface PlacedPlayer extends Playing {
  readonly name: "audio" | "video";
  readonly controls: boolean;
  readonly box: Box;
}

/** What a frame element is called that shows the customer's page, so that the mirror finds its document. */
export const frameName = (frame: number): string => `qwelp-page-${frame}`;

/** What the mirror's page says first to the console's, which answers the same, with a port for all that follows. */
export const hello = "qwelp mirror";
