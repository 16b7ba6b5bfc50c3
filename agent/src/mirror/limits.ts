/** What one page may have at a time, so that no sender brings down the agent's browser. Honest pages stay far below. */

export const maxNodes = 1_000_000;

/** How deeply elements may be nested; what is deeper is not shown. Chromium crashes at the layout of twice as many. */
export const maxDepth = 256;

/** Frames within the page. */
export const maxFrames = 100;

/** Bytes of images and fonts. */
export const maxAssetBytes = 128 << 20;
