import { MaxPacketBytes, PacketAck, PacketFrom, PacketPointer } from "./wire.gen.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** One message on a path of a link: docs/protocol.md section 2. */
export interface Packet {
  readonly kind: number;
  /** Of the frame or control message; in PacketAck and PacketFrom, of the next frame. */
  readonly number: number;
  /** In PacketAck, the number of the next control message; in PacketFrom, how often the sender has chosen a path. */
  readonly also: number;
  readonly data: Bytes;
}

/** Gives a packet's bytes. */
export function packet(kind: number, number: number, data: Uint8Array | number): Bytes {
  const also = typeof data === "number";
  const head = kind === PacketPointer ? 1 : 5;
  const all = new Uint8Array(head + (also ? 4 : data.length));
  const view = new DataView(all.buffer);
  all[0] = kind;
  if (head > 1) view.setUint32(1, number);
  if (also) view.setUint32(head, data);
  else all.set(data, head);
  return all;
}

/** Reads a packet. Throws RangeError. */
export function readPacket(all: Bytes): Packet {
  const kind = all[0] ?? 255;
  const head = kind === PacketPointer ? 1 : 5;
  const also = kind === PacketAck || kind === PacketFrom;
  if (kind > PacketFrom || all.length < head || all.length > MaxPacketBytes || (also && all.length !== 9)) throw new RangeError("malformed packet");
  const view = new DataView(all.buffer, all.byteOffset, all.length);
  return { kind, number: head > 1 ? view.getUint32(1) : 0, also: also ? view.getUint32(5) : 0, data: all.subarray(also ? 9 : head) };
}

/** Gives the binary message of the signalling WebSocket that carries a sealed packet of a link to, or from, a member. */
export function relayed(member: string, link: string, box: Uint8Array): Bytes {
  const [to, name] = [member, link].map((text) => new TextEncoder().encode(text)) as [Bytes, Bytes];
  const all = new Uint8Array(2 + to.length + name.length + box.length);
  all.set([to.length, ...to, name.length, ...name]);
  all.set(box, all.length - box.length);
  return all;
}

/** Reads a binary message of the signalling WebSocket. Throws RangeError. */
export function readRelayed(all: Bytes): { member: string; link: string; box: Bytes } {
  let at = 0;
  const text = (): string => {
    const end = at + 1 + (all[at] ?? all.length);
    if (end > all.length) throw new RangeError("malformed packet");
    const data = all.subarray(at + 1, end);
    at = end;
    return new TextDecoder().decode(data);
  };
  return { member: text(), link: text(), box: all.subarray(at) };
}
