// Dropping files on the form, and how much of them is sent. Without this, the form sends them all the same.
const form = document.querySelector("[data-drop]");
if (form) {
  const field = form.querySelector("input[type=file]");
  const told = form.querySelector("[data-told]");
  const sending = form.querySelector("[data-sending]");
  const bar = sending.querySelector("progress");
  const tell = (words) => { sending.hidden = false; told.textContent = words; };
  const count = (number) => (number === 1 ? "1 file" : `${number} files`);

  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.remove("over");
    const items = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.());
    if (items.some((entry) => entry?.isDirectory)) {
      bar.hidden = true;
      tell("A folder cannot be dropped: drop its files, or a zip of it.");
      return;
    }
    field.files = event.dataTransfer.files;
    form.requestSubmit();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = count(field.files.length);
    const request = new XMLHttpRequest();
    bar.hidden = false;
    bar.value = 0;
    tell(chosen);
    request.upload.addEventListener("progress", (now) => {
      if (now.lengthComputable) bar.value = (100 * now.loaded) / now.total;
    });
    request.upload.addEventListener("load", () => { bar.removeAttribute("value"); tell(`${chosen} sent, being looked at`); });
    request.addEventListener("load", () => {
      if (request.status < 400) { location.assign(request.responseURL); return; }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const words = [...page.querySelectorAll("main h1, main h1 + p")].map((part) => part.textContent.trim());
      bar.hidden = true;
      tell(words.join(". ") || "This was not taken.");
    });
    request.addEventListener("error", () => { bar.hidden = true; tell("The server could not be reached. Nothing was kept."); });
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}
