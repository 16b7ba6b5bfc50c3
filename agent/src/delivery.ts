import { unpack, type Parcel } from "./chunks.js";
import { MaxFrameBytes } from "../../signal/wire/wire.gen.js";

const most = 4 * MaxFrameBytes; // bytes that wait, more than a sender ever has under way

/** Delivery decompresses frames, one at a time, and hands them on in their order. */
export class Delivery {
  private readonly waiting: Parcel[] = [];
  private size = 0;
  private busy = false;

  /** lost is called for frames that are damaged, too large or too many. */
  constructor(private readonly events: { frame(data: Uint8Array): void; lost(): void }) {}

  push(parcel: Parcel): void {
    if (!this.busy && !parcel.packed) {
      this.events.frame(parcel.data);
      return;
    }
    if (this.size + parcel.data.length > most) {
      this.events.lost();
      return;
    }
    this.waiting.push(parcel);
    this.size += parcel.data.length;
    if (!this.busy) void this.run();
  }

  private async run(): Promise<void> {
    this.busy = true;
    for (let parcel = this.waiting.shift(); parcel; parcel = this.waiting.shift()) {
      const { data, packed } = parcel;
      const frame = packed ? await unpack(data).catch(() => undefined) : data;
      this.size -= data.length;
      if (frame) this.events.frame(frame);
      else this.events.lost();
    }
    this.busy = false;
  }
}
