// Returns what may have a role, with its place and text: "" stands for every element with a text of its own, "focused" for the one that has
// the focus.
const [role] = arguments;
const selectors = {
	button: "button, summary, input:is([type=button], [type=submit], [type=reset])",
	textbox: "input:not([type]), input:is([type=text], [type=email], [type=tel], [type=url]), textarea",
	link: "a[href]", heading: "h1, h2, h3", status: "output", img: "img",
};
const ours = role === "" ? "*" : [`[role=${role}]`, ...(selectors[role] ? [selectors[role]] : [])].join();
const found = [];
const add = (element) => {
	const { x, y, width, height } = element.getBoundingClientRect();
	found.push({ Element: role === "" ? null : element, X: x + width / 2, Y: y + height / 2, Text: element.innerText ?? "" });
};
const rootOf = (element) => element.openOrClosedShadowRoot ?? element.shadowRoot;
const seen = (element) => element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true });
const says = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
const search = (root) => {
	for (const element of root.querySelectorAll("*")) {
		if (element.matches(ours) && seen(element) && (role !== "" || says(element))) add(element);
		const inner = rootOf(element);
		if (inner) search(inner);
	}
};
if (role === "focused") {
	let { activeElement } = document;
	while (activeElement && rootOf(activeElement)?.activeElement) activeElement = rootOf(activeElement).activeElement;
	if (activeElement) add(activeElement);
} else {
	search(document);
}
return found;
