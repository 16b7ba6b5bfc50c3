import { Subprotocol } from "../../../signal/wire/wire.gen.js";

/**
 * What a page says to the window in a frame of its own to have it join: this, with a port. All else goes over the port. Which of the two may
 * do so, settings say: frames here, parents there.
 */
export const offer = Subprotocol;

/** From the page in the frame: a frame, or a message of the pointer channel, in its own coordinates. */
export type FromFramed =
  | { readonly frame: Uint8Array<ArrayBuffer>; readonly packable: boolean }
  | { readonly pointer: Uint8Array<ArrayBuffer> };

/** To it: how many bytes have been sent on, a snapshot is due of it, or of the page in a frame of its own by node, or all is over. */
export type ToFramed = { readonly taken: number } | { readonly snapshot: readonly number[] } | { readonly over: true };
