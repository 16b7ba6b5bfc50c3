import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { rootOf } from "./hooks.js";
import { nameOf } from "./nodes.js";
import type { Tree } from "./tree.js";
import { frameDocumentOf } from "./walker.js";
import type { Part } from "./part.js";
import type { Privacy } from "./privacy.js";
import { isKnown } from "./secret.js";

/** Focus sends which element has the focus and what is selected. */
export class Focus implements Part {
  private focused = 0;
  private selected = "";
  private due = true;

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly privacy: Privacy,
  ) {}

  reset(): void {
    this.focused = 0;
    this.selected = "";
    this.due = true;
  }

  /** Another element may have the focus, or something else be selected. */
  mayChange(): void {
    this.due = true;
  }

  look(): void {
    // Asked after a mutation, the selection has the browser lay the page out: only ask when it may have changed.
    if (!this.due) return;
    this.due = false;
    const element = innermost(document, "activeElement");
    const id = element === element?.ownerDocument.body ? 0 : this.tree.id(element);
    if (id !== this.focused) this.writer.focus((this.focused = id));
    this.selection(element);
  }

  private selection(element: Element | null): void {
    const name = element?.localName;
    if (name === "input" || name === "textarea") {
      const field = element as HTMLInputElement | HTMLTextAreaElement;
      const range = rangeOf(field);
      const id = this.tree.id(field);
      // Where the caret stands tells how long a secret is.
      if (!range || !id || this.privacy.now(field) || isKnown(field)) return;
      if (this.isNew(`input ${id} ${range[0]} ${range[1]}`)) this.writer.selectInput(id, range[0], range[1]);
      return;
    }
    const s = (element?.ownerDocument ?? document).getSelection();
    const open = (node: Node | null | undefined): number => (node && !this.privacy.now(node) ? this.tree.id(node) : 0);
    const anchor = open(s?.anchorNode);
    const focus = open(s?.focusNode);
    const some = s && anchor && focus;
    const next = some ? [anchor, s.anchorOffset, focus, s.focusOffset] as const : [0, 0, 0, 0] as const;
    if (this.selected === "" && !some) return;
    if (this.isNew(next.join(" "))) this.writer.select(...next);
  }

  private isNew(selection: string): boolean {
    if (selection === this.selected) return false;
    this.selected = selection;
    return true;
  }
}

/** The element with the focus, or the one that fills the screen, also inside shadow roots and frames. */
export function innermost(root: Document | ShadowRoot, what: "activeElement" | "fullscreenElement"): Element | null {
  const element = root[what];
  const shadow = element && rootOf(element);
  if (shadow?.[what]) return innermost(shadow, what);
  const inner = element && /^i?frame$/.test(nameOf(element)) ? frameDocumentOf(element as HTMLIFrameElement) : null;
  return (inner && inner[what] !== inner.body && innermost(inner, what)) || element;
}

function rangeOf(field: HTMLInputElement | HTMLTextAreaElement): [number, number] | undefined {
  // Types like number and e-mail have no selection, and some browsers throw when asked.
  try {
    const { selectionStart, selectionEnd } = field;
    return selectionStart === null || selectionEnd === null ? undefined : [selectionStart, selectionEnd];
  } catch {
    return undefined;
  }
}
