import { SecretValue } from "../../../signal/wire/wire.gen.js";
import { unescape } from "./css.js";

/** What stands for a text that is redacted, whatever its length. White space stays white space. */
export function redactedText(text: string): string {
  return /\S/.test(text) ? SecretValue : text && " ";
}

const string = String.raw`"[^"\\]*(?:\\[^][^"\\]*)*"|'[^'\\]*(?:\\[^][^'\\]*)*'`;
const declared = new RegExp(String.raw`((?:^|[{;\s])(?:content|quotes|list-style(?:-type)?|--[^\s:;{}]*)\s*:)((?:${string}|[^;{}"']+)*)`, "gi");
const strings = new RegExp(string, "g");

/** CSS text without comments, and without the words it puts into the page; symbols and icons, which are no letters, stay. */
export function wordless(css: string): string {
  return css.replace(/\/\*[^]*?\*\//g, " ").replace(declared, (_, name: string, value: string) =>
    name + value.replace(strings, (quoted) => (/[\p{L}\p{N}]/u.test(unescape(quoted)) ? `"${SecretValue}"` : quoted)));
}
