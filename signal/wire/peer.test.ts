import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isCandidate, isLocal, linkSDP } from "./peer.js";

// Go reads the same addresses.
const addresses = JSON.parse(readFileSync(new URL("testdata/candidates.json", import.meta.url), "utf8")) as Record<"good" | "local" | "bad", string[]>;

const sdp = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n";

test("an SDP of data channels alone is a link's", () => {
  assert.equal(linkSDP(sdp, false), sdp);
  for (const [why, bad] of [
    ["none", "v=0\r\n"], ["audio", sdp.replace("m=application", "m=audio")], ["audio besides", `${sdp}m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n`],
    ["two", sdp + sdp], ["two, one behind a return", `a=x\rm=audio 9\r\n${sdp}`], ["too long", sdp + "a=x\r\n".repeat(64)],
  ]) assert.equal(linkSDP(bad!, true), undefined, why);
});

const candidate = (address: string, protocol = "udp", port = 50_000): string => `candidate:1 1 ${protocol} 2122260223 ${address} ${port} typ host generation 0`;

test("candidates lead to addresses of the network only", () => {
  for (const address of [...addresses.good, "3f1c2b7e-1234-4bcd-8e9f-001122334455.local"]) {
    assert.ok(isCandidate(candidate(address), false), address);
    assert.ok(isCandidate(candidate(address, "UDP"), false), address);
  }
  for (const address of addresses.bad) assert.ok(!isCandidate(candidate(address), true), address);
  for (const [protocol, port] of [["tcp", 50_000], ["ssltcp", 50_000], ["udp", 53], ["udp", Number.NaN]] as const) assert.ok(!isCandidate(candidate("10.0.0.1", protocol, port), true));
  for (const bad of [
    "", "candidate:", "a b c d e f", candidate("10.0.0.1", "udp", 65_536), candidate("10.0.0.1 "), candidate("10.0.0.1", "udp\t"), candidate("10.0.0.1").replace("50000", "1e4"),
    candidate("10.0.0.1").replace("50000", "050000"), `${candidate("10.0.0.1")}\r\na=${candidate("127.0.0.1")}`, ` ${candidate("10.0.0.1")}`,
  ]) assert.ok(!isCandidate(bad, true), bad);
});

test("an SDP loses the candidates that must not be tried", () => {
  const [good, bad] = [candidate("10.0.0.1"), candidate("169.254.169.254")].map((text) => `a=${text}\r\n`);
  const end = (text = ""): string => text.replace(/\r\n$/, "");
  for (const hidden of [bad!, end(bad), bad!.replace("\r", ""), bad!.replace("\n", ""), ` ${bad}`, bad!.replace("=", "= "), bad!.replace("a=candidate", "A=CANDIDATE")]) {
    assert.equal(end(linkSDP(sdp + bad! + good! + hidden, true)), end(sdp + good!), hidden);
  }
  assert.equal(linkSDP(`a=x\r${bad}${sdp}`, true), `a=x\r\n${sdp}`);
});

test("this machine is reached from pages of this machine", () => {
  for (const address of addresses.local) assert.deepEqual([isCandidate(candidate(address), true), isCandidate(candidate(address), false)], [true, false]);
  for (const host of ["localhost", "127.0.0.1", "[::1]"]) assert.ok(isLocal(host));
  for (const host of ["shop.example", "127.0.0.1.example", "localhost.example"]) assert.ok(!isLocal(host));
});
