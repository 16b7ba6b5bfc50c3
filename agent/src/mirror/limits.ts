import { MaxPageAssetBytes, MaxPageBytes, MaxPageNodes, MaxPagePseudo } from "../../../signal/wire/wire.gen.js";

/** What one page may have at a time, so that no sender brings down the agent's browser. Honest pages stay far below. */

export const maxNodes = MaxPageNodes;

/** How deeply elements may be nested; what is deeper is not shown. Chromium crashes at the layout of twice as many. */
export const maxDepth = 256;

/** Frames within the page. */
export const maxFrames = 100;

/** UTF-16 units in text nodes: layout takes a quarter of a second for a million of them. */
export const maxText = 16 << 20;

/** Rules in all its style sheets. */
export const maxRules = 250_000;

/** Bytes of frames since the page began, those of images and fonts left out; a new snapshot begins anew. */
export const maxPageBytes = MaxPageBytes;

/** Bytes of frames that wait to be applied. */
export const maxWaitingBytes = 256 << 20;

/** Bytes of images and fonts. */
export const maxAssetBytes = MaxPageAssetBytes;

/** Pseudo-classes of which it is told what matches them. */
export const maxPseudo = MaxPagePseudo;

/** Animations that script has made. */
export const maxAnimations = 10_000;
