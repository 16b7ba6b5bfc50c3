import { strings } from "../strings.js";
import { caretForDeletion, codeLength, digitsOf, groupCode } from "./code.js";
import { el, picture } from "./el.js";

const mark = "M3 5a2 2 0 0 1 2-2h11a2 2 0 0 1 2 2v2h1a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2v-2H5a2 2 0 0 1-2-2V5Zm2 0v10h1V9a2 2 0 0 1 2-2h8V5H5Zm3 4v10h11V9H8Z";

/** JoinCard asks for the support code, and for the agent's name when the server does not know it. */
export class JoinCard {
  readonly element: HTMLElement;
  private readonly code = el("input", {
    id: "code", name: "code", type: "text", inputmode: "numeric", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    placeholder: "000 000 000", "aria-describedby": "code-hint code-error", required: "",
  });
  private readonly name = el("input", { id: "name", name: "agent-name", type: "text", autocomplete: "off", maxlength: "64", "aria-describedby": "name-hint" });
  private readonly submit = el("button", { type: "submit", class: "primary wide" });
  private readonly error = el("p", { id: "code-error", class: "error", role: "alert" });
  private timer: ReturnType<typeof setInterval> | undefined;

  /** name is what the agent typed last time; known is the name that the server knows, "" if none. */
  constructor(name: string, known: string, join: (code: string, name: string) => void) {
    this.name.value = known ? "" : name;
    this.code.addEventListener("input", () => this.group());
    this.code.addEventListener("beforeinput", (event) => this.skipGap(event));
    const form = el("form", { class: "card", novalidate: "" },
      el("div", { class: "brand" }, picture("mark", 24, mark), el("h1", {}, strings.console)),
      el("div", { class: "field" },
        el("label", { for: "code" }, strings.code), this.code, el("p", { id: "code-hint", class: "hint" }, strings.codeHint), this.error),
      ...(known ? [] : [el("div", { class: "field" },
        el("label", { for: "name" }, strings.name), this.name, el("p", { id: "name-hint", class: "hint" }, strings.nameHint))]),
      this.submit,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.submit.disabled) return;
      const code = digitsOf(this.code.value);
      if (code.length === codeLength) join(code, this.name.value.trim());
      else this.ask(strings.codeWrong, 0);
    });
    this.element = el("main", { class: "centre" }, form);
  }

  /** Lets the agent type. error: what went wrong, if anything. */
  ask(error: string, retryAfter: number): void {
    this.busy("");
    this.error.textContent = error;
    this.code.setAttribute("aria-invalid", String(error !== ""));
    if (retryAfter > 1_000) this.countDown(Math.ceil(retryAfter / 1_000));
    this.code.focus();
    this.code.select();
  }

  /** Shows that the agent has to wait, or not any more when the text is empty. */
  busy(text: string): void {
    clearInterval(this.timer);
    this.code.readOnly = this.name.readOnly = this.submit.disabled = text !== "";
    this.submit.textContent = text || strings.join;
    if (text) this.error.textContent = "";
  }

  clear(): void {
    this.code.value = "";
  }

  private countDown(seconds: number): void {
    this.submit.disabled = true;
    const tick = (): void => {
      this.submit.textContent = strings.wait(seconds);
      if (seconds-- <= 0) this.busy("");
    };
    tick();
    this.timer = setInterval(tick, 1_000);
  }

  private group(): void {
    const { value, selectionStart } = this.code;
    const grouped = groupCode(value, selectionStart ?? value.length);
    this.error.textContent = "";
    this.code.removeAttribute("aria-invalid");
    if (grouped.text === value) return;
    this.code.value = grouped.text;
    this.code.setSelectionRange(grouped.caret, grouped.caret);
  }

  private skipGap({ inputType }: InputEvent): void {
    const { value, selectionStart, selectionEnd } = this.code;
    if (selectionStart === null || selectionStart !== selectionEnd || !inputType.startsWith("deleteContent")) return;
    const caret = caretForDeletion(value, selectionStart, inputType === "deleteContentForward");
    if (caret !== selectionStart) this.code.setSelectionRange(caret, caret);
  }
}
