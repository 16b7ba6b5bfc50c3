import { TopLayerModal, TopLayerNone, TopLayerPopover } from "../../../signal/wire/wire.gen.js";
import { attribute, documentOf, hasAttribute, matches, scrollLeftOf, scrollTo, scrollTopOf } from "./dom.js";
import { attributeFor } from "./selectors.js";
import type { Entry } from "./tree.js";

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * State holds what a page shows beyond its nodes: what fields hold, what is scrolled, open, focused and selected. Much of it needs a
 * layout, so all of it waits until settle is called on a page that is shown.
 */
export class State {
  private readonly pending: (() => void)[] = [];
  private readonly scrolls = new Map<Entry, Point>();
  private readonly unscrolled = new Set<Entry>();
  private readonly layers = new Map<Entry, number>();
  private focused: Entry | undefined;
  private focusDue = false;
  private reallyFocused: Element | undefined;
  private selectedIn: Selection | null = null;

  /** ringed tells whether the customer sees by a ring that an element has the focus. */
  constructor(private readonly ringed: (entry: Entry) => boolean) {}

  value(entry: Entry, value: string): void {
    this.later(entry, (element) => {
      (element as HTMLInputElement).value = value;
    });
  }

  checked(entry: Entry, checked: boolean, indeterminate: boolean): void {
    this.later(entry, (element) => {
      (element as HTMLInputElement).checked = checked;
      (element as HTMLInputElement).indeterminate = indeterminate;
    });
  }

  selected(entry: Entry, options: readonly number[]): void {
    const chosen = new Set(options);
    this.later(entry, (element) => {
      const select = element as HTMLSelectElement;
      if (chosen.size === 0) select.selectedIndex = -1;
      else if (!select.multiple) select.selectedIndex = options[0]!;
      else for (const option of select.options) option.selected = chosen.has(option.index);
    });
  }

  scroll(entry: Entry, x: number, y: number): void {
    this.scrolls.set(entry, { x, y });
    this.unscrolled.add(entry);
  }

  focus(entry: Entry | undefined): void {
    this.focused = entry;
    this.focusDue = true;
  }

  select(anchor: Entry | undefined, anchorOffset: number, focus: Entry | undefined, focusOffset: number): void {
    this.pending.push(() => {
      this.selectedIn?.removeAllRanges();
      if (!anchor || !focus || anchor.gone || focus.gone) return;
      this.selectedIn = documentOf(anchor.node).getSelection();
      this.selectedIn?.setBaseAndExtent(anchor.node, clamp(anchor.node, anchorOffset), focus.node, clamp(focus.node, focusOffset));
    });
  }

  selectInput(entry: Entry, start: number, end: number): void {
    this.later(entry, (element) => (element as HTMLInputElement).setSelectionRange(start, end));
  }

  topLayer(entry: Entry, kind: number): void {
    this.layers.set(entry, kind);
    this.later(entry, (element) => show(element as HTMLElement, kind));
    if (kind === TopLayerNone) this.layers.delete(entry);
  }

  /** Sets what is assigned to a slot. */
  assign(entry: Entry, nodes: readonly Entry[]): void {
    this.later(entry, (element) => assign.call(element as HTMLSlotElement, ...nodes.filter(({ gone }) => !gone).map(({ node }) => node as Element)));
  }

  /** Has an element fill the viewport, or not, as its attribute says. */
  fullscreen(entry: Entry): void {
    this.later(entry, (element) => fill(element as HTMLElement));
  }

  /** The mirrored element that has the focus. */
  get focusedElement(): Element | undefined {
    return this.focused && !this.focused.gone ? (this.focused.node as Element) : undefined;
  }

  /** The same, if the customer sees a ring around it. */
  get ringedElement(): Element | undefined {
    return this.focused && this.ringed(this.focused) ? this.focusedElement : undefined;
  }

  /** Applies what waits. mayFocus tells whether the focus may really be moved. */
  settle(mayFocus: boolean): void {
    for (const apply of this.pending.splice(0)) {
      // What a browser cannot show, as the selection of a number field, is no reason to lose the page.
      try {
        apply();
      } catch {
        continue;
      }
    }
    for (const entry of this.unscrolled) this.scrollNow(entry);
    if (this.focusDue && mayFocus) this.focusNow();
  }

