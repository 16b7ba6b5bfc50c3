import { agentRates, Budget } from "../../signal/wire/budget.js";
import type { Post } from "./link/connection.js";
import { Link } from "./link/link.js";
import { loadAgain } from "./load.js";
import type { Relay } from "./relay.js";
import type { QwelpSettings } from "./settings.gen.js";
import { decodeMessage, type Candidate, type Control, type Description, type Member, type Message, type Path, type Sealed } from "../../signal/wire/wire.gen.js";
import type { Session } from "./session/machine.js";
import type { Socket } from "./session/socket.js";

/** What links need. */
export interface LinksNeeds {
  /** The session and the settings as they are now. */
  session(): Session;
  settings(): QwelpSettings;
  readonly socket: Pick<Socket, "buffered" | "probe" | "relay" | "send">;
}

/** What links tell the session. */
export interface LinksEvents {
  path(member: string, path: Path): void;
  unsealable(): void;
  control(message: Control, member: string, link: object): void;
  /** An agent has moved its laser. */
  laser(data: Uint8Array, member: string): void;
  /** An agent needs a snapshot: at once, since its link has just begun, or soon. */
  snapshot(now: boolean, member: string): void;
  /** An agent has sent more than it may. It has no link any more, and gets none. */
  overload(member: string): void;
  /** There is something else to compare. */
  compared(): void;
}

/** The link to an agent. */
interface LinkTo {
  readonly link: Link;
  /** Of the page of the console. */
  readonly key: string;
  /** What people compare; "" while there is nothing. */
  digits: string;
}

/** Links are those to the agents who may see the page, by their member ids. */
export class Links {
  private readonly all = new Map<string, LinkTo>();
  private readonly begun = new WeakSet<Link>();
  private readonly budgets = new Map<string, Budget<typeof agentRates>>(); // of all members there have been in this session
  private warned = false;

  constructor(private readonly needs: LinksNeeds, private readonly events: LinksEvents) {}

  /** Bytes that wait to be sent, on the link where most do. */
  get backlog(): number {
    return Math.max(0, ...Array.from(this.all.values(), ({ link }) => link.backlog));
  }

  get digits(): string[] {
    return Array.from(this.all.values(), (to) => to.digits).filter(Boolean);
  }

  get none(): boolean {
    return this.all.size === 0;
  }

  each(act: (link: Link) => void): void {
    for (const { link } of this.all.values()) act(link);
  }

  /** Sends a message to all agents. */
  tell(message: Control): void {
    this.each((link) => link.control(message));
  }

  /** Takes a signalling message, or a box from the relay, of a member. */
  take(message: Description | Candidate | Sealed): void {
    this.all.get(message.from!)?.link.take(message);
  }

  takeBox(member: string, link: string, box: Uint8Array<ArrayBuffer>): void {
    this.all.get(member)?.link.takeBox(link, box);
  }

  /** Opens a link, unless there is one to the same page of the console. Without a key, which browsers make on secure pages only, no page is known again. */
  open({ id, key = "" }: Member): void {
    const known = this.all.get(id);
    if (known && key && known.key === key) return known.link.back();
    this.close(id);
    const budget = this.budgets.get(id) ?? new Budget(agentRates);
    this.budgets.set(id, budget);
    // An agent must not have us begin again and again.
    if (!budget.take("connection")) return this.overload(id);
    const link: Link = new Link(id, {
      servers: () => this.needs.session().iceServers,
      post: () => this.post(to),
      relay: (name, take) => this.relay(id, name, take),
      budget,
    }, {
      path: (path) => this.all.get(id)?.link === link && this.events.path(id, path),
      closed: () => {
        if (this.all.get(id)?.link !== link) return;
        this.all.delete(id);
        this.events.path(id, "none");
        const member = this.needs.session().members.find((m) => m.id === id);
        if (member && !member.away) this.open(member);
      },
      control: (message) => this.events.control(message, id, link),
      laser: (data) => this.events.laser(data, id),
      malformed: () => this.warn("an agent sends what makes no sense; more of it ends the link"),
      overload: () => this.all.get(id)?.link === link && this.overload(id),
      behind: () => {
        const first = !this.begun.has(link);
        this.begun.add(link);
        this.events.snapshot(first, id);
      },
      suspect: (underway) => this.needs.socket.probe(underway),
    });
    const to: LinkTo = { link, key, digits: "" };
    this.all.set(id, to);
    link.control({ type: "can", tools: ["laser", "pen", "arrow", "box", "highlight", "press"] });
    if (document.hidden) link.control({ type: "visibility", hidden: true });
    if (this.needs.session().paused) link.control({ type: "sharing", paused: true });
    this.reach();
  }

  close(member: string): void {
    this.all.get(member)?.link.close();
    this.all.delete(member);
  }

  /** The session is over: the next one's members have budgets of their own. */
  forget(): void {
    this.budgets.clear();
    this.warned = false;
  }

  private overload(member: string): void {
    this.warn("an agent has sent more than it may, so its link has ended");
    this.events.overload(member);
  }

  /** Warns once a session: not even the console of the page is an agent's to fill. */
  private warn(text: string): void {
    if (!this.warned) console.warn(`qwelp: ${text}`);
    this.warned = true;
  }

  /** Ends all at once: the page goes. */
  drop(): void {
    this.each((link) => link.drop());
    this.all.clear();
  }

  /** Tells the links whom the server reaches. */
  reach(): void {
    const { signalling, members } = this.needs.session();
    for (const [id, { link }] of this.all) link.reach(signalling && members.some((m) => m.id === id && !m.away));
  }

  /** The post of a new peer connection: sealed, if there is a key, and comparing, if that is wanted. What few pages need is loaded only then. */
  private async post(to: LinkTo): Promise<Post> {
    const { customerKey, comparisonCode } = this.needs.settings();
    // Before the server has given the place in the session back, it takes nothing else.
    const send = (message: Message): unknown => this.needs.session().signalling && this.needs.socket.send(message);
    let post: Post = { send, open: (message, take) => take(message) };
    if (customerKey) {
      const { Seal } = (await loadAgain("seal.js")) as typeof import("./seal.js");
      post = new Seal(customerKey, this.needs.session().place!, decodeMessage, send, () => this.events.unsealable());
    }
    if (comparisonCode) {
      const { Comparison } = (await loadAgain("compare.js")) as typeof import("./compare.js");
      post = new Comparison(post, to.key, (message) => to.link.control(message), (digits) => {
        to.digits = digits;
        this.events.compared();
      });
    }
    return post;
  }

  /** The relay of a link; undefined when the operator wants none, or none for pages without a key. */
  private relay(id: string, link: string, take: (data: Uint8Array<ArrayBuffer> | undefined) => void): Promise<Relay> | undefined {
    const { customerKey } = this.needs.settings();
    const { members, place } = this.needs.session();
    const member = members.find((m) => m.id === id);
    const { session, epoch } = place!;
    const { needs } = this;
    const carrier = {
      get buffered() {
        return needs.socket.buffered;
      },
      send: (data: Uint8Array<ArrayBuffer>) => needs.session().signalling && needs.socket.relay(data),
    };
    if (!member?.relay || !(customerKey || (member.relay === "all" && member.key))) return undefined;
    return loadAgain("relay.js").then((part) => (part as typeof import("./relay.js")).Relay.open(customerKey, member.key ?? "", { session, agent: id, link, epoch }, carrier, take));
  }
}
