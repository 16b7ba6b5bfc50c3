import { loadKeys, PrivateKeyError, publicHalf, readPrivateKey, removeKey, saveKey } from "../keys.js";
import type { PrivateKey } from "../../../signal/wire/place.js";
import { strings } from "../strings.js";
import { button, el } from "./el.js";

/** KeyCard takes in the company's private keys, shows which are there, and removes them. */
export class KeyCard {
  readonly element: HTMLDetailsElement;
  private readonly list = el("ul", { class: "keys", "aria-label": strings.keys });
  private readonly text = el("textarea", { id: "private-key", rows: "3", autocomplete: "off", spellcheck: "false", "aria-describedby": "key-hint key-error" });
  private readonly file = el("input", { type: "file", accept: ".pem,.key,.p8,.txt", "aria-label": strings.keyFile });
  private readonly said = el("p", { id: "key-error", class: "error", role: "status" });

  constructor() {
    const add = button("", strings.keyImport);
    add.addEventListener("click", () => void this.add(this.text.value));
    this.file.addEventListener("change", () => void this.file.files?.[0]?.text().then((text) => this.add(text)));
    this.element = el("details", { class: "card keycard" },
      el("summary", {}, strings.keys),
      el("p", { id: "key-hint", class: "hint" }, strings.keysHint),
      this.list,
      el("div", { class: "field" }, el("label", { for: "private-key" }, strings.keyPaste), this.text),
      this.file, add, this.said,
    );
    this.element.addEventListener("toggle", () => void this.show());
  }

  private async add(text: string): Promise<void> {
    try {
      await saveKey(await readPrivateKey(text));
      this.said.textContent = "";
    } catch (error) {
      this.said.textContent = error instanceof PrivateKeyError ? error.message : strings.keyNotKept;
    }
    // The text is a secret that has served.
    this.text.value = this.file.value = "";
    await this.show();
  }

  private async show(): Promise<void> {
    try {
      this.list.replaceChildren(...(await loadKeys()).map((key) => this.row(key)));
    } catch {
      this.said.textContent = strings.keyNotKept;
    }
  }

  private row(key: PrivateKey): HTMLElement {
    const remove = button("", strings.keyRemove);
    remove.setAttribute("aria-label", `${strings.keyRemove} ${key.fingerprint}`);
    remove.addEventListener("click", () => void removeKey(key.fingerprint).then(() => this.show()));
    return el("li", {}, el("code", { title: publicHalf(key) }, key.fingerprint), remove);
  }
}
