import { parseAddress, reachOf } from "./address.js";

const mostLines = 64;

/**
 * Returns an SDP without the candidates that must not be tried; undefined unless it is of data channels and nothing else: what describes audio or video has no
 * business here.
 */
export function linkSDP(sdp: string, local: boolean): string | undefined {
  // Readers differ in what ends a line, and whether the last one needs an end.
  const lines = sdp.split(/\r\n?|\n/);
  const media = lines.filter((line) => /^\s*m\s*=/.test(line));
  if (media.length !== 1 || !media[0]!.startsWith("m=application ") || lines.length > mostLines) return undefined;
  return lines.filter((line) => !/^\s*a\s*=\s*candidate/i.test(line) || isCandidate(line.slice(2), local)).join("\r\n");
}

const shape = /^candidate:\S+ \d+ udp \d+ (\S+) (\d{4,5}) typ [ -~]+$/i;

/**
 * Whether a candidate (RFC 8839 section 5.1) may be tried: over UDP, at a port that no service of the system has, and an address that is neither a name, which the
 * browser would look up, nor only to be reached from the own machine or network segment. local: the page itself is of this machine, so that others here may be.
 */
export function isCandidate(candidate: string, local: boolean): boolean {
  const [, address = "", port = ""] = shape.exec(candidate) ?? [];
  if (!(Number(port) >= 1024 && Number(port) < 65536)) return false;
  // What browsers write in place of their private addresses (draft-ietf-mmusic-mdns-ice-candidates).
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.local$/i.test(address)) return true;
  const words = parseAddress(address);
  const reach = words && reachOf(words);
  return reach === "network" || (reach === "machine" && local);
}

/** Whether a page is of this machine. */
export const isLocal = (host: string): boolean => /^(localhost|127\.[\d.]+|\[::1\])$/.test(host);
