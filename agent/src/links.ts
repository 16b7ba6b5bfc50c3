import type { Candidate, Control, Description, ICEServer, Path } from "../../signal/wire/wire.gen.js";
import { Link, type LinkEvents } from "./link.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** What the links tell of the one that counts. */
export interface LinksEvents extends Omit<LinkEvents, "turned" | "relay" | "over"> {
  /** Sends a packet of a link over the relay. */
  relay(member: string, link: string, packet: Bytes): void;
  /** A link has taken over from the one before, if there was one. */
  opened(): void;
}

const most = 1000; // links of a session

/** Links keeps one link to the sender, and replaces it by a newer one as soon as the sender goes on with that. */
export class Links {
  iceServers: readonly ICEServer[] = [];
  /** The customer must not learn this browser's addresses. */
  hidden = false;
  private current: Link | undefined;
  private next: Link | undefined;
  private readonly begun = new Set<string>();

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
    const [, name, number] = /^(.+)\.(\d{1,9})$/s.exec(message.link) ?? [];
    if (name && message.from !== undefined) this.named(name, message.from)?.take(Number(number), message);
  }

  /** Takes a packet of a link that came over the relay from a member. */
  relayed(member: string, name: string, packet: Bytes): void {
    this.named(name, member)?.relayed(packet);
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

  /** Ends all, for another session. */
  close(): void {
    this.current?.close();
    this.next?.close();
    this.current = this.next = undefined;
    this.begun.clear();
  }

  /** Closes all at once: the page goes. */
  drop(): void {
    this.current?.drop();
    this.next?.drop();
  }

  /** Gives a link that goes on or begins; one that is over begins no more. */
  private named(name: string, member: string): Link | undefined {
    const known = [this.current, this.next].find((link) => link?.name === name);
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
      changed: () => this.current === link && this.events.changed(),
      frame: (data) => this.current === link && this.events.frame(data),
      gap: () => this.current === link && this.events.gap(),
      control: (message) => this.current === link && this.events.control(message),
      pointer: (data) => this.current === link && this.events.pointer(data),
    });
    return link;
  }
}
