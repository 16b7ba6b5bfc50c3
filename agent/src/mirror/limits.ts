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
export const maxAnimations = 2_000;

/** Ranges that script has marked, and their names. */
export const maxRanges = 20_000;

/** Options of selects. */
export const maxOptions = 10_000;

/** Controls, in those that are as simple as a field for text. */
export const maxControls = 50_000;

/** Rows and columns that cells span, multiplied. */
export const maxSpans = 1_000_000;

/** UTF-16 units of text that are shown. */
export const maxShownText = 4 << 20;

/** Steps of a browser, of some 10 ns each, to find which rules hold for which elements of a page, and to do what they ask for. */
export const maxSteps = 200_000_000;

/** Elements that browsers make of those that are referred to, by use, masks, markers, patterns and the like. */
export const maxInstances = 100_000;

/** Characters of an image in SVG. */
export const maxSVG = 4 << 20;
