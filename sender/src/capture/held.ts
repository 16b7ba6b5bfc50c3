import { SecretValue } from "../../../signal/wire/wire.gen.js";

/** What a secret field held one after the other, each the beginning of the next: what was typed. */
interface Typed {
  value: string;
  /** The length of the shortest of them that counts. */
  least: number;
  /** The number of a card, which is written with blanks or without. */
  readonly number: boolean;
  start: RegExp;
}

const shortest = 4; // characters; what is shorter is in every other text
const weak = 8; // letters or digits alone, and fewer: also a common word or number
const most = 500; // that are kept
const gap = /[\s.-]/; // of numbers
/** Letters that stand apart, each from the next. */
const apart = /(?<!\S)(?:[^\s.,·|/_-][\s.,·|/_-]{1,3}){3,}[^\s.,·|/_-](?!\S)/g;
const separators = /[\s.,·|/_-]/g;
const unseen = /[\u00ad\u200b-\u200d\u2060\ufeff]/; // of all else

/** Held knows what the secret fields of a page hold and held, and finds it in other texts. It keeps it in memory only. */
export class Held {
  private readonly typed: Typed[] = [];

  /** Whether there is nothing to find. */
  get none(): boolean {
    return this.typed.length === 0;
  }

  /** Takes note of what a secret field holds. */
  add(text: string): void {
    const trimmed = text.trim().normalize("NFKC");
    if (trimmed.length < shortest) return;
    const encoded = escaped(trimmed);
    if (encoded !== trimmed) this.keep(encoded, false);
    const digits = trimmed.replace(/[\s.-]/g, "");
    const number = /^\d{8,}$/.test(digits);
    this.keep(number ? digits : trimmed, number);
  }

  private keep(value: string, number: boolean): void {
    for (const known of this.typed) {
      if (known.number !== number) continue;
      if (known.value.startsWith(value)) {
        if (value.length >= known.least) return;
        known.least = value.length;
        known.start = startOf(value, number);
        return;
      }
      if (value.startsWith(known.value)) {
        known.value = value;
        return;
      }
    }
    if (this.typed.push({ value, least: value.length, number, start: startOf(value, number) }) > most) this.typed.shift();
  }

  /**
   * A text without what secret fields hold: dots stand for it, whatever its length. What may also be a common word or number counts where it
   * stands by itself, and not at all in code, which it would break.
   */
  clean(text: string, code = false): string {
    if (this.none) return text;
    if (!code) text = text.replace(apart, (all) => (this.has(all.replace(separators, "")) ? SecretValue : all));
    // The same letters may be written otherwise: with accents apart, or as wide as Chinese ones.
    const plain = code ? text : text.normalize("NFKC");
    const clean = this.without(plain, code);
    return clean === plain ? text : clean;
  }

  private without(text: string, code: boolean): string {
    for (const typed of this.typed) {
      let clean = "";
      let from = 0;
      for (let run = find(text, typed, 0, code); run; run = find(text, typed, run[1], code)) {
        clean += text.slice(from, run[0]) + SecretValue;
        from = run[1];
      }
      if (from) text = clean + text.slice(from);
    }
    return text;
  }

  /** Whether what a secret field holds has a text in it. */
  contains(text: string): boolean {
    return this.typed.some(({ value }) => value.toLowerCase().includes(text.toLowerCase()));
  }

  /** Whether a text holds what a secret field holds, and what is between from and to is a part of that. */
  has(text: string, from = text.length, to = 0): boolean {
    return this.typed.some((typed) => {
      let run = find(text, typed, 0, false);
      while (run && run[1] < to) run = find(text, typed, run[1], false);
      return !!run && run[0] <= from;
    });
  }
}

function escaped(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text; // Half of a surrogate pair.
  }
}

function startOf(value: string, number: boolean): RegExp {
  const parts = Array.from(value, (char) => (/\s/.test(char) ? "\\s" : char.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&")));
  return new RegExp(parts.join(`${(number ? gap : unseen).source}?`), "gi");
}

/** Where in a text, from an index on, what was typed stands, as much of it as does. */
function find(text: string, { value, least, number, start }: Typed, from: number, code: boolean): [number, number] | undefined {
  start.lastIndex = from;
  for (let match = start.exec(text); match; match = start.exec(text)) {
    let end = match.index + match[0].length;
    for (let next = least, at = end; next < value.length; next++, end = ++at) {
      if (!alike(text[at], value[next]!) && (number ? gap : unseen).test(text[at] ?? "")) at++;
      if (!alike(text[at], value[next]!)) break;
    }
    if (!isWeak(text.slice(match.index, end)) || (!code && alone(text, match.index, end))) return [match.index, end];
    start.lastIndex = match.index + 1;
  }
  return undefined;
}

/** Whether two characters are the same but for case, or both blank. */
function alike(one = "", other: string): boolean {
  return one.toLowerCase() === other.toLowerCase() || (/\s/.test(one) && /\s/.test(other));
}

function isWeak(text: string): boolean {
  return text.length < weak && (/^\p{L}+$/u.test(text) || /^\d+$/.test(text));
}

/** Whether no more letters follow on letters, nor digits on digits. */
function alone(text: string, start: number, end: number): boolean {
  const same = /\d/.test(text[start]!) ? /\d/ : /\p{L}/u;
  return !same.test(text[start - 1] ?? "") && !same.test(text[end] ?? "");
}
