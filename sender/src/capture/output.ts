/** Where capture sends to. */
export interface Output {
  /** Sends a frame to every agent. */
  frame(data: Uint8Array<ArrayBuffer>, packable: boolean): void;
  /** Sends a message of the pointer channel. */
  pointer(data: Uint8Array<ArrayBuffer>): void;
  /** Bytes that wait to be sent to the slowest agent. */
  backlog(): number;
  /** Capture has failed on this page: what it sent may be wrong, and it sends no more until the next snapshot. */
  failed(error: unknown): void;
}
