// Draws a chart again where the mouse comes to it, with the numbers of each mark in words. Without JavaScript, by
// keyboard and on paper the drawing of the server stays, and the table beside it has every number.
const address = document.currentScript.dataset.library;
let asked = null;
const library = () => asked ??= new Promise((done, failed) => {
  const script = document.createElement("script");
  script.src = address;
  script.onload = done;
  script.onerror = failed;
  document.head.append(script);
});

// The expressions of a chart are read by an interpreter: nothing is evaluated, so that the page allows no such thing.
const HOW = { ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: { disableDefaultStyle: true } };

const drawAgain = async (drawn) => {
  const spec = JSON.parse(drawn.nextElementSibling.textContent);
  await library();
  const place = document.createElement("div");
  await vegaEmbed(place, spec, HOW);
  for (const part of place.querySelectorAll("[role], [aria-roledescription]")) {
    part.removeAttribute("role");
    part.removeAttribute("aria-roledescription");
  }
  place.className = drawn.getAttribute("class");
  place.removeAttribute("aria-roledescription");
  place.setAttribute("role", "img");
  const words = drawn.querySelectorAll(":scope > title, :scope > desc");
  place.setAttribute("aria-label", [...words].map((it) => it.textContent).join(": "));
  drawn.replaceWith(place);
};

for (const drawn of document.querySelectorAll("svg.vega")) {
  drawn.addEventListener("pointerenter", () => drawAgain(drawn).catch(() => {}), { once: true });
}
