// The account page: a loyalty card with a shadow root of its own, and a note that is saved when the customer leaves it.

const cardStyle = new CSSStyleSheet();
cardStyle.replaceSync(`
  :host { display: block; }
  .card {
    display: grid; gap: 1.6rem; padding: 1.4rem 1.5rem; border-radius: 16px; color: #f4f8f6;
    background: radial-gradient(120% 140% at 100% 0%, #3d8a6d, #1f5f4a 45%, #123b2f);
    box-shadow: 0 14px 34px -16px rgb(12 46 35 / .7);
  }
  .row { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
  .points { font-size: 2rem; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
  .soft { opacity: .82; font-size: .9rem; }
  .member { font: 1rem ui-monospace, "SF Mono", Menlo, Consolas, monospace; letter-spacing: .08em; }
  button {
    font: inherit; font-size: .85rem; color: inherit; background: rgb(255 255 255 / .14); cursor: pointer;
    border: 1px solid rgb(255 255 255 / .35); border-radius: 999px; padding: .35rem .8rem; min-block-size: 2rem;
  }
  button:hover { background: rgb(255 255 255 / .24); }
  button:focus-visible { outline: 2px solid #fff; outline-offset: 2px; }
`);

customElements.define("loyalty-card", class extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [cardStyle];
    root.innerHTML = `
      <section class="card" aria-label="Loyalty card">
        <div class="row"><span>Larch &amp; Linen</span><span class="soft">Friend of the house</span></div>
        <div><div class="points"></div><div class="soft">points, worth one cent each</div></div>
        <div class="row"><span class="member"></span><button type="button">Show number</button></div>
      </section>`;
    const hidden = "LL •••• ••••";
    const member = root.querySelector(".member");
    const button = root.querySelector("button");
    root.querySelector(".points").textContent = this.getAttribute("points");
    member.textContent = hidden;
    button.addEventListener("click", () => {
      const shown = member.textContent !== hidden;
      member.textContent = shown ? hidden : this.getAttribute("member");
      button.textContent = shown ? "Show number" : "Hide number";
    });
  }
});

const noteStyle = new CSSStyleSheet();
noteStyle.replaceSync(`
  .note { background-image: linear-gradient(transparent calc(1.75rem - 1px), var(--line) calc(1.75rem - 1px)); background-size: 100% 1.75rem; }
  .note[data-saved] { border-color: var(--brand); }
`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, noteStyle];

const note = document.getElementById("note");
const state = document.getElementById("note-state");
let kept = note.innerText;

note.addEventListener("input", () => {
  delete note.dataset.saved;
  state.textContent = "Not saved yet.";
});
note.addEventListener("blur", async () => {
  const text = note.innerText.trim();
  if (text === kept) return;
  try {
    const answer = await fetch("/account/note", { method: "POST", body: new URLSearchParams({ note: text }) });
    if (!answer.ok) throw new Error(await answer.text());
    kept = text;
    note.dataset.saved = "";
    state.textContent = "Saved.";
  } catch (error) {
    state.textContent = `Not saved: ${error.message}`;
  }
});
