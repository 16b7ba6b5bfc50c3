import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { packet, readPacket, readRelayed, relayed } from "./packet.js";
import { MaxPacketBytes, PacketAck, PacketFrom } from "./wire.gen.js";

interface Vectors {
  packets: { kind: number; number: number; also: number; data: string; bytes: string }[];
  bad: string[];
  relayed: { member: string; link: string; box: string; bytes: string }[];
  broken: string[];
}

const vectors = JSON.parse(readFileSync(new URL("testdata/packets.json", import.meta.url), "utf8")) as Vectors;
const unhex = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "hex"));
const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");

test("packets keep to the vectors that Go checks too", () => {
  for (const { kind, number, also, data, bytes } of vectors.packets) {
    assert.equal(hex(packet(kind, number, kind === PacketAck || kind === PacketFrom ? also : unhex(data))), bytes);
    const read = readPacket(unhex(bytes));
    assert.deepEqual({ ...read, data: hex(read.data) }, { kind, number, also, data });
  }
  for (const bad of vectors.bad) assert.throws(() => readPacket(unhex(bad)), RangeError, bad);
  assert.throws(() => readPacket(new Uint8Array(MaxPacketBytes + 1)), RangeError);
});

test("relayed messages keep to the vectors that Go checks too", () => {
  for (const { member, link, box, bytes } of vectors.relayed) {
    assert.equal(hex(relayed(member, link, unhex(box))), bytes);
    const read = readRelayed(unhex(bytes));
    assert.deepEqual({ ...read, box: hex(read.box) }, { member, link, box });
  }
  for (const broken of vectors.broken) assert.throws(() => readRelayed(unhex(broken)), RangeError, broken);
});

test("what lies in a larger buffer is read as well", () => {
  const larger = unhex(`ffff${vectors.packets[6]!.bytes}`);
  assert.equal(readPacket(larger.subarray(2)).number, 9);
});
