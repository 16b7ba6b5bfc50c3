import {
  decodeMessage, Subprotocol, Version, type Error as WireError, type Joined, type Message, type Resumed,
} from "../../signal/wire/wire.gen.js";
import { backoff } from "../../signal/wire/backoff.js";

/** What the signaller tells its owner. */
export interface SignallerEvents {
  /** The agent is in a session: by a support code, or again. */
  joined(message: Joined | Resumed): void;
  /** What the agent asked for was refused; undefined: the server cannot be reached. */
  refused(error: WireError | undefined): void;
  /** The server does not know the session any more. */
  gone(): void;
  /** The connection to the server is there, or is not. */
  connected(yes: boolean): void;
  /** The server has closed the connection for good. */
  closed(code: number): void;
  message(message: Message): void;
  /** A packet of a link, relayed: docs/protocol.md section 2.3. */
  relayed(data: Uint8Array<ArrayBuffer>): void;
}

/** What the signaller needs of a WebSocket. */
export type Socket = Pick<WebSocket, "binaryType" | "readyState" | "OPEN" | "send" | "close" | "onopen" | "onmessage" | "onclose">;

const silence = 50_000; // ms; the server says something every 20 s
const patience = 4_000; // ms for a connection to open, and for an answer to a ping
const stillness = 2_000; // ms without a message on a connection that carries the link, until it is probed
const firstFinalCode = 4400;

type Ask = { readonly type: "join"; readonly code: string; readonly name: string; readonly again: boolean } | { readonly type: "resume"; readonly token: string };

/**
 * Signaller keeps the connection to the app's signalling route while there is a session, and the agent's place in it. Without a
 * connection, what is sent is lost: the other side begins anew what it missed.
 */
export class Signaller {
  private socket: Socket | undefined;
  private opened = false;
  private welcomed = false;
  private seated = false;
  private running = false; // there is, or was, a place in a session
  private asked = false;
  private probing = false;
  private ask: Ask | undefined;
  private rejoinCode = "";
  private name = "";
  private key = "";
  private tries = 0;
  private retryAfter: number | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setTimeout> | undefined;
  private still: ReturnType<typeof setTimeout> | undefined;
  private carrying = false;
  private again: ReturnType<typeof setTimeout> | undefined;

  /** open opens a WebSocket with the subprotocol it is given. */
  constructor(
    private readonly open: (subprotocol: string) => Socket,
    private readonly events: SignallerEvents,
    private readonly random: () => number = Math.random,
  ) {}

  /** Whether the agent's place in the session is known to the server. */
  get connected(): boolean {
    return this.seated;
  }

  /** Asks to join the session under a support code. key is the page's public one, "" if it has none. */
  join(code: string, name: string, key: string): void {
    this.name = name;
    this.key = key;
    this.want({ type: "join", code, name, again: false });
  }

  /** Asks to take up a place in a session again. */
  resume(token: string, name: string, key: string): void {
    this.name = name;
    this.key = key;
    this.running = true;
    this.want({ type: "resume", token });
  }

  /** Joins the session that took the place of one the server forgot. */
  rejoin(code: string): void {
    this.rejoinCode = code;
    // While there is a place, or the old one is being asked for, the code waits until that fails.
    if (!this.seated && !this.asked) this.want({ type: "join", code, name: this.name, again: true });
  }

  /** False: there is no place in a session to speak from, or no connection, and the message is lost. */
  send(message: Message): boolean {
    return this.seated && this.write(message);
  }

  /** Sends a packet of a link. Without a place in a session it is lost. */
  relay(data: Uint8Array<ArrayBuffer>): void {
    if (this.seated) this.put(data);
  }

  /** Sees to a connection that works: one that the network may have forgotten has to answer, and if there is none, it connects at once. */
  probe(): void {
    if (this.retry !== undefined) this.connect();
    if (!this.opened || this.probing) return;
    this.probing = true;
    if (this.welcomed) this.write({ type: "ping" });
    this.expect(patience);
  }

  /**
   * Whether the link goes over the connection. Then a silent one is probed: the customer's page may have much to say, and only hears that its
   * own connection is alive.
   */
  carries(yes: boolean): void {
    if (this.carrying === yes) return;
    this.carrying = yes;
    this.heard();
  }

  /** Ends it. It can be asked again. */
  stop(): void {
    this.ask = undefined;
    this.rejoinCode = "";
    this.running = false;
    this.tries = 0;
    clearTimeout(this.retry);
    this.retry = undefined;
    this.leave();
  }

