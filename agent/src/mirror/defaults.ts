import { attribute } from "./dom.js";
import { attributeFor } from "./selectors.js";

const most = 100; // forms that are looked at
const submits = `button:not([qwelp-type="button" i], [qwelp-type="reset" i], [form]), input:is([qwelp-type="submit" i], [qwelp-type="image" i]):not([form])`;

/** Defaults marks the button of each form that is its default, of which :default asks: what stands for forms has none. */
export class Defaults {
  private readonly forms = new Set<Element>();
  private marked = new Set<Element>();
  private due = false;

  /** An element has come, gone or changed. */
  touch(element: Element): void {
    this.due ||= this.forms.size > 0 && (element.localName === "button" || element.localName === "input");
  }

  /** Elements are elsewhere now. */
  moved(): void {
    this.due ||= this.forms.size > 0;
  }

  add(form: Element): void {
    this.forms.add(form);
    this.due = true;
  }

  forget(element: Element): void {
    this.touch(element);
    this.forms.delete(element);
    this.marked.delete(element);
  }

  /** Marks them anew if they may be others. */
  settle(): void {
    if (!this.due) return;
    this.due = false;
    const now = new Set<Element>();
    for (const form of [...this.forms].slice(0, most)) {
      const button = form.querySelector(submits);
      if (button) now.add(button);
    }
    for (const button of this.marked) if (!now.has(button)) attribute(button, null, attributeFor("default"), undefined);
    for (const button of now) if (!this.marked.has(button)) attribute(button, null, attributeFor("default"), "");
    this.marked = now;
  }
}
