"use strict";
const all = (selector, of = document) => [...of.querySelectorAll(selector)];
const search = document.getElementById("search");
const found = document.getElementById("found");
// What is drawn later stands in an element that shows nothing until then; it was escaped when it was written.
const draw = (details) => {
  const later = details.querySelector(":scope > script");
  if (later) later.outerHTML = later.textContent;
};
document.addEventListener("toggle", (event) => { if (event.target.open) draw(event.target); }, true);
const boxes = all(".tools input[value]");
const units = all(".unit").map((unit) => ({ unit, verdicts: unit.dataset.verdicts.split(","), text: null }));
const apply = () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  for (const box of boxes) document.body.classList.toggle("hide-" + box.value.replace(" ", "-"), !box.checked);
  let number = 0;
  const visible = new Set();
  for (const one of units) {
    let fits = one.verdicts.some((verdict) => shown.has(verdict));
    if (fits && words.length) {
      one.text ??= (one.unit.textContent + " " + one.unit.closest(".provision").querySelector("h3").textContent).toLowerCase();
      fits = words.every((word) => one.text.includes(word));
    }
    one.unit.hidden = !fits;
    if (fits) { number += 1; visible.add(one.unit.closest(".case")).add(one.unit.closest(".provision")); }
  }
  const filtered = words.length > 0 || shown.size < boxes.length;
  for (const one of all(".case, .provision")) one.hidden = filtered && !visible.has(one);
  found.textContent = filtered ? number + " test units" : "";
};
let waiting = 0;
search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 150); });
for (const box of boxes) box.addEventListener("change", apply);
document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("open-all").addEventListener("click", () => {
  for (const one of all(".provision")) if (!one.hidden) one.open = true;
});
document.getElementById("close-all").addEventListener("click", () => {
  for (const one of all("#provisions details")) one.open = false;
});
document.getElementById("print-evidence").addEventListener("change", (event) => {
  document.body.classList.toggle("print-evidence", event.target.checked);
});
// A link into something that is folded unfolds it.
const follow = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") { draw(one); one.open = true; }
  target.scrollIntoView();
};
addEventListener("hashchange", follow);
follow();
// Everything is printed, also what is folded or was not drawn yet; but evidence only where that is asked for.
addEventListener("beforeprint", () => {
  const evidence = document.body.classList.contains("print-evidence");
  for (const one of all("details")) if (!one.classList.contains("item") || evidence) draw(one);
});