  private want(ask: Ask): void {
    this.ask = ask;
    this.asked = false;
    if (this.opened) this.askNow();
    else if (!this.socket) this.connect();
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.leave();
    const socket = this.open(Subprotocol);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.hello();
    socket.onmessage = ({ data }) => this.received(data);
    socket.onclose = ({ code }) => this.lost(code);
    this.expect(patience);
  }

  /** There is only one version, so that the question need not wait for the answer to hello. */
  private hello(): void {
    this.opened = true;
    this.expect(silence);
    this.write({ type: "hello", versions: [Version], role: "agent", client: "console" });
    if (this.rejoinCode) this.want({ type: "join", code: this.rejoinCode, name: this.name, again: true });
    else this.askNow();
  }

  private write(message: Message): boolean {
    return this.put(JSON.stringify(message));
  }

  /** The server may be closing the connection, which is only told once it has closed; browsers complain of what is sent in between. */
  private put(data: string | Uint8Array<ArrayBuffer>): boolean {
    const { socket } = this;
    if (!socket || socket.readyState !== socket.OPEN) return false;
    socket.send(data);
    return true;
  }

  /** A connection that the network has forgotten looks open for ever. */
  private expect(within: number): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.drop(), within);
  }

  private heard(): void {
    clearTimeout(this.still);
    if (this.carrying && this.opened) this.still = setTimeout(() => this.probe(), stillness);
  }

  private received(data: unknown): void {
    this.probing = false;
    this.expect(silence);
    this.heard();
    if (data instanceof ArrayBuffer) {
      this.events.relayed(new Uint8Array(data));
      return;
    }
    let message: Message | undefined;
    try {
      message = typeof data === "string" ? decodeMessage(data) : undefined;
    } catch {
      // A message that breaks the protocol is as one that did not come.
    }
    if (message) this.take(message);
  }

  private take(message: Message): void {
    switch (message.type) {
      case "welcome":
        this.welcomed = true;
        this.tries = 0;
        break;
      case "joined":
      case "resumed":
        this.seated = this.running = true;
        this.rejoinCode = "";
        this.ask = { type: "resume", token: message.token };
        this.asked = false;
        // Tells the server that the new token has arrived, which ends the life of the one before.
        if (message.type === "resumed") this.write({ type: "pong" });
        this.events.connected(true);
        this.events.joined(message);
        break;
      case "ping":
        this.write({ type: "pong" });
        break;
      case "pong":
        break;
      case "draining":
        this.retryAfter = message.retryAfter;
        this.again = setTimeout(() => {
          this.retryAfter = 0;
          this.drop();
        }, message.retryAfter);
        break;
      case "error":
        if (this.asked) this.refused(message);
        break;
      default:
        this.events.message(message);
    }
  }

  private askNow(): void {
    if (!this.ask) return;
    this.asked = true;
    const { ask, key } = this;
    const own = key ? { key } : {};
    if (ask.type === "resume") this.write({ type: "resume", token: ask.token, ...own });
    else this.write({ type: "join", code: ask.code, ...(ask.name && { name: ask.name }), ...own });
  }

  private refused(error: WireError): void {
    const ask = this.ask!;
    this.asked = false;
    if (ask.type === "join" && !ask.again) {
      this.ask = undefined;
      this.events.refused(error);
    } else if (error.code === "slow-down" || error.code === "unavailable") {
      this.again = setTimeout(() => this.askNow(), error.retryAfter ?? 1000);
    } else if (error.code === "ended") {
      this.ask = undefined;
      this.events.message({ type: "ended", reason: "timeout" });
    } else {
      this.ask = undefined;
      const code = ask.type === "resume" ? this.rejoinCode : "";
      this.rejoinCode = "";
      if (code) this.want({ type: "join", code, name: this.name, again: true });
      else this.events.gone();
    }
  }

  private drop(): void {
    this.leave();
    this.lost(1006);
  }

  private lost(code: number): void {
    const first = this.ask?.type === "join" && !this.ask.again;
    this.leave();
    if (code >= firstFinalCode) {
      this.stop();
      this.events.closed(code);
    } else if (first) {
      this.stop();
      this.events.refused(undefined);
    } else if (this.running) {
      this.retry = setTimeout(() => this.connect(), this.retryAfter ?? backoff(this.tries++, this.random()));
      this.retryAfter = undefined;
    }
  }

  private leave(): void {
    clearTimeout(this.watch);
    clearTimeout(this.still);
    clearTimeout(this.again);
    this.asked = this.opened = this.welcomed = this.probing = false;
    const { socket } = this;
    this.socket = undefined;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    if (!this.seated) return;
    this.seated = false;
    this.events.connected(false);
  }
}
