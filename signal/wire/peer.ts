const mostLines = 64;

/**
 * Gives an SDP without the candidates that must not be tried; undefined unless it is of data channels and nothing else: what describes audio or video has no
 * business here.
 */
export function linkSDP(sdp: string, local: boolean): string | undefined {
  const media = sdp.match(/^m=.*/gm) ?? [];
  if (media.length !== 1 || !media[0]!.startsWith("m=application ") || sdp.split("\n").length > mostLines) return undefined;
  return sdp.replace(/^a=(candidate:[^\n]*)\n/gm, (line, candidate: string) => (isCandidate(candidate, local) ? line : ""));
}

/**
 * Whether a candidate (RFC 8839 section 5.1) may be tried: over UDP, at a port that no service of the system has, and an address that is neither a name, which the
 * browser would look up, nor only to be reached from the own machine or network segment. local: the page itself is of this machine, so that others here may be.
 */
export function isCandidate(candidate: string, local: boolean): boolean {
  const [, protocol, , address = "", port] = candidate.split(" ").slice(1);
  if (protocol?.toLowerCase() !== "udp" || !(Number(port) >= 1024)) return false;
  if (/^[\da-f-]{36}\.local$/i.test(address)) return true;
  if (/^127\.|^::1$/.test(address)) return local;
  if (/^\d+(\.\d+){3}$/.test(address)) return !/^(0|169\.254|22[4-9]|23\d|24\d|25\d)\./.test(address);
  return /^[\da-f]*:[\da-f:]+$/i.test(address) && !/^(fe[89ab]|ff|::$|::ffff:|64:ff9b:)/i.test(address);
}

/** Whether a page is of this machine. */
export const isLocal = (host: string): boolean => /^(localhost|127\.[\d.]+|\[::1\])$/.test(host);
