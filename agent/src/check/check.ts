import { button, el } from "../ui/el.js";
import { observe } from "./observe.js";
import { verdicts, type Verdict } from "./verdicts.js";

const words = { good: "OK", doubt: "Look at this", bad: "Wrong" } as const;

/** The URL of the app's prefix: the files lie in a directory of it. */
const base = new URL("..", import.meta.url);

const page = el("input", { id: "page", name: "page", value: "/", autocomplete: "off", spellcheck: "false" });
const again = button("check-again", "Check again");
const state = el("p", { role: "status", class: "check-state" });
const list = el("ol", { class: "check-list" });
const form = el("form", { class: "check-form" }, el("label", { for: "page" }, "Page of the app to look at"), page, again);
document.body.append(el("main", { class: "check" }, el("h1", {}, "Deployment check"),
  el("p", {}, "What this browser finds of the way between it and the app, and what to add where something is wrong. Nothing leaves the app's own server."), form, state, list));

async function check(): Promise<void> {
  again.disabled = true;
  state.textContent = "Checking…";
  try {
    const found = verdicts(await observe(base, page.value || "/"));
    list.replaceChildren(...found.map(item));
    const wrong = found.filter(({ state: is }) => is === "bad").length;
    const open = found.filter(({ state: is }) => is === "doubt").length;
    state.textContent = wrong + open === 0 ? "Everything is as it should be." : `${wrong} wrong, ${open} to look at.`;
  } catch (error) {
    list.replaceChildren();
    state.textContent = `The check cannot run: ${error instanceof Error ? error.message : error}. Does everything below ${base.pathname} get to the app?`;
  }
  again.disabled = false;
}

function item({ name, state: is, says, cures }: Verdict): HTMLElement {
  return el("li", { class: `check-item check-${is}` }, el("h2", {}, name, " ", el("span", { class: "check-mark" }, words[is])), el("p", {}, says),
    ...cures.map(({ where, lines }) => el("figure", {}, el("figcaption", {}, where), el("pre", {}, el("code", {}, lines)))));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void check();
});
again.addEventListener("click", () => void check());
void check();
