/** Where the bytes of an asset go. */
export interface AssetSink {
  /** Fulfilled when all of it is on its way, or none of the rest is to be, since it may not be sent any more: false. may: undefined while that is not known. */
  asset(id: number, type: string, data: Uint8Array, content: AssetContent | undefined, may: () => boolean | undefined): Promise<boolean>;
  assetFailed(id: number, reason: string): void;
}

/** What an asset is known by in a session. */
export interface AssetContent {
  readonly content: string;
  /** Whether the bytes are sent too. */
  readonly follows: boolean;
}
