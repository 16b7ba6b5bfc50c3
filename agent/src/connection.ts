import { isCandidate, isLocal, linkSDP } from "../../signal/wire/peer.js";
import {
  ChannelControl, ChannelFrames, ChannelPointer, PacketPointer, type Candidate, type Description,
} from "../../signal/wire/wire.gen.js";
import type { Path } from "./incoming.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** What a connection tells its link. */
export interface ConnectionEvents {
  /** Sends a signalling message to the sender. */
  signal(message: Description | Candidate): void;
  /** A message of the sender's; empty when it is none that a sender sends. */
  packet(data: Bytes): void;
  /** The sender does what none does that keeps to the protocol. */
  foreign(): void;
  /** What it is good for may have changed. */
  changed(): void;
}

const mostCandidates = 64; // that wait for a description
const linger = 200; // ms for what was sent to leave

/** Connection is a peer connection to the sender with its three data channels. The sender always offers. docs/protocol.md section 2.4. */
export class Connection implements Path {
  private readonly connection: RTCPeerConnection;
  private readonly controls: RTCDataChannel;
  private readonly frames: RTCDataChannel;
  private readonly pointers: RTCDataChannel;
  private early: RTCIceCandidateInit[] = [];
  private described: Promise<void> = Promise.resolve();
  private over = false;

  /** name is that of the sender's offers; member is who offers. */
  constructor(
    readonly name: string,
    private readonly member: string,
    private readonly configuration: () => RTCConfiguration,
    private readonly events: ConnectionEvents,
  ) {
    this.connection = new RTCPeerConnection(configuration());
    this.controls = this.channel("control", ChannelControl, {});
    this.frames = this.channel("frames", ChannelFrames, {});
    this.pointers = this.channel("pointer", ChannelPointer, { ordered: false, maxRetransmits: 0 });
    this.connection.onicecandidate = ({ candidate }) => this.signal({
      type: "candidate", to: member, link: name, candidate: candidate?.candidate ?? "",
      sdpMid: candidate?.sdpMid ?? "", sdpMLineIndex: candidate?.sdpMLineIndex ?? 0,
    });
    this.connection.ondatachannel = () => this.over || events.foreign();
    this.connection.onconnectionstatechange = () => this.changed();
  }

  /** Whether its channels are there, though nothing may get through at the moment. */
  get open(): boolean {
    const { connectionState } = this.connection;
    return !this.over && connectionState !== "failed" && connectionState !== "closed" && this.controls.readyState === "open" && this.frames.readyState === "open";
  }

  /** Whether packets get through, as far as the browser knows. */
  get usable(): boolean {
    return this.open && this.connection.connectionState === "connected";
  }

  /** Whether packets make a detour over a TURN server, as far as the browser tells. */
  get detour(): boolean {
    const pair = this.connection.sctp?.transport?.iceTransport?.getSelectedCandidatePair?.();
    return [pair?.local, pair?.remote].some((candidate) => candidate?.type === "relay");
  }

  send(packet: Bytes): void {
    const channel = packet[0] === PacketPointer ? this.pointers : this.controls;
    // A move that waits is late, and the next makes it void.
    if (channel.readyState !== "open" || (channel === this.pointers && channel.bufferedAmount > 0)) return;
    try {
      channel.send(packet);
    } catch {
      // The browser's buffer is full: the sender does not read.
    }
  }

  /** Answers an offer: the first, or one that looks for a way anew. */
  answer(sdp: string): void {
    this.described = this.described.then(async () => {
      const offer = linkSDP(sdp, isLocal(location.hostname));
      if (this.over || !offer) return;
      // Only a connection that looks for a way anew may have older servers. Firefox before 119 cannot be given others.
      if (this.connection.remoteDescription) this.connection.setConfiguration?.(this.configuration());
      await this.connection.setRemoteDescription({ type: "offer", sdp: offer });
      for (const candidate of this.early.splice(0)) this.add(candidate);
      await this.connection.setLocalDescription();
      this.signal({ type: "description", to: this.member, link: this.name, kind: "answer", sdp: this.connection.localDescription!.sdp });
    }).catch(() => undefined); // a sender that gets no answer offers anew
  }

  candidate({ candidate, sdpMid, sdpMLineIndex }: Candidate): void {
    if (!isCandidate(candidate, isLocal(location.hostname))) return;
    const init = { candidate, sdpMid: sdpMid ?? "", sdpMLineIndex: sdpMLineIndex ?? 0 };
    if (this.connection.remoteDescription) this.add(init);
    else this.keep(init);
  }

  /** Ends it, after what was sent had a moment to leave. */
  close(): void {
    if (this.over) return;
    const { open } = this;
    this.over = true;
    setTimeout(() => this.connection.close(), open ? linger : 0);
  }

  /** Ends it at once: the page goes. */
  drop(): void {
    this.over = true;
    this.connection.close();
  }

  private channel(label: string, id: number, options: RTCDataChannelInit): RTCDataChannel {
    const channel = this.connection.createDataChannel(label, { ...options, negotiated: true, id });
    channel.binaryType = "arraybuffer";
    channel.onopen = channel.onclose = () => this.changed();
    channel.onmessage = ({ data }) => {
      if (!this.over) this.events.packet(data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array());
    };
    return channel;
  }

  private signal(message: Description | Candidate): void {
    if (!this.over) this.events.signal(message);
  }

  private changed(): void {
    if (!this.over) this.events.changed();
  }

  private keep(candidate: RTCIceCandidateInit): void {
    if (this.early.length < mostCandidates) this.early.push(candidate);
  }

  private add(candidate: RTCIceCandidateInit): void {
    // One that does not fit may have overtaken the offer it belongs to; and one that this browser cannot use is no reason to give up the others.
    void this.connection.addIceCandidate(candidate).catch(() => this.keep(candidate));
  }
}
