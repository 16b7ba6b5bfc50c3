import { SecretValue } from "../../../signal/wire/wire.gen.js";
import { DifferenceWriter } from "./differencewriter.js";
import { held } from "./secret.js";

/** Attributes whose words people read, or scripts. Of others, only what is nothing else counts. */
const wordy = /^(title|alt|placeholder|label|value|content|href|xlink:href|cite|(data|aria)-.*)$/;
const ours = "data-qwelp-box";
const quoted = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/g;

/** CleanWriter writes frames in which nothing repeats what a secret field holds, wherever the page has it. */
export class CleanWriter extends DifferenceWriter {
  /** What was written in place of what repeats it: how often it changes tells how long it is. */
  private readonly last = new Map<string, string>();

  override page(url: string, title: string, quirks: boolean, width: number, height: number, scale: number): void {
    this.last.clear();
    super.page(held.clean(url), held.clean(title), quirks, width, height, scale);
  }

  override element(namespace: number, name: string, attributes: readonly string[]): void {
    super.element(namespace, name, held.none ? attributes : attributes.map((value, i) => (i % 2 ? attribute(attributes[i - 1]!, value) : value)));
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
    if (!this.again(`${node} ${name}`, clean)) super.setAttribute(node, name, clean);
  }

  override removeAttribute(node: number, name: string): void {
    this.last.delete(`${node} ${name}`);
    super.removeAttribute(node, name);
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
  return name === ours ? value : wordy.test(name) ? held.clean(value) : style(value);
}

/** Code: only strings in it are words. */
function style(css: string): string {
  return held.none ? css : held.clean(css.replace(quoted, (string) => held.clean(string)), true);
}
