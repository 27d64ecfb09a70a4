// Keys for the coding page: each presses a button or a link that is there for everybody. Without this, forms do it all.
const page = document.querySelector("[data-coding]");
const field = () => document.getElementById("code");
const rows = () => [...page.querySelectorAll("[data-path]")];
const depth = (path) => path.split("/").length;

function matching(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return rows();
  const leaf = (row) => row.dataset.path.toLowerCase().split("/").pop();
  const score = (row) => (row.dataset.path.toLowerCase() === wanted ? 0 : leaf(row) === wanted ? 1 : leaf(row).startsWith(wanted) ? 2 : 3);
  return rows()
    .filter((row) => row.dataset.path.toLowerCase().includes(wanted))
    .sort((one, other) => score(one) - score(other) || depth(one.dataset.path) - depth(other.dataset.path));
}

function narrow() {
  const found = matching(field().value);
  for (const row of rows()) {
    row.hidden = !found.includes(row);
    row.classList.toggle("first", Boolean(field().value.trim()) && row === found[0]);
  }
}

page.addEventListener("input", (event) => { if (event.target === field()) narrow(); });
page.addEventListener("keydown", (event) => {
  if (event.target !== field()) return;
  if (event.key === "Escape") { field().value = ""; narrow(); field().blur(); }
  if (event.key === "Enter") {
    const found = field().value.trim() ? matching(field().value) : [];
    if (!found.length) return;
    event.preventDefault();
    const button = found[0].querySelector("button");
    if (button.name === "give") button.click();
    else { field().value = ""; narrow(); field().blur(); }
  }
});

// While one answer is on its way to the server, further keys wait, so that going on never cuts it off.
const WAITING = "code-keys";
let leaving = false;
let waiting = JSON.parse(sessionStorage.getItem(WAITING) || "[]");
sessionStorage.removeItem(WAITING);

function press(key) {
  if (leaving) {
    waiting.push(key);
    sessionStorage.setItem(WAITING, JSON.stringify(waiting));
    return true;
  }
  if (key === "/") { field().focus(); return true; }
  const target = [...page.querySelectorAll("[data-key]")].find((it) => it.dataset.key.split(" ").includes(key));
  if (target) target.click();
  return Boolean(target);
}

page.addEventListener("submit", () => { leaving = true; });
page.addEventListener("click", (event) => { if (event.target.closest("a[data-key]")) leaving = true; });
addEventListener("pageshow", () => { leaving = false; });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key.length === 1 && event.key !== " " && press(event.key)) event.preventDefault();
});
addEventListener("load", () => { const keys = waiting; waiting = []; keys.forEach(press); });
