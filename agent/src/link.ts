import {
  ChannelControl, ChannelFrames, ChannelPointer, decodeControl, type Candidate, type Control, type Description, type ICEServer,
} from "../../signal/wire/wire.gen.js";
import { Chunks, unpack, type Parcel } from "./chunks.js";

/** What a link tells its owner. */
export interface LinkEvents {
  /** Sends a signalling message to the sender. */
  signal(message: Description | Candidate): void;
  /** The channels have begun to open. Said once. */
  opened(): void;
  /** The link may be interrupted, or goes on after it was. */
  interrupted(yes: boolean): void;
  /** The link is over. Said once, not after close. */
  closed(): void;
  frame(data: Uint8Array): void;
  control(message: Control): void;
  pointer(data: Uint8Array): void;
}

const attempt = 20_000; // ms that a link may take to open

/** Link is the connection to the sender: an RTCPeerConnection with its three data channels. The sender always offers. */
export class Link {
  private readonly connection: RTCPeerConnection;
  private readonly controls: RTCDataChannel;
  private readonly chunks = new Chunks();
  private readonly timer: number;
  private candidates: RTCIceCandidateInit[] | undefined = [];
  private opened = false;
  private over = false;
  private unpacking = 0; // frames that wait for one to be decompressed
  private delivered: Promise<void> = Promise.resolve();

  /** name is that of the sender's offer; member is who offered. */
  constructor(
    readonly name: string,
    private readonly member: string,
    iceServers: readonly ICEServer[],
    private readonly events: LinkEvents,
  ) {
    this.connection = new RTCPeerConnection({ iceServers: iceServers as RTCIceServer[] });
    this.controls = this.channel("control", ChannelControl, {}, (data) => this.control(data));
    const frames = this.channel("frames", ChannelFrames, {}, (data) => this.chunk(data));
    this.channel("pointer", ChannelPointer, { ordered: false, maxRetransmits: 0 }, (data) => {
      if (data instanceof ArrayBuffer) events.pointer(new Uint8Array(data));
    });
    for (const channel of [this.controls, frames]) channel.onclose = () => this.end();
    this.connection.onicecandidate = ({ candidate }) => this.events.signal({
      type: "candidate", to: member, link: name, candidate: candidate?.candidate ?? "",
      sdpMid: candidate?.sdpMid ?? "", sdpMLineIndex: candidate?.sdpMLineIndex ?? 0,
    });
    this.connection.onconnectionstatechange = () => this.stateChanged();
    this.timer = window.setTimeout(() => this.end(), attempt);
  }

  /** Answers an offer. */
  async answer(sdp: string): Promise<void> {
    try {
      await this.connection.setRemoteDescription({ type: "offer", sdp });
      const early = this.candidates ?? [];
      this.candidates = undefined;
      for (const candidate of early) this.addCandidate(candidate);
      await this.connection.setLocalDescription();
      const answer = this.connection.localDescription!.sdp;
      if (!this.over) this.events.signal({ type: "description", to: this.member, link: this.name, kind: "answer", sdp: answer });
    } catch {
      this.end();
    }
  }

  candidate({ candidate, sdpMid, sdpMLineIndex }: Candidate): void {
    if (candidate !== "") this.addCandidate({ candidate, sdpMid: sdpMid ?? "", sdpMLineIndex: sdpMLineIndex ?? 0 });
  }

  /** False: the channel is not open, and the message is lost. */
  send(message: Control): boolean {
    if (this.controls.readyState !== "open") return false;
    this.controls.send(JSON.stringify(message));
    return true;
  }

  /** Ends the link, after what was sent had a moment to leave. */
  close(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    window.setTimeout(() => this.connection.close(), this.opened ? 200 : 0);
  }

  /** Ends the link at once: the page goes. */
  drop(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.connection.close();
  }

  private channel(label: string, id: number, options: RTCDataChannelInit, take: (data: unknown) => void): RTCDataChannel {
    const channel = this.connection.createDataChannel(label, { ...options, negotiated: true, id });
    channel.binaryType = "arraybuffer";
    channel.onopen = () => this.open();
    channel.onmessage = ({ data }) => {
      // A message may be there before the event that its channel is open.
      this.open();
      if (!this.over) take(data);
    };
    return channel;
  }

  private open(): void {
    if (this.opened || this.over) return;
    this.opened = true;
    clearTimeout(this.timer);
    this.events.opened();
  }

  private addCandidate(candidate: RTCIceCandidateInit): void {
    if (this.candidates) this.candidates.push(candidate);
    // One that this browser cannot use is no reason to give up the others.
    else void this.connection.addIceCandidate(candidate).catch(() => undefined);
  }

  private stateChanged(): void {
    switch (this.connection.connectionState) {
      case "failed":
      case "closed":
        this.end();
        break;
      case "disconnected":
        this.events.interrupted(true);
        break;
      case "connected":
        this.events.interrupted(false);
    }
  }

  private control(data: unknown): void {
    try {
      const message = typeof data === "string" ? decodeControl(data) : undefined;
      if (message) this.events.control(message);
    } catch {
      // What a newer or broken sender says is not worth the link.
    }
  }

  private chunk(data: unknown): void {
    try {
      const parcel = data instanceof ArrayBuffer ? this.chunks.add(new Uint8Array(data)) : undefined;
      if (!parcel) return;
      if (!parcel.packed && this.unpacking === 0) this.events.frame(parcel.data);
      else this.later(parcel);
    } catch {
      this.end();
    }
  }

  /** Frames keep their order, also those behind one that is being decompressed. */
  private later({ data, packed }: Parcel): void {
    this.unpacking++;
    this.delivered = Promise.all([packed ? unpack(data) : data, this.delivered])
      .then(
        ([frame]) => {
          if (!this.over) this.events.frame(frame);
        },
        () => this.end(),
      )
      .finally(() => this.unpacking--);
  }

  private end(): void {
    if (this.over) return;
    this.drop();
    this.events.closed();
  }
}
