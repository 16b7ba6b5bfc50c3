const octet = /^(?:0|[1-9]\d{0,2})$/;
const group = /^[\da-f]{1,4}$/i;

/**
 * Reads an IP address as Go's net/netip does, without zones: four decimal numbers without leading zeros, or RFC 4291 section 2.2. Returns its 16-bit words, two or
 * eight; undefined for any other text, among it the spellings that only some readers take (`0177.1`, `0x7f.1`, `127.1`).
 */
export function parseAddress(text: string): readonly number[] | undefined {
  if (!text.includes(":")) return dotted(text);
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [before, after] = halves.map((half, i) => groups(half, i === halves.length - 1));
  if (!before || (halves.length > 1 && !after)) return undefined;
  const missing = 8 - before.length - (after?.length ?? 0);
  if (after ? missing < 1 : missing !== 0) return undefined;
  return after ? [...before, ...Array<number>(missing).fill(0), ...after] : before;
}

/** Reads the groups of one side of "::"; the last of an address may be written as IPv4. */
function groups(text: string, last: boolean): readonly number[] | undefined {
  if (text === "") return [];
  const words: number[] = [];
  const all = text.split(":");
  for (const [i, one] of all.entries()) {
    const four = last && i === all.length - 1 ? dotted(one) : undefined;
    if (four) words.push(...four);
    else if (group.test(one)) words.push(parseInt(one, 16));
    else return undefined;
  }
  return words;
}

function dotted(text: string): readonly number[] | undefined {
  const octets = text.split(".");
  if (octets.length !== 4 || !octets.every((one) => octet.test(one) && Number(one) < 256)) return undefined;
  const [a, b, c, d] = octets.map(Number) as [number, number, number, number];
  return [a << 8 | b, c << 8 | d];
}

/** Where an address leads: to the network, to this machine, or to neither, such as a segment, a group, or an IPv4 address written as IPv6. */
export type Reach = "network" | "machine" | "none";

/** Returns where an address leads. Private networks are networks: two ends may be in one. Of IPv6 only what is listed here passes. */
export function reachOf(words: readonly number[]): Reach {
  const [first = 0, second = 0] = words;
  if (words.length === 2) {
    const a = first >> 8;
    if (a === 127) return "machine";
    return a === 0 || a >= 224 || first === 0xa9fe ? "none" : "network";
  }
  if (words.every((word, i) => word === (i === 7 ? 1 : 0))) return "machine";
  const unique = (first & 0xfe00) === 0xfc00; // RFC 4193
  const global = (first & 0xe000) === 0x2000 && first !== 0x2002 && !(first === 0x2001 && second < 0x200); // neither 6to4 nor protocol assignments, such as Teredo
  return unique || global ? "network" : "none";
}