  /** Scrolls again what could not be scrolled as far as the customer's page is, now that something has loaded. */
  rescroll(): void {
    for (const entry of this.scrolls.keys()) this.scrollNow(entry);
  }

  /** The viewport has another size, the first perhaps: what needs a layout is done again. */
  resized(): void {
    this.rescroll();
    this.focusDue = true;
  }

  /** Undoes a scrolling that the customer's page has not done. */
  scrolled(target: Node): void {
    for (const entry of this.scrolls.keys()) if (entry.node === target) this.scrollNow(entry);
  }

  /** Does again what a document that has just been filled has lost. */
  restore(document: Document): void {
    for (const [entry, kind] of this.layers) if (documentOf(entry.node) === document) this.topLayer(entry, kind);
    for (const entry of this.scrolls.keys()) if (entry.node === document || documentOf(entry.node) === document) this.unscrolled.add(entry);
    if (this.focused && documentOf(this.focused.node) === document) this.focusDue = true;
  }

  /** The agent's focus has moved: the mirrored one may have been lost, or may now be shown. */
  focusChanged(): void {
    this.focusDue = true;
  }

  forget(entry: Entry): void {
    this.scrolls.delete(entry);
    this.unscrolled.delete(entry);
    this.layers.delete(entry);
  }

  private later(entry: Entry, apply: (element: Element) => void): void {
    this.pending.push(() => {
      if (!entry.gone && entry.inside === entry.node) apply(entry.node as Element);
    });
  }

  private scrollNow(entry: Entry): void {
    const scroller = entry.kind === "document" ? (entry.node as Document).scrollingElement : (entry.node as Element);
    const { x, y } = this.scrolls.get(entry)!;
    if (!scroller || entry.gone) return;
    if (Math.abs(scrollLeftOf(scroller) - x) >= 1 || Math.abs(scrollTopOf(scroller) - y) >= 1) scrollTo(scroller, x, y);
    this.unscrolled.delete(entry);
  }

  private focusNow(): void {
    this.focusDue = false;
    const element = this.focusedElement;
    if (this.reallyFocused && this.reallyFocused !== element) HTMLElement.prototype.blur.call(this.reallyFocused);
    if (element) focus.call(element, { preventScroll: true, focusVisible: this.ringed(this.focused!) });
    this.reallyFocused = element;
  }
}

// Not in every browser's FocusOptions, nor in TypeScript's.
const focus: (this: Element, options: FocusOptions & { focusVisible: boolean }) => void = HTMLElement.prototype.focus;

function clamp(node: Node, offset: number): number {
  return Math.min(offset, node.nodeType === Node.TEXT_NODE ? (node as Text).length : node.childNodes.length);
}

function show(element: HTMLElement, kind: number): void {
  switch (kind) {
    case TopLayerModal:
      if (matches(element, ":modal")) break;
      // A dialog that is open already cannot be opened modally.
      attribute(element, null, "open", undefined);
      (element as HTMLDialogElement).showModal();
      break;
    case TopLayerPopover:
      if (!matches(element, ":popover-open")) element.showPopover();
      break;
    case TopLayerNone:
      if (hasAttribute(element, "popover") && matches(element, ":popover-open")) element.hidePopover();
      else if (matches(element, ":modal")) close(element as HTMLDialogElement);
  }
}

const { assign } = HTMLSlotElement.prototype;

function fill(element: HTMLElement): void {
  const on = hasAttribute(element, attributeFor("fullscreen"));
  if (on && !hasAttribute(element, "popover")) {
    filling.add(element);
    attribute(element, null, "popover", "manual");
  }
  if (on) element.showPopover();
  else if (filling.delete(element)) attribute(element, null, "popover", undefined);
}

/** Elements that are popovers only because they fill the screen. */
const filling = new WeakSet<Element>();

function close(dialog: HTMLDialogElement): void {
  if (!dialog.open) attribute(dialog, null, "open", "");
  dialog.close();
}
