import { backoff } from "../../../signal/wire/backoff.js";
import { decodeMessage, type Message } from "../../../signal/wire/wire.gen.js";

/** What a socket tells its owner. */
export interface SocketEvents {
  open(): void;
  /** final: it does not connect again by itself. */
  closed(final: boolean, code: number): void;
  message(message: Message): void;
  /** A binary message: a relayed packet. */
  relayed(data: Uint8Array<ArrayBuffer>): void;
}

const patience = 2_500; // ms that an answer may take
const slowest = 10; // bytes that leave in a millisecond, at least
const openPatience = 5_000; // ms that a connection may take to open

/** Socket is the connection to the app's signalling route. It connects again by itself, unless the server says it must not. */
export class Socket {
  private socket: WebSocket | undefined;
  private tries = 0;
  private timer = 0;
  private probing = 0;
  private wanted = false;
  private readonly online = (): void => this.now();

  constructor(
    private readonly connection: () => WebSocket,
    private readonly events: SocketEvents,
  ) {}

  connect(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.tries = 0;
    window.addEventListener("online", this.online);
    this.open();
  }

  /** False: there is no open connection, and the message is lost. */
  send(message: Message): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Bytes that have not left. */
  get buffered(): number {
    return this.socket?.bufferedAmount ?? 0;
  }

  /** Sends a binary message. Without a connection it is lost. */
  relay(data: Uint8Array<ArrayBuffer>): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(data);
  }

  /**
   * Finds out whether the connection is alive: one that the network has forgotten looks open for ever, and is left for a new one. before is how many
   * bytes are on their way, which the question comes behind.
   */
  probe(before = 0): void {
    if (this.probing || !this.send({ type: "ping" })) return;
    this.probing = window.setTimeout(() => this.renew(), patience + before / slowest);
  }

  /** Leaves the server, which is about to go or busy, and comes back after delay ms. */
  reconnectAfter(delay: number): void {
    if (!this.wanted) return;
    this.leave();
    this.events.closed(false, 1000);
    this.again(delay);
  }

  close(): void {
    this.wanted = false;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.online);
    this.leave();
  }

  /** There is a network again. In another one the old connection is of no use, and looks as good as before. */
  private now(): void {
    if (this.wanted) this.renew();
  }

  private renew(): void {
    this.leave();
    this.events.closed(false, 1006);
    this.open();
  }

  private leave(): void {
    const socket = this.socket;
    this.socket = undefined;
    this.heard();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private again(delay: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.open(), delay);
  }

  private open(): void {
    if (this.socket) return;
    const socket = this.connection();
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    this.probing = window.setTimeout(() => this.renew(), openPatience);
    const open = (): void => {
      this.heard();
      this.events.open();
    };
    socket.onmessage = ({ data }) => this.received(data);
    socket.onclose = ({ code }) => {
      this.socket = undefined;
      this.heard();
      const final = code >= 4400;
      if (final) this.close();
      else this.again(backoff(this.tries++, Math.random()));
      this.events.closed(final, code);
    };
    if (socket.readyState === WebSocket.OPEN) open();
    else socket.onopen = open;
  }

  private heard(): void {
    clearTimeout(this.probing);
    this.probing = 0;
  }

  private received(data: unknown): void {
    this.heard();
    if (data instanceof ArrayBuffer) return this.events.relayed(new Uint8Array(data));
    let message: Message | undefined;
    try {
      message = typeof data === "string" ? decodeMessage(data) : undefined;
    } catch (error) {
      console.warn("qwelp: the server sent a malformed message:", (error as Error).message);
    }
    if (!message) return;
    this.tries = 0;
    this.events.message(message);
  }
}
