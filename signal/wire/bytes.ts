import { FrameVersion, MaxInterned, MaxInternedChars, MaxListItems } from "./wire.gen.js";

/** FrameError says that a frame was malformed. */
export class FrameError extends Error {}

const slots = 1 << 14; // strings found again at a time; one may take another's place

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** ByteWriter encodes the fields of frame operations into one growing buffer; frame.go states the encoding. */
export class ByteWriter {
  private buffer = new Uint8Array(16 << 10);
  private end = 0;
  private count = 0;
  private texts: (string | undefined)[] = [];
  private numbers: number[] = [];

  /** Bytes written since begin. */
  get length(): number {
    return this.end;
  }

  /** Starts a frame. */
  begin(seq: number): void {
    this.end = 0;
    this.byte(FrameVersion);
    this.uint(seq);
  }

  /** The bytes written since begin, as a copy. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.buffer.slice(0, this.end);
    this.end = 0;
    return bytes;
  }

  resetStrings(): void {
    this.count = 0;
    this.texts = new Array<undefined>(slots).fill(undefined);
    this.numbers = new Array<number>(slots).fill(0);
  }

  op(code: number): void {
    this.byte(code);
  }

  byte(value: number): void {
    this.room(1);
    this.buffer[this.end++] = value;
  }

  uint(value: number): void {
    this.room(5);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.buffer[this.end++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.end++] = rest;
  }

  int(value: number): void {
    this.uint((value << 1) ^ (value >> 31));
  }

  bool(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  string(text: string): void {
    const { length } = text;
    if (length > MaxInternedChars) {
      this.byte(0);
      this.literal(text);
      return;
    }
    // Most strings are short and ASCII, for which a loop is several times faster than TextEncoder, and finds a slot on the way.
    this.room(length + 2);
    const { buffer } = this;
    let at = this.end + 2;
    let hash = length;
    let bits = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      hash = Math.imul(hash ^ code, 0x01000193);
      bits |= code;
      buffer[at++] = code;
    }
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    if (this.texts[slot] === text) {
      this.uint(this.numbers[slot]! + 2);
      return;
    }
    // A lone surrogate would be another string on the far side, which then remembered something else.
    const remember = this.count < MaxInterned && (bits < 0x80 || !/[\ud800-\udfff]/u.test(text));
    if (remember) {
      this.texts[slot] = text;
      this.numbers[slot] = this.count++;
    }
    if (bits < 0x80) {
      buffer[this.end] = remember ? 1 : 0;
      buffer[this.end + 1] = length;
      this.end = at;
    } else {
      this.byte(remember ? 1 : 0);
      this.literal(text);
    }
  }

  strings(texts: readonly string[]): void {
    this.uint(texts.length);
    for (const text of texts) this.string(text);
  }

  uints(values: readonly number[]): void {
    this.uint(values.length);
    for (const value of values) this.uint(value);
  }

  bytes(data: Uint8Array): void {
    this.uint(data.length);
    this.room(data.length);
    this.buffer.set(data, this.end);
    this.end += data.length;
  }

  private literal(text: string): void {
    const data = encoder.encode(text);
    this.uint(data.length);
    this.room(data.length);
    this.buffer.set(data, this.end);
    this.end += data.length;
  }

  private room(size: number): void {
    if (this.end + size <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.end + size));
    larger.set(this.buffer.subarray(0, this.end));
    this.buffer = larger;
  }
}

/** Most strings are short and ASCII, for which a loop is several times faster than TextDecoder. */
function textOf(data: Uint8Array): string {
  if (data.length <= 32) {
    let i = 0;
    while (i < data.length && data[i]! < 0x80) i++;
    if (i === data.length) return String.fromCharCode.apply(null, data as unknown as number[]);
  }
  try {
    return decoder.decode(data);
  } catch {
    throw new FrameError("a string is not UTF-8");
  }
}

/** ByteReader decodes what ByteWriter wrote. Every method throws FrameError on bytes that no writer makes. */
export class ByteReader {
  private at = 0;

  constructor(
    private readonly data: Uint8Array,
    private readonly known: string[] = [],
  ) {}

  /** Reads the frame's header and returns its sequence number. */
  header(): number {
    const version = this.byte();
    if (version !== FrameVersion) throw new FrameError(`version ${version}, want ${FrameVersion}`);
    return this.uint();
  }

  more(): boolean {
    return this.at < this.data.length;
  }

  resetStrings(): void {
    this.known.length = 0;
  }

  byte(): number {
    const value = this.data[this.at++];
    if (value === undefined) throw new FrameError("it ends too early");
    return value;
  }

  uint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw new FrameError("a number is too large");
  }

  int(): number {
    const value = this.uint();
    return (value >>> 1) ^ -(value & 1);
  }

  bool(): boolean {
    const value = this.byte();
    if (value > 1) throw new FrameError(`a boolean is ${value}`);
    return value === 1;
  }

  string(): string {
    const tag = this.uint();
    if (tag >= 2) {
      const text = this.known[tag - 2];
      if (text === undefined) throw new FrameError(`string ${tag - 2} is not known`);
      return text;
    }
    const text = textOf(this.slice());
    if (tag === 1) {
      if (this.known.length >= MaxInterned || text.length > MaxInternedChars) throw new FrameError("a string must not be remembered");
      this.known.push(text);
    }
    return text;
  }

  strings(): string[] {
    return this.list(() => this.string());
  }

  uints(): number[] {
    return this.list(() => this.uint());
  }

  bytes(): Uint8Array {
    return this.slice().slice();
  }

  private slice(): Uint8Array {
    const length = this.uint();
    if (length > this.data.length - this.at) throw new FrameError(`a length of ${length} passes its end`);
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }

  private list<T>(item: () => T): T[] {
    const length = this.uint();
    if (length > this.data.length - this.at || length > MaxListItems) throw new FrameError(`a list of ${length} passes its end or the limit`);
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(item());
    return items;
  }
}
