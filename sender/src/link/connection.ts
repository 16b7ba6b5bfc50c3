import { isCandidate, isLocal, linkSDP } from "../../../signal/wire/peer.js";
import {
  ChannelControl, ChannelFrames, ChannelPointer, PacketAck, PacketControl, PacketPointer, MaxPacketBytes, type Candidate, type Description, type ICEServer,
  type Sealed,
} from "../../../signal/wire/wire.gen.js";
import type { Path } from "./outgoing.js";

/** Post carries what both ends of a peer connection say before it is open, sealed if the company has a key. */
export interface Post {
  send(message: Description | Candidate): void;
  /** Opens a message from the agent; take gets what is inside, unless it is refused. */
  open(message: Description | Candidate | Sealed, take: (inner: Description | Candidate | Sealed) => void): void;
}

/** What a peer connection tells its link. */
export interface ConnectionEvents {
  /** Whether packets get through has changed. */
  changed(): void;
  /** They got through, and no longer do. */
  interrupted(): void;
  /** The path takes more. */
  room(): void;
  /** A message of the agent's; empty when it is none that an agent sends. */
  packet(data: Uint8Array<ArrayBuffer>): void;
  /** The agent does what no console does. */
  foreign(): void;
  /** It is of no use any more; said once. */
  failed(): void;
}

const attempt = 20_000; // ms that it may take to open
const restart = 8_000; // ms that a restart of ICE may take
const linger = 200; // ms for what was sent to leave
const high = 1 << 20;
const low = 256 << 10;
const mostCandidates = 64; // that wait for an answer

/** Connection is one RTCPeerConnection with its three data channels. The sender always offers. */
export class Connection implements Path {
  readonly high = high;
  readonly window = 8 << 20;
  private readonly connection: RTCPeerConnection;
  private readonly controls: RTCDataChannel;
  private readonly frames: RTCDataChannel;
  private readonly pointers: RTCDataChannel;
  private candidates: RTCIceCandidateInit[] | undefined = [];
  private timer: number;
  private up = false;
  private over = false;

  /** name is that of the link, a dot and the number of the connection; agent is the member it leads to. */
  constructor(
    readonly name: string,
    private readonly agent: string,
    private readonly servers: () => readonly ICEServer[],
    private readonly events: ConnectionEvents,
    private readonly post: Promise<Post>,
  ) {
    this.connection = new RTCPeerConnection(this.configuration);
    this.controls = this.channel("control", ChannelControl, {});
    this.frames = this.channel("frames", ChannelFrames, {});
    this.pointers = this.channel("pointer", ChannelPointer, { ordered: false, maxRetransmits: 0 });
    this.frames.bufferedAmountLowThreshold = low;
    this.frames.onbufferedamountlow = () => events.room();
    for (const channel of [this.controls, this.frames]) {
      channel.onopen = () => this.changed();
      channel.onclose = () => this.fail();
    }
    for (const channel of [this.controls, this.frames, this.pointers]) {
      channel.onmessage = ({ data }) => {
        const packet = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array();
        // Each kind has its channel.
        const own = packet[0] === PacketPointer ? this.pointers : this.controls;
        events.packet(channel === own ? packet : new Uint8Array());
      };
    }
    this.connection.ondatachannel = () => events.foreign();
    this.connection.onicecandidate = ({ candidate }) => {
      this.signal({
        type: "candidate", to: agent, link: name, candidate: candidate?.candidate ?? "",
        sdpMid: candidate?.sdpMid ?? "", sdpMLineIndex: candidate?.sdpMLineIndex ?? 0,
      });
    };
    this.connection.onconnectionstatechange = () => this.changed();
    this.timer = this.expire(attempt);
    void this.offer();
  }

  /** Whether packets get through, as far as the browser knows. */
  get usable(): boolean {
    return !this.over && this.connection.connectionState === "connected" && this.controls.readyState === "open" && this.frames.readyState === "open";
  }

  get buffered(): number {
    return this.frames.bufferedAmount;
  }

  get most(): number {
    return Math.min(MaxPacketBytes, this.connection.sctp?.maxMessageSize || MaxPacketBytes);
  }

