import { loadAgain } from "../load.js";
import { tongue } from "../page/tongue.js";
import { nameOf } from "./names.js";
import { en, type PointingWords } from "./words.js";

const pause = 3_000; // ms between what screen readers say
const longestName = 28; // characters

/** Announcer has the words of pointing, in the language of the page, and has screen readers say them. announcer.js is this class's module, loaded with pointing.js. */
export class Announcer {
  private readonly status = document.createElement("div");
  private words: PointingWords = en;
  private said = "";
  private saidAt = -pause;
  private timer = 0;

  constructor(root: ShadowRoot) {
    this.status.setAttribute("role", "status");
    this.status.style.cssText = "position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;pointer-events:none";
    root.insertBefore(this.status, root.firstChild);
    const tag = tongue();
    if (tag !== "en") void loadAgain("languages.js").then((part) => {
      const { languages, pointing } = part as typeof import("../languages.js");
      this.words = { ...pointing[tag], agent: languages[tag].agent };
    }, () => undefined);
  }

  /** Returns a name as it stands in a text, whatever is written in it. */
  who(name = ""): string {
    const characters = Array.from(name.trim());
    if (characters.length === 0) return this.words.agent;
    return `\u2068${characters.length > longestName ? `${characters.slice(0, longestName - 1).join("")}…` : characters.join("")}\u2069`;
  }

  /** Returns what stands beside an element that an agent asks the customer to press. */
  ask(who: string): string {
    return this.words.press(who);
  }

  /** Says what an agent points at, or asks for, after some milliseconds; the same not twice, and not one on top of the other. No private element is named. */
  say(element: Element, isPrivate: () => boolean, who: string, asks: boolean, after: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (!element.isConnected) return;
      const name = isPrivate() ? "" : nameOf(element);
      const text = asks ? `${this.words.press(who)}${name && `: ${name}`}` : this.words.points(who, name);
      if (text === this.said) return;
      this.said = this.status.textContent = text;
      this.saidAt = performance.now();
    }, Math.max(after, this.saidAt + pause - performance.now()));
  }
}
