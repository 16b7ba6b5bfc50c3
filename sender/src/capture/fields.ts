import { fieldText } from "./nodes.js";
import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { Field as FieldKind } from "./kind.js";
import type { Part } from "./part.js";
import type { Entry, Tree } from "./tree.js";
import { SecretValue } from "../../../signal/wire/wire.gen.js";
import type { Privacy } from "./privacy.js";
import { isKnown } from "./secret.js";

export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Whether an element is a form field with a state of its own. */
export function isField(element: Element): element is Field {
  const name = element.localName;
  return name === "input" || name === "textarea" || name === "select";
}

/**
 * Fields sends what form fields hold. Script sets values, and resets forms, without an event for it, so look compares every field with
 * what was sent.
 */
export class Fields implements Part {
  private sent = new Map<Field, string>();

  constructor(
    private readonly writer: FrameWriter,
    private readonly tree: Tree,
    private readonly privacy: Privacy,
  ) {}

  reset(): void {
    this.sent.clear();
  }

  added(element: Element, { kind }: Entry): void {
    if (!(kind & FieldKind)) return;
    this.sent.set(element as Field, initial(element as Field));
    this.send(element as Field);
  }

  look(): void {
    for (const field of this.sent.keys()) {
      if (this.tree.id(field)) this.send(field);
      else this.sent.delete(field);
    }
  }

  private send(field: Field): void {
    const id = this.tree.id(field);
    const state = this.privacy.now(field) || isKnown(field) ? redactedState(field) : stateOf(field);
    if (state === this.sent.get(field)) return;
    this.sent.set(field, state);
    if (field.localName === "select") this.writer.setSelected(id, state === "" ? [] : state.split(",").map(Number));
    else if (isToggle(field)) this.writer.setChecked(id, state.startsWith("1"), state.endsWith("1"));
    else this.writer.setValue(id, state);
  }
}

/** What the mirror shows before it is told anything. */
function initial(field: Field): string {
  return field.localName === "select" ? "none" : isToggle(field) ? "00" : "";
}

function stateOf(field: Field): string {
  if (field.localName === "select") return Array.from((field as HTMLSelectElement).selectedOptions, (option) => option.index).join(",");
  if (isToggle(field)) return `${Number(field.checked)}${Number(field.indeterminate)}`;
  const text = field as HTMLInputElement | HTMLTextAreaElement;
  // A button's value is its label, which its attribute tells; an image has none.
  if (isButton(text)) return "";
  return fieldText(text);
}

/** What may be told of a field that is redacted: whether a text is empty, no more. */
function redactedState(field: Field): string {
  if (field.localName === "select") return initial(field);
  if (isToggle(field)) return "01";
  return isButton(field) || fieldText(field as HTMLInputElement | HTMLTextAreaElement) === "" ? "" : SecretValue;
}

function isButton(field: Field): boolean {
  return ["button", "submit", "reset", "image", "file"].includes(field.type);
}

function isToggle(field: Field): field is HTMLInputElement {
  return field.type === "checkbox" || field.type === "radio";
}
