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
    else { field().value = ""; narrow(); }
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key === "/") { event.preventDefault(); field().focus(); return; }
  for (const target of page.querySelectorAll("[data-key]")) {
    if (target.dataset.key.split(" ").includes(event.key)) { event.preventDefault(); target.click(); return; }
  }
});
