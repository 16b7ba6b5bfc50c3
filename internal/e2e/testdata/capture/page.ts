const words = "oak ash elm fir yew box bay fig may nut pea rye sun sky sea ice".split(" ");

/** Makes the document a table of about so many nodes, nine a row, between the parts that pages have. */
export function build(nodes: number): void {
  document.title = `A page of ${nodes} nodes`;
  document.head.append(Object.assign(document.createElement("style"), {
    textContent: "table{table-layout:fixed;width:900px}td{height:20px;overflow:hidden;white-space:nowrap}.a{color:#234}.b{color:#432}.on{opacity:.9}"
      + Array.from({ length: 60 }, (_, i) => `.rule-${i} > .part-${i}{margin:${i}px;color:rgb(${i},0,0)}`).join(""),
  }));
  const rows = Array.from({ length: Math.round(nodes / 9) }, (_, i) => row(i)).join("");
  document.body.innerHTML = `<header class="top"><h1 id="title">Orders</h1><input id="field" placeholder="Search"><ul id="list"><li>one</li></ul></header>
    <div id="box" style="height:80px;overflow:auto"><div style="height:2000px">scrolls</div></div><div id="bar" class="bar"></div>
    <main id="main"><table><tbody id="rows">${rows}</tbody></table></main>`;
}

export function row(i: number): string {
  const word = (n: number): string => words[(i * 7 + n * 5) % words.length]!;
  return `<tr class="row ${i % 2 ? "a" : "b"}" data-id="${i}"><td class="name">${word(1)} ${word(2)} ${i}</td><td class="price">${i % 90}.${i % 100}</td>`
    + `<td class="count" title="${word(3)}">${i % 13}</td><td class="state">${word(4)}</td></tr>`;
}

/** What happens to a page in one step: with mutate(kind), many things of a kind at once; with live(i), one small one. */
export const mutations: Record<string, (round: number, count: number) => void> = {
  text: (round, count) => each(count, (cell, i) => { (cell.firstChild as Text).data = `${i} ${round}`; }),
  attribute: (round, count) => each(count, (cell) => cell.setAttribute("data-n", String(round))),
  textContent: (round, count) => each(count, (cell, i) => { cell.textContent = `${i} ${round}`; }),
  insert: (round, count) => {
    const made = document.createElement("tbody");
    made.innerHTML = Array.from({ length: Math.round(count / 9) }, (_, i) => row(i + round)).join("");
    document.querySelector("#rows")!.append(...made.children);
  },
  rows: (round, count) => {
    const body = document.querySelector("#rows")!;
    const made = document.createElement("tbody");
    made.innerHTML = Array.from({ length: Math.round(count / 9) }, (_, i) => row(i + round)).join("");
    for (const fresh of [...made.children]) body.firstElementChild!.remove(), body.append(fresh);
  },
};

function each(count: number, change: (cell: Element, i: number) => void): void {
  const cells = document.querySelectorAll("td");
  for (let i = 0; i < count; i++) change(cells[i]!, i);
}

/** One of the small things that happen to a page between two frames. */
export const steps: ((i: number) => void)[] = [
  (i) => { document.querySelectorAll("td")[i * 3 % 400]!.firstChild!.nodeValue = `${i}.50`; },
  (i) => type("field", i),
  (i) => document.querySelectorAll("tr")[i % 100]!.classList.toggle("on"),
  (i) => { document.querySelector("#title")!.firstChild!.nodeValue = `Orders (${i})`; },
  (i) => type("field", i),
  (i) => { document.querySelector("#box")!.scrollTop = i * 3; },
  (i) => { document.querySelectorAll("td")[i * 5 % 400]!.textContent = `${i}.75`; },
  (i) => document.querySelector("#list")!.insertAdjacentHTML("beforeend", `<li class="new">item ${i}</li>`),
  (i) => { (document.querySelector("#bar") as HTMLElement).style.width = `${i}px`; },
  () => document.querySelector("#list")!.firstElementChild!.remove(),
];

function type(id: string, i: number): void {
  const field = document.querySelector(`#${id}`) as HTMLInputElement;
  field.value = "searching for the oak table".slice(0, 1 + i % 27);
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
