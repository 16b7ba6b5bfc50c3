const ink = "-webkit-text-fill-color";
const clear = /^(transparent|rgba\(.*, 0\))$/;

/** A shadow or a blur of more than two pixels. */
const blurs = /(px |blur\()([3-9]|\d\d)[\d.]*px(\)|,|$|none)/;

/** Whether what is in an element is blurred, or only its shadow is seen, and that is not on its way to be another thing. */
export function isBlurred(element: Element): boolean {
  const style = getComputedStyle(element);
  const shadow = style.textShadow !== "none" && clear.test(style.getPropertyValue(ink)) && style.backgroundClip !== "text" ? style.textShadow : "";
  return blurs.test(shadow + style.filter) && Number(style.opacity) > 0.5 && !element.getAnimations?.().length;
}

/** Whether nothing of the letters in a field is seen: what is drawn in their place may be. */
export function isUnseen(field: Element): boolean {
  const style = getComputedStyle(field);
  const { fontSize, textIndent, letterSpacing, backgroundColor } = style;
  const fill = style.getPropertyValue(ink);
  return (clear.test(fill) && style.backgroundClip !== "text" && style.getPropertyValue("-webkit-text-stroke-width") === "0px") || fill === backgroundColor ||
    parseFloat(fontSize) < 2 || Math.abs(parseFloat(textIndent)) > 900 || parseFloat(letterSpacing) < -4;
}

/** Whether a font has one picture for letters that look nothing like each other; undefined where the browser shows no page what it draws. */
export function drawsAllAlike(font: string, doc: Document): boolean | undefined {
  const canvas = doc.createElement("canvas");
  canvas.width = canvas.height = 32;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const alike = (family: string): boolean => {
    const pictures = ["i", "W", "8"].map((letter) => {
      context!.clearRect(0, 0, 32, 32);
      context!.font = `20px ${family}`;
      context!.fillText(letter, 4, 24);
      return context!.getImageData(0, 0, 32, 32).data.join();
    });
    return pictures.every((picture) => picture === pictures[0]);
  };
  if (!context || alike("monospace")) return context && widths(context, font) > 1 ? false : undefined;
  return alike(font);
}

/** How many widths letters have: in a font of dots, one. */
function widths(context: CanvasRenderingContext2D, font: string): number {
  context.font = `20px ${font}`;
  return new Set(Array.from("iW8", (letter) => context.measureText(letter).width)).size;
}