  send(packet: Uint8Array<ArrayBuffer>): void {
    const kind = packet[0];
    const channel = kind === PacketControl || kind === PacketAck ? this.controls : kind === PacketPointer ? this.pointers : this.frames;
    // A pointer that waits is late, and the next place of the pointer makes it void.
    if (channel.readyState !== "open" || (channel === this.pointers && channel.bufferedAmount > 0)) return;
    try {
      channel.send(packet);
    } catch {
      this.fail(); // the browser's own buffer is full
    }
  }

  /** Takes a signalling message from the agent. */
  take(message: Description | Candidate | Sealed): void {
    this.post.then((post) => post.open(message, (inner) => this.hear(inner)), () => this.fail());
  }

  /** Looks for a better way, or for one again, with the newest servers. What has been signalled before must have arrived. */
  restart(): void {
    if (this.over) return;
    // An offer that was not answered is lost, or its answer is.
    if (this.connection.signalingState !== "stable") return this.fail();
    if (!this.usable) this.timer = this.expire(restart);
    this.connection.setConfiguration?.(this.configuration);
    this.connection.restartIce();
    this.candidates = [];
    void this.offer();
  }

  /** Ends it, after what was sent had a moment to leave. */
  close(): void {
    if (!this.over) window.setTimeout(() => this.connection.close(), linger);
    this.forget();
  }

  /** Ends it at once: the page goes. */
  drop(): void {
    this.forget();
    this.connection.close();
  }

  private get configuration(): RTCConfiguration {
    return { iceServers: this.servers() as RTCIceServer[] };
  }

  private channel(label: string, id: number, options: RTCDataChannelInit): RTCDataChannel {
    const channel = this.connection.createDataChannel(label, { ...options, negotiated: true, id });
    channel.binaryType = "arraybuffer";
    return channel;
  }

  private async offer(): Promise<void> {
    try {
      await this.connection.setLocalDescription();
      this.signal({ type: "description", to: this.agent, link: this.name, kind: "offer", sdp: this.connection.localDescription!.sdp });
    } catch {
      this.fail();
    }
  }

  private signal(message: Description | Candidate): void {
    if (this.over) return; // what is said about a connection that is over may hide what is said about the next
    this.post.then((post) => post.send(message), () => this.fail());
  }

  private hear(message: Description | Candidate | Sealed): void {
    if (this.over) return;
    if (message.type === "description") void this.answered(message);
    else if (message.type === "candidate" && isCandidate(message.candidate, isLocal(location.hostname))) this.candidate({ candidate: message.candidate, sdpMid: message.sdpMid ?? "", sdpMLineIndex: message.sdpMLineIndex ?? 0 });
  }

  private async answered({ kind, sdp }: Description): Promise<void> {
    const answer = linkSDP(sdp, isLocal(location.hostname));
    if (kind !== "answer" || !answer || this.connection.signalingState !== "have-local-offer") return;
    try {
      await this.connection.setRemoteDescription({ type: "answer", sdp: answer });
      const early = this.candidates ?? [];
      this.candidates = undefined;
      for (const candidate of early) this.candidate(candidate);
    } catch {
      this.fail();
    }
  }

  private candidate(candidate: RTCIceCandidateInit): void {
    if (this.candidates) {
      if (this.candidates.length < mostCandidates) this.candidates.push(candidate);
    }
    // One that this browser cannot use is no reason to give up the others.
    else void this.connection.addIceCandidate(candidate).catch(() => undefined);
  }

  private changed(): void {
    if (this.over) return;
    const { connectionState: state } = this.connection;
    if (state === "failed" || state === "closed") return this.fail();
    const { up, usable } = this;
    if (up === usable) return;
    this.up = usable;
    if (usable) clearTimeout(this.timer);
    this.events.changed();
    if (!usable) this.events.interrupted();
  }

  private expire(after: number): number {
    clearTimeout(this.timer);
    return window.setTimeout(() => this.fail(), after);
  }

  private forget(): void {
    this.over = true;
    clearTimeout(this.timer);
  }

  private fail(): void {
    if (this.over) return;
    this.drop();
    this.events.failed();
  }
}
