import { strings } from "../strings.js";
import { button, el } from "./el.js";

/** Returns a text as code, and a button that copies it. */
export function copyable(text: string): HTMLElement[] {
  const code = el("code", {}, text);
  const copy = button("link", strings.copy);
  copy.setAttribute("aria-label", strings.copyID);
  const said = el("span", { class: "hint", role: "status" });
  copy.addEventListener("click", () => {
    void copied(text, code).then((done) => {
      said.textContent = done ? strings.copied : strings.selected;
    });
  });
  return [code, copy, said];
}

/** Copies a text; where the browser lets nobody do so, selects it. */
async function copied(text: string, shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}
