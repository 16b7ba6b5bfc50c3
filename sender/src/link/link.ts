import { decodeControl, ChannelControl, ChannelFrames, ChannelPointer, type Candidate, type Control, type Description, type ICEServer, type Sealed } from "../../../signal/wire/wire.gen.js";
import { FrameQueue } from "./queue.js";

/** Post carries what both ends of a link say before it is open, sealed if the company has a key. */
export interface Post {
  send(message: Description | Candidate): void;
  /** Opens a message from the agent; take gets what is inside, unless it is refused. */
  open(message: Description | Candidate | Sealed, take: (inner: Description | Candidate | Sealed) => void): void;
}

/** What a link tells its owner. */
export interface LinkEvents {
  open(): void;
  /** The link is over; said once. */
  closed(): void;
  control(message: Control): void;
  /** More waits to be sent than may: what waits is dropped, a snapshot must follow. */
  overflow(): void;
}

const patience = 5_000; // ms that a connection may be "disconnected" before the link counts as lost
const attempt = 20_000; // ms that a link may take to open

/** Link is the connection to one agent: an RTCPeerConnection with its three data channels. The sender always offers. */
export class Link {
  private readonly connection: RTCPeerConnection;
  private readonly controls: RTCDataChannel;
  private readonly pointers: RTCDataChannel;
  private readonly queue: FrameQueue;
  private readonly name = crypto.randomUUID();
  private candidates: RTCIceCandidateInit[] | undefined = [];
  private timer = 0;
  private over = false;
  private opened = false;

  constructor(
    private readonly agent: string,
    iceServers: readonly ICEServer[],
    private readonly events: LinkEvents,
    private readonly post: Promise<Post>,
  ) {
    this.connection = new RTCPeerConnection({ iceServers: iceServers as RTCIceServer[] });
    this.controls = this.channel("control", ChannelControl, {});
    const frames = this.channel("frames", ChannelFrames, {});
    this.pointers = this.channel("pointer", ChannelPointer, { ordered: false, maxRetransmits: 0 });
    this.queue = new FrameQueue(frames, () => events.overflow());
    for (const channel of [this.controls, frames]) {
      channel.onopen = () => this.channelOpened(frames);
      channel.onclose = () => this.end();
    }
    this.controls.onmessage = ({ data }) => this.received(data);
    this.connection.onicecandidate = ({ candidate }) => {
      this.signal({
        type: "candidate", to: agent, link: this.name, candidate: candidate?.candidate ?? "",
        sdpMid: candidate?.sdpMid ?? "", sdpMLineIndex: candidate?.sdpMLineIndex ?? 0,
      });
    };
    this.connection.onconnectionstatechange = () => this.stateChanged();
    this.timer = window.setTimeout(() => this.end(), attempt);
    void this.offer();
  }

  /** Bytes that wait to be sent. */
  get backlog(): number {
    return this.queue.backlog;
  }

  /** Takes a signalling message from the agent. */
  take(message: Description | Candidate | Sealed): void {
    if (message.link !== this.name || this.over) return;
    this.post.then((post) => post.open(message, (inner) => this.hear(inner)), () => this.end());
  }

  private signal(message: Description | Candidate): void {
    this.post.then((post) => post.send(message), () => this.end());
  }

  private hear(message: Description | Candidate | Sealed): void {
    if (message.type === "description") void this.answered(message);
    else if (message.type === "candidate" && message.candidate) this.candidate({ candidate: message.candidate, sdpMid: message.sdpMid ?? "", sdpMLineIndex: message.sdpMLineIndex ?? 0 });
  }

  /** Sends a frame; packable ones are compressed when that helps. */
  frame(data: Uint8Array<ArrayBuffer>, packable: boolean): void {
    if (this.opened) this.queue.push(data, packable);
  }

  pointer(data: Uint8Array<ArrayBuffer>): void {
    // What waits is late, and the next place of the pointer makes it void.
    if (this.pointers.readyState === "open" && this.pointers.bufferedAmount === 0) this.pointers.send(data);
  }

  control(message: Control): void {
    if (this.controls.readyState === "open") this.controls.send(JSON.stringify(message));
  }

  /** Ends the link, after what was sent had a moment to leave. */
  close(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    window.setTimeout(() => this.connection.close(), 200);
  }

  /** Ends the link at once: the page goes. */
  drop(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.connection.close();
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
      this.end();
    }
  }

  private async answered({ kind, sdp }: Description): Promise<void> {
    if (kind !== "answer" || this.connection.signalingState !== "have-local-offer") return;
    try {
      await this.connection.setRemoteDescription({ type: "answer", sdp });
      const early = this.candidates ?? [];
      this.candidates = undefined;
      for (const candidate of early) this.candidate(candidate);
    } catch {
      this.end();
    }
  }

  private candidate(candidate: RTCIceCandidateInit): void {
    if (this.candidates) this.candidates.push(candidate);
    // One that this browser cannot use is no reason to give up the others.
    else void this.connection.addIceCandidate(candidate).catch(() => undefined);
  }

  private channelOpened(frames: RTCDataChannel): void {
    if (this.opened || this.over || this.controls.readyState !== "open" || frames.readyState !== "open") return;
    this.opened = true;
    clearTimeout(this.timer);
    this.events.open();
  }

  private stateChanged(): void {
    switch (this.connection.connectionState) {
      case "failed":
      case "closed":
        this.end();
        break;
      case "disconnected":
        clearTimeout(this.timer);
        this.timer = window.setTimeout(() => this.end(), patience);
        break;
      case "connected":
        if (this.opened) clearTimeout(this.timer);
    }
  }

  private received(data: unknown): void {
    try {
      const message = typeof data === "string" ? decodeControl(data) : undefined;
      if (message) this.events.control(message);
    } catch (error) {
      console.warn("qwelp: the agent sent a malformed message:", (error as Error).message);
    }
  }

  private end(): void {
    if (this.over) return;
    this.drop();
    this.events.closed();
  }
}
