import {
  AckBurst, AckRate, AgentBurst, AgentRate, ConnectionBurst, ConnectionRate, ControlBurst, ControlRate, DataBurst, DataRate, FrameBurst, FrameRate, FromBurst, FromRate,
  LaserBurst, LaserRate, MalformedBurst, MalformedRate, MaxPacketBytes, OfferBurst, OfferRate, PointerBurst, PointerRate, RejoinBurst, RejoinRate, ResyncBurst, ResyncRate,
} from "./wire.gen.js";

type Rates = Readonly<Record<string, readonly [perSecond: number, atOnce: number]>>;

const both = { control: [ControlRate, ControlBurst], ack: [AckRate, AckBurst], malformed: [MalformedRate, MalformedBurst] } as const;

/** What an agent may send over links: docs/protocol.md section 2.6. */
export const agentRates = { ...both, connection: [ConnectionRate, ConnectionBurst], resync: [ResyncRate, ResyncBurst], bytes: [AgentRate << 10, AgentBurst << 10], pointer: [LaserRate, LaserBurst] } as const;

/** What a sender may send. bytes are those of frames, decompressed. */
export const senderRates = {
  ...both, frame: [FrameRate, FrameBurst], bytes: [DataRate << 20, DataBurst << 20], pointer: [PointerRate, PointerBurst], from: [FromRate, FromBurst],
  rejoin: [RejoinRate, RejoinBurst], connection: [OfferRate, OfferBurst],
} as const;

const kinds = ["frame", "frame", "frame", "control", "pointer", "ack", "from"]; // of packets

/** Budget is what one member may send over all its links and paths: a token bucket of each kind, full at first. */
export class Budget<R extends Rates> {
  private readonly spent: { [kind in keyof R]?: readonly [tokens: number, at: number] } = {};

  /** now is a clock in milliseconds. */
  constructor(private readonly rates: R, private readonly now: () => number = () => performance.now()) {}

  /** Spends n tokens of a kind. False: there are not as many, and none is spent. */
  take(kind: keyof R, n = 1): boolean {
    const [perSecond, atOnce] = this.rates[kind]!;
    const now = this.now();
    const [tokens, at] = this.spent[kind] ?? [0, 0];
    const spent = Math.max(0, tokens - ((now - at) / 1000) * perSecond);
    const fits = spent + n <= atOnce;
    this.spent[kind] = [fits ? spent + n : spent, now];
    return fits;
  }

  /** Returns the kind of a packet, by its first byte alone: what is too much is not read. */
  kindOf(packet: Uint8Array): keyof R {
    const kind = kinds[packet[0] ?? 255] ?? "";
    return packet.length <= MaxPacketBytes && kind in this.rates ? kind : "malformed";
  }
}
