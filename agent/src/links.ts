import { Budget, senderRates } from "../../signal/wire/budget.js";
import type { Candidate, Control, Description, ICEServer, Path } from "../../signal/wire/wire.gen.js";
import { Link, type LinkEvents } from "./link.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** What the links tell of the one that counts. */
export interface LinksEvents extends Omit<LinkEvents, "turned" | "relay" | "over" | "malformed"> {
  /** Sends a packet of a link over the relay. */
  relay(member: string, link: string, packet: Bytes): void;
  /** A link has taken over from the one before, if there was one. */
  opened(): void;
}

const most = 1000; // links of a session
const mostEarly = 64; // candidates of links that have not begun

/** The name of the link and the number of the peer connection that signalling is about; "" when it is about none. */
function parse(text: string): [name: string, number: number] {
  const [, name = "", number] = /^(.+)\.(\d{1,9})$/s.exec(text) ?? [];
  return [name, Number(number)];
}

/** Links keeps one link to the sender, and replaces it by a newer one as soon as the sender goes on with that. */
export class Links {
  iceServers: readonly ICEServer[] = [];
  /** The customer must not learn this browser's addresses. */
  hidden = false;
  private current: Link | undefined;
  private next: Link | undefined;
  private readonly begun = new Set<string>();
  private early: Candidate[] = []; // of links that have not begun
  private budget = new Budget(senderRates); // of the session
  private warned = false;

  constructor(private readonly events: LinksEvents) {}

  /** What the link goes over; "none": over nothing that works. */
  get path(): Path {
    return this.current?.path ?? "none";
  }

  /** Whether there is a data channel, by which the link can go on without the server. */
  get open(): boolean {
    return this.current?.open ?? false;
  }

  /** Whether what is seen makes a detour, over whatever server. */
  get detour(): boolean {
    return this.current?.detour ?? false;
  }

  /** Takes a signalling message from the sender. */
  take(message: Description | Candidate): void {
    const [name, number] = parse(message.link);
    if (!name || message.from === undefined) return;
    // A candidate may overtake its offer. It begins no link, since it may as well be late, and of one that is over.
    if (message.type === "candidate" && !this.known(name)) {
      if (this.early.length < mostEarly) this.early.push(message);
      return;
    }
    const link = this.named(name, message.from);
    if (!link) return;
    link.take(number, message);
    const late = this.early.filter((candidate) => candidate.link === message.link);
    this.early = this.early.filter((candidate) => candidate.link !== message.link);
    for (const candidate of late) link.take(number, candidate);
  }

  /** Takes a packet of a link that came over the relay from a member. */
  relayed(member: string, name: string, packet: Bytes): void {
    this.named(name, member)?.relayed(packet);
  }

  /** A box came that does not open. Of a link that has not begun, it may be late, or for another key. */
  broken(name: string): void {
    this.known(name)?.broken();
  }

  /** The connection to the server is lost. */
  unseated(): void {
    this.current?.unseated();
    this.next?.unseated();
  }

  /** Says something to the sender, as soon as there is a way. */
  send(message: Control): void {
    this.current?.send(message);
  }

  /** Moves the laser, if there is a way now. */
  point(data: Bytes): void {
    this.current?.point(data);
  }

  /** Ends all, for another session. */
  close(): void {
    this.current?.close();
    this.next?.close();
    this.current = this.next = undefined;
    this.begun.clear();
    this.early = [];
    this.budget = new Budget(senderRates);
    this.warned = false;
  }

  /** Closes all at once: the page goes. */
  drop(): void {
    this.current?.drop();
    this.next?.drop();
  }

  private known(name: string): Link | undefined {
    return [this.current, this.next].find((link) => link?.name === name);
  }

  /** Gives a link that goes on or begins; one that is over begins no more. */
  private named(name: string, member: string): Link | undefined {
    const known = this.known(name);
    if (known || this.begun.has(name) || this.begun.size === most) return known;
    this.begun.add(name);
    this.next?.close();
    this.next = this.begin(name, member);
    return this.next;
  }

  private begin(name: string, member: string): Link {
    const link: Link = new Link(name, member, () => ({ iceServers: this.iceServers as RTCIceServer[], ...(this.hidden && { iceTransportPolicy: "relay" as const }) }), {
      signal: (message) => this.events.signal(message),
      relay: (packet) => this.events.relay(member, name, packet),
      turned: () => {
        if (this.current === link) {
          this.events.changed();
          return;
        }
        this.current?.close();
        this.current = link;
        this.next = undefined;
        this.events.opened();
      },
      over: () => {
        if (this.next === link) this.next = undefined;
        if (this.current === link) this.current = undefined;
        link.drop();
        this.events.changed();
      },
      malformed: () => this.warn("the customer's page sends what makes no sense; more of it ends the session here"),
      overload: () => {
        this.warn("the customer's page has sent more than it may, so this session has ended here");
        this.events.overload();
      },
      changed: () => this.current === link && this.events.changed(),
      frame: (data) => this.current === link && this.events.frame(data),
      gap: () => this.current === link && this.events.gap(),
      control: (message) => this.current === link && this.events.control(message),
      pointer: (data) => this.current === link && this.events.pointer(data),
    }, this.budget);
    return link;
  }

  /** Warns once a session. */
  private warn(text: string): void {
    if (!this.warned) console.warn(`qwelp: ${text}`);
    this.warned = true;
  }
}
