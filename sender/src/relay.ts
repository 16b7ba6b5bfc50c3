import { base64Of, parsePublic } from "../../signal/wire/key.js";
import { relayed } from "../../signal/wire/packet.js";
import { Relaying } from "../../signal/wire/relaying.js";
import type { Place } from "../../signal/wire/place.js";
import { MaxRelayBytes, PacketPointer } from "../../signal/wire/wire.gen.js";
import type { Path } from "./link/outgoing.js";

/** What a relay needs of the connection to the server. */
export interface Carrier {
  /** Bytes that have not left. */
  readonly buffered: number;
  /** Sends a binary message, or loses it. */
  send(data: Uint8Array<ArrayBuffer>): unknown;
}

const pointerRoom = 16 << 10; // bytes that may wait when a pointer is sent: one that waits is late

/** Relay is the path over the app's server, which cannot read it. */
export class Relay implements Path {
  readonly most = MaxRelayBytes;
  readonly high = 64 << 10;
  readonly window = 256 << 10;
  private waiting = 0; // bytes to be sealed
  private sealed: Promise<unknown> = Promise.resolve();
  private opened: Promise<unknown> = Promise.resolve();
  private over = false;

  private constructor(
    private readonly relaying: Relaying,
    private readonly place: Place,
    private readonly carrier: Carrier,
    private readonly packet: (data: Uint8Array<ArrayBuffer> | undefined) => void,
  ) {}

  /** Makes the sender's end of a link's relay. customerKey is the company's public key; without, agentKey counts, the agent's. packet gets what comes, undefined when it does not open. */
  static async open(customerKey: string | undefined, agentKey: string, place: Place, carrier: Carrier, packet: (data: Uint8Array<ArrayBuffer> | undefined) => void): Promise<Relay> {
    const point = customerKey ? await parsePublic(customerKey) : base64Of(agentKey)!;
    return new Relay(await Relaying.offer(point, place), place, carrier, packet);
  }

  /** Resolves when what was sent so far is sealed and with the carrier. */
  get sent(): Promise<unknown> {
    return this.sealed;
  }

  get buffered(): number {
    return this.waiting + this.carrier.buffered;
  }

  send(packet: Uint8Array<ArrayBuffer>): void {
    if (packet[0] === PacketPointer && this.buffered > pointerRoom) return;
    this.waiting += packet.length;
    const { agent, link } = this.place;
    this.sealed = this.sealed.then(async () => {
      const box = await this.relaying.seal(packet);
      this.waiting -= packet.length;
      if (!this.over) this.carrier.send(relayed(agent, link, box));
    });
  }

  /** Sends nothing any more, not even what waits: it could hide what the next link says. */
  close(): void {
    this.over = true;
  }

  /** Takes a box from the agent. What does not open is dropped: the server, or whoever is there, has made it. */
  take(box: Uint8Array<ArrayBuffer>): void {
    this.opened = this.opened.then(async () => this.packet(await this.relaying.open(box).catch(() => undefined)));
  }
}
