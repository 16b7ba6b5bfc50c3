/** The nearest of an element and those around it that a selector matches. Pages replace closest and matches, but not this one. */
export function nearest(element: Element | null, selector: string): Element | null {
  while (element && !element.webkitMatchesSelector(selector)) element = element.parentElement;
  return element;
}

/** Appends nodes and texts. Pages replace append, and others like it. */
export function append(parent: Node, ...children: readonly (Node | string)[]): void {
  for (const child of children) parent.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
}

/** Puts children in the place of those there are. */
export function refill(parent: Node, ...children: readonly Node[]): void {
  while (parent.firstChild) parent.removeChild(parent.firstChild);
  append(parent, ...children);
}

/** Makes an element with a class and children; text is text, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  append(element, ...children);
  return element;
}

/** Makes a line drawing of 20 by 20 units in the colour of the text around it, invisible to screen readers. */
export function icon(path: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.appendChild(line);
  return svg;
}

/** Has action called when a person presses the button, by whatever means; scripts cannot press it. */
export function onPress(button: HTMLElement, action: () => void): void {
  button.addEventListener("click", (event) => {
    if (event.isTrusted) action();
  });
}

/** Makes a style sheet that a strict Content-Security-Policy lets in. */
export function styleSheet(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
