import { SecretValue } from "../../../signal/wire/wire.gen.js";
import { replaceStrings, unescape } from "./css.js";
import { DifferenceWriter } from "./differencewriter.js";
import { held } from "./secret.js";

/** Attributes whose words people read, or scripts. Of others, only what is nothing else counts. */
const wordy = /^(title|alt|placeholder|label|value|content|href|xlink:href|cite|(data|aria)-.*)$/;
/** Those whose words are names or code. */
const coded = /^(style|class|id|part|exportparts|slot|name|for|form|type|d|points|transform|viewBox)$/;
const ours = "data-qwelp-box";
const masking = /\{[^{}]*-webkit-text-security:(?!\s*none)[^{}]*\}/g;
/** Strings that show as one. */
const strings = /(?:(["'])(?:(?!\1)[^\\\n]|\\.){0,99}\1\s*){2,99}/g;
/** A word of CSS that is written with escapes. */
const escaped = /(?:[-\w\u0080-\uffff]|\\[\da-f]{1,6}[ \t]?|\\[^\n]){4,200}/gi;

/** CleanWriter writes frames in which nothing repeats what a secret field holds, wherever the page has it. */
export class CleanWriter extends DifferenceWriter {
  /** What was written in place of what repeats it: how often it changes tells how long it is. */
  private readonly last = new Map<string, string>();

  override page(url: string, title: string, quirks: boolean, width: number, height: number, scale: number): void {
    this.last.clear();
    super.page(held.clean(url), held.clean(title), quirks, width, height, scale);
  }

  override element(namespace: number, name: string, attributes: readonly string[]): void {
    if (held.none) return super.element(namespace, name, attributes);
    const clean: string[] = [];
    for (let i = 0; i < attributes.length; i += 2) {
      const [attributeName, value] = [attributes[i]!, attributes[i + 1]!];
      if (!says(attributeName)) clean.push(attributeName, attribute(attributeName, value));
    }
    super.element(namespace, says(name) ? "x-x" : name, clean);
  }

  override text(data: string): void {
    super.text(held.clean(data));
  }

  override setText(node: number, data: string): void {
    const clean = held.clean(data);
    if (!this.again(`${node}`, clean)) super.setText(node, clean);
  }

  override setAttribute(node: number, name: string, value: string): void {
    const clean = held.none ? value : attribute(name, value);
    if (!says(name) && !this.again(`${node} ${name}`, clean)) super.setAttribute(node, name, clean);
  }

  override removeAttribute(node: number, name: string): void {
    this.last.delete(`${node} ${name}`);
    if (!says(name)) super.removeAttribute(node, name);
  }

  override pseudo(name: string, nodes: readonly number[]): void {
    super.pseudo(held.clean(name, true), nodes);
  }

  override highlight(document: number, name: string, kind: string, priority: number, ranges: readonly number[]): void {
    super.highlight(document, held.clean(name, true), kind, priority, ranges);
  }

  override assetFailed(asset: number, reason: string): void {
    super.assetFailed(asset, held.clean(reason));
  }

  override setValue(node: number, value: string): void {
    super.setValue(node, held.clean(value));
  }

  override title(title: string): void {
    const clean = held.clean(title);
    if (!this.again("title", clean)) super.title(clean);
  }

  override location(url: string): void {
    const clean = held.clean(url);
    if (!this.again("location", clean)) super.location(clean);
  }

  override sheetText(node: number, css: string): void {
    super.sheetText(node, style(css));
  }

  override sheet(sheet: number, css: string): void {
    super.sheet(sheet, style(css));
  }

  override sheetRules(node: number, sheet: number, at: number, gone: number, pieces: readonly string[]): void {
    super.sheetRules(node, sheet, at, gone, pieces.map(style));
  }

  override animate(animation: number, node: number, pseudo: string, keyframes: readonly string[], timing: readonly string[]): void {
    super.animate(animation, node, pseudo, keyframes.map(style), timing);
  }

  private again(what: string, clean: string): boolean {
    const same = this.last.size > 0 && this.last.get(what) === clean;
    if (clean.includes(SecretValue)) this.last.set(what, clean);
    else if (this.last.size > 0) this.last.delete(what);
    return same;
  }
}

function attribute(name: string, value: string): string {
  return name === ours ? value : wordy.test(name) || (!coded.test(name) && /[^-\d\s.,%]/.test(value) && !/[({;]/.test(value)) ? held.clean(value) : style(value);
}

/** Whether a name that a page has made up, of an element or attribute, holds a secret. */
function says(name: string): boolean {
  return !held.none && /[-\d]/.test(name) && held.clean(name, true) !== name;
}

/** Code: only strings in it are words, and names that say more than a common word. Strings that their own rule masks are secret. */
function style(text: string): string {
  const css = text.includes("text-security") ? text.replace(masking, (rule) => replaceStrings(rule, () => JSON.stringify(SecretValue))) : text;
  if (held.none) return css;
  const joined = css.replace(strings, (all) => (held.has(unescape(all.replace(/(["'])\s*\1|["']\s*$|^["']/g, ""))) ? JSON.stringify(SecretValue) : all));
  const plain = held.clean(replaceStrings(joined, (string) => withoutEscapes(string, false)), true);
  return plain.includes("\\") ? plain.replace(escaped, (word) => withoutEscapes(word, true)) : plain;
}

function withoutEscapes(word: string, code: boolean): string {
  const clean = held.clean(word, code);
  if (!clean.includes("\\")) return clean;
  const meant = unescape(clean);
  return held.clean(meant, code) === meant ? clean : code ? SecretValue : JSON.stringify(SecretValue);
}
