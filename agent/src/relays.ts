import { readRelayed, relayed } from "../../signal/wire/packet.js";
import { SealError, type PrivateKey } from "../../signal/wire/place.js";
import { openingOf, Relaying } from "../../signal/wire/relaying.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** What the relays tell their owner. */
export interface RelaysEvents {
  /** Sends a binary message to the server. */
  send(message: Bytes): void;
  /** A packet of a link, from a member. */
  packet(member: string, link: string, packet: Bytes): void;
  /** A box of a link does not open. */
  broken(link: string, error: Error): void;
}

const mostLinks = 1000; // of a session
const mostWaiting = 512; // packets
const mostBytes = 1 << 20; // of them

interface Relay {
  readonly relaying: Relaying;
  sealed: Promise<void>;
}

/**
 * Relays opens and seals what goes over the server, which can read none of it. With a private key in this browser it takes only what is sealed to that,
 * without one only what is sealed to the key of this page. docs/protocol.md section 2.3.
 */
export class Relays {
  private readonly relays = new Map<string, Relay>();
  private opened: Promise<void> = Promise.resolve();
  private session = "";
  private member = "";
  private epoch = 0;
  private keys: Promise<readonly PrivateKey[]> = Promise.resolve([]);
  private waiting = 0;
  private bytes = 0;
  private connection = 0;

  /** load gives the private keys of this browser, own that of this page. */
  constructor(
    private readonly load: () => Promise<readonly PrivateKey[]>,
    private readonly own: Promise<PrivateKey | undefined>,
    private readonly events: RelaysEvents,
  ) {}

  /** The server has told where this agent is. */
  at(session: string, member: string): void {
    if (session !== this.session) {
      this.epoch = 0;
      this.relays.clear();
    }
    this.session = session;
    this.member = member;
    this.keys = this.choose();
  }

  /** The connection to the server is lost: what came over it and is not opened yet will come again. */
  unseated(): void {
    this.connection++;
  }

  /** Takes a binary message of the server's. from tells whether a member may send such. */
  take(message: Bytes, from: (member: string) => boolean): void {
    const { connection } = this;
    let read: ReturnType<typeof readRelayed>;
    try {
      read = readRelayed(message);
    } catch {
      return;
    }
    const { member, link, box } = read;
    if (!from(member) || this.waiting === mostWaiting || this.bytes + box.length > mostBytes) return;
    this.waiting++;
    this.bytes += box.length;
    this.opened = this.opened.then(async () => {
      if (connection !== this.connection) return;
      const packet = await this.open(link, box);
      if (connection === this.connection) this.events.packet(member, link, packet);
    }).catch((error: unknown) => {
      this.events.broken(link, error as Error);
    }).finally(() => {
      this.waiting--;
      this.bytes -= box.length;
    });
  }

  /** Resolves when what was sent so far is sealed and on its way. */
  get sent(): Promise<unknown> {
    return Promise.all(Array.from(this.relays.values(), ({ sealed }) => sealed));
  }

  /** Sends a packet of a link to a member. */
  send(member: string, link: string, packet: Bytes): void {
    const relay = this.relays.get(link);
    if (!relay) return;
    relay.sealed = relay.sealed.then(async () => this.events.send(relayed(member, link, await relay.relaying.seal(packet)))).catch(() => undefined);
  }

  private async open(link: string, box: Bytes): Promise<Bytes> {
    const known = this.relays.get(link);
    if (known) return known.relaying.open(box);
    const { opening, epoch } = openingOf(box);
    if (opening.length > 0 && epoch < this.epoch) throw new SealError("replayed");
    if (this.relays.size === mostLinks) throw new Error("too many links");
    const { session, member } = this;
    const relaying = await Relaying.accept(await this.keys, { session, agent: member, link }, box);
    const packet = await relaying.open(box);
    if (session === this.session) {
      this.relays.set(link, { relaying, sealed: Promise.resolve() });
      this.epoch = epoch;
    }
    return packet;
  }

  private async choose(): Promise<readonly PrivateKey[]> {
    const kept = await this.load();
    if (kept.length > 0) return kept;
    const own = await this.own;
    return own ? [own] : [];
  }
}
