// Describes what is to be seen of a page, element by element, so that both sides can be compared. closed holds shadow roots that only the
// page's own script knows. What stands for elements that show nothing is left out.
((doc, closed) => {
	const unseen = new Set(["script", "noscript", "noembed", "template", "style", "link", "meta", "head", "title", "base", "qwelp-support"]);
	const styles = ["display", "visibility", "color", "backgroundColor", "fontSize", "fontWeight", "fontStyle", "opacity", "textDecorationLine", "borderTopWidth", "borderTopColor", "borderLeftWidth", "outlineStyle", "outlineColor", "boxShadow", "paddingLeft", "marginTop", "marginLeft", "writingMode", "direction", "colorScheme", "transform"];
	const lines = [];
	// Pages break what is more usual, and forms hide it.
	const inside = parent => { const nodes = []; for (let node = parent.firstChild; node; node = node.nextSibling) nodes.push(node); return nodes; };
	const elements = parent => inside(parent).filter(node => node.nodeType === 1);
	const round = n => Math.round(n);
	const look = (element, depth) => {
		if (unseen.has(element.localName)) return;
		const view = element.ownerDocument.defaultView;
		const style = view.getComputedStyle(element);
		const box = element.getBoundingClientRect();
		const state = ["value", "checked", "indeterminate", "selectedIndex", "open"].filter(name => !["button", "li", "progress", "meter", "a"].includes(element.localName) && name in element && element.namespaceURI.endsWith("html") && element.type !== "image" && !(name === "value" && /^(checkbox|radio)$/.test(element.type))).map(name => element[name]);
		if (element.localName === "select") state.push([...element.selectedOptions].map(option => option.index));
		if (element.localName === "img") state.push(element.naturalWidth > 0);
		const text = inside(element).filter(node => node.nodeType === 3).map(node => node.data).join("|").replace(/\s+/g, " ");
		const shown = element.localName !== "option" || style.display === "none";
		lines.push([
			" ".repeat(depth) + (element.hasAttribute("qwelp-form") ? "form" : element.localName).replace("object", "canvas").replace(/.*[!@#$].*/, "qwelp-other"), shown ? [box.x, box.y, box.width, box.height].map(round) : "", round(element.scrollLeft), round(element.scrollTop),
			styles.map(name => style[name]).join(";"), ["::before", "::after", "::backdrop"].map(pseudo => view.getComputedStyle(element, pseudo)).map(s => s.content + s.backgroundColor).join(),
			JSON.stringify(state), element.localName === "iframe" || element.localName === "canvas" || element.localName === "textarea" || element.localName === "object" ? "" : text,
		].join(" "));
		const root = element.shadowRoot ?? closed?.get(element);
		if (root) for (const child of elements(root)) look(child, depth + 1);
		if (element.localName === "iframe") {
			const body = element.contentDocument?.body;
			lines.push("in the frame: " + element.contentDocument?.compatMode + " " + round(element.contentWindow?.scrollY ?? 0));
			if (body) look(body, depth + 1);
		} else if (!["canvas", "object", "video"].includes(element.localName)) for (const child of elements(element)) look(child, depth + 1);
	};
	look(doc.querySelector("main"), 0);
	const selection = doc.getSelection();
	lines.push("selected: " + selection.toString(), "focus: " + doc.activeElement?.localName);
	return lines;
})
