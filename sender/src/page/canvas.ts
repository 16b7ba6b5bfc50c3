import { parseColour, type Colour } from "../dialog/colour.js";

let context: CanvasRenderingContext2D | null | undefined;

/** Reads a colour in any form that the browser's style sheets know. Undefined when it is none, or fully transparent. */
export function browserColour(text: string): Colour | undefined {
  const plain = parseColour(text);
  if (plain) return plain;
  context ??= document.createElement("canvas").getContext("2d");
  if (!context) return undefined;
  // A canvas keeps the colour it has when it is given one that it cannot read.
  context.fillStyle = "transparent";
  context.fillStyle = text;
  return parseColour(context.fillStyle);
}
