// Copies a quotation with its source. Without a clipboard, or without JavaScript, the buttons stay hidden.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const name = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        const link = button.dataset.link ? `\n${new URL(button.dataset.link, document.baseURI).href}` : "";
        await navigator.clipboard.writeText(button.dataset.copy + link);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Could not copy";
      }
      setTimeout(() => { button.textContent = name; }, 2000);
    });
  }
}
