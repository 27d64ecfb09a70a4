// Keys for the pages of coding and labelling: each presses a button or a link that is there for everybody. Without this, forms do it all.
// The next verbatim comes without leaving the page, so that keys pressed meanwhile wait and none is lost.
const page = () => document.querySelector("[data-coding]");
const field = () => document.getElementById("code");
const rows = () => [...page().querySelectorAll("[data-path]")];
const waiting = [];
let busy = false;

async function go(address, options, remember) {
  busy = true;
  const focused = document.activeElement?.id;
  try {
    const answer = await fetch(address, options);
    const told = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("main").replaceWith(told.querySelector("main"));
    document.title = told.title;
    history[remember](null, "", answer.url);
  } catch {
    location.reload();
    return;
  }
  busy = false;
  if (focused && focused !== "code") document.getElementById(focused)?.focus({ preventScroll: true });
  while (page() && waiting.length && !busy) press(waiting.shift());
}

function press(key) {
  if (busy) { waiting.push(key); return true; }
  if (key === "/" && field()) { field().focus(); return true; }
  const target = [...page().querySelectorAll("[data-key]")].find((it) => it.dataset.key.split(" ").includes(key));
  target?.click();
  return Boolean(target);
}

function matching(text) {
  const wanted = text.trim().toLowerCase();
  const leaf = (row) => row.dataset.path.toLowerCase().split("/").pop();
  const rank = (row) => (row.dataset.path.toLowerCase() === wanted ? 0 : leaf(row) === wanted ? 1 : leaf(row).startsWith(wanted) ? 2 : 3);
  const found = rows().filter((row) => row.dataset.path.toLowerCase().includes(wanted));
  return wanted ? found.sort((one, other) => rank(one) - rank(other)) : found;
}

function narrow() {
  const found = matching(field().value);
  for (const row of rows()) {
    row.hidden = !found.includes(row);
    row.classList.toggle("first", Boolean(field().value.trim()) && row === found[0]);
  }
}

function leave() { field().value = ""; narrow(); field().blur(); }

document.addEventListener("input", (event) => { if (event.target.id === "code") narrow(); });
document.addEventListener("keydown", (event) => {
  if (!page() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (field() && event.target === field()) {
    if (event.key === "Escape") leave();
    const first = event.key === "Enter" && field().value.trim() && matching(field().value)[0]?.querySelector("button");
    if (!first) return;
    event.preventDefault();
    leave();
    if (first.name === "give") first.click();
  } else if (event.key.length === 1 && event.key !== " " && press(event.key)) event.preventDefault();
});
document.addEventListener("submit", (event) => {
  if (!page()?.contains(event.target)) return;
  event.preventDefault();
  if (busy) return;
  const told = new URLSearchParams(new FormData(event.target));
  if (event.submitter?.name) told.append(event.submitter.name, event.submitter.value);
  go(event.target.action, { method: "POST", body: told }, "replaceState");
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-key]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!busy) go(link.href, {}, "pushState");
});
addEventListener("popstate", () => location.reload());
