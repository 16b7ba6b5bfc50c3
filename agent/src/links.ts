import type { Candidate, Control, Description, ICEServer } from "../../signal/wire/wire.gen.js";
import { Link, type LinkEvents } from "./link.js";

/** What the links tell of the one that counts. */
export interface LinksEvents extends Omit<LinkEvents, "opened"> {
  /** A link has taken over from the one before, if there was one. */
  opened(): void;
}

/** Links keeps one link to the sender, and replaces it by a newer one as soon as that opens. */
export class Links {
  iceServers: readonly ICEServer[] = [];
  private current: Link | undefined;
  private next: Link | undefined;
  private readonly over = new Set<string>();

  constructor(private readonly events: LinksEvents) {}

  get open(): boolean {
    return this.current !== undefined;
  }

  /** Takes a signalling message from the sender. */
  take(message: Description | Candidate): void {
    const known = [this.current, this.next].find((link) => link?.name === message.link);
    if (message.type === "candidate") {
      known?.candidate(message);
    } else if (message.kind === "offer" && message.from !== undefined && !this.over.has(message.link)) {
      void (known ?? this.begin(message.link, message.from)).answer(message.sdp);
    }
  }

  /** False: there is no open link, and the message is lost. */
  send(message: Control): boolean {
    return this.current?.send(message) ?? false;
  }

  close(): void {
    this.retire(this.current);
    this.retire(this.next);
    this.current = this.next = undefined;
  }

  /** Closes all at once: the page goes. */
  drop(): void {
    this.current?.drop();
    this.next?.drop();
  }

  private begin(name: string, member: string): Link {
    this.retire(this.next);
    const link: Link = new Link(name, member, this.iceServers, {
      signal: (message) => this.events.signal(message),
      opened: () => {
        this.retire(this.current);
        this.current = link;
        this.next = undefined;
        this.events.opened();
      },
      interrupted: (yes) => this.current === link && this.events.interrupted(yes),
      closed: () => {
        this.over.add(name);
        if (this.next === link) this.next = undefined;
        if (this.current !== link) return;
        this.current = undefined;
        this.events.closed();
      },
      frame: (data) => this.current === link && this.events.frame(data),
      control: (message) => this.current === link && this.events.control(message),
      pointer: (data) => this.current === link && this.events.pointer(data),
    });
    this.next = link;
    return link;
  }

  private retire(link: Link | undefined): void {
    if (!link) return;
    this.over.add(link.name);
    link.close();
  }
}
