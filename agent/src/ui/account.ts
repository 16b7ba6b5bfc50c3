import { historyURL, signOut, type Offers } from "../server.js";
import { strings } from "../strings.js";
import { line } from "./line.js";
import { button, el } from "./el.js";

const longestName = 64; // characters

/** Account says below the card who the agent is, signs out, and leads to the history. */
export class Account {
  readonly element: HTMLElement;

  constructor({ agent, signOut: can }: Offers) {
    const failed = el("p", { class: "error", role: "alert" });
    const out = button("link", strings.signOut);
    out.addEventListener("click", () => {
      out.disabled = true;
      failed.textContent = "";
      void signOut().then((done) => {
        out.disabled = done;
        if (!done) failed.textContent = strings.notSignedOut;
      });
    });
    const who = agent ? el("span", {}, strings.signedInAs, el("bdi", {}, line(agent, longestName))) : strings.signedIn;
    this.element = el("footer", { class: "account" },
      el("p", {}, ...(agent || can ? [who] : []), ...(can ? [out] : []), el("a", { href: historyURL().href }, strings.history)),
      failed,
    );
  }
}
