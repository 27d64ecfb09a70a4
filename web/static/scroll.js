// What is wider than its place can be scrolled by keyboard; what is not is no stop on the way through the page.
const stops = () => {
  for (const it of document.querySelectorAll(".scroll")) {
    if (it.scrollWidth > it.clientWidth) it.tabIndex = 0;
    else it.removeAttribute("tabindex");
  }
};
document.addEventListener("toggle", stops, true);
addEventListener("resize", stops);
stops();
// What runs over the quarters begins with the newest.
for (const it of document.querySelectorAll(".scroll[data-from=end]")) it.scrollLeft = it.scrollWidth;
