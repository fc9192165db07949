// What a mouse or a finger can reach, the keyboard must reach too.

// What scrolls sideways gets a place in the tab order, and a name. The browser says when a
// box has its width, or another one: on a turned phone, and when what is folded is opened.
const widths = new ResizeObserver((entries) => {
  const boxes = entries.map((entry) => entry.target);
  // All widths are read before anything is written: the page is laid out once.
  const scrolls = boxes.map((box) => box.scrollWidth > box.clientWidth);
  boxes.forEach((box, number) => {
    if (scrolls[number]) {
      box.tabIndex = 0;
      if (!box.hasAttribute("role")) {
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", box.matches("pre") ? "Code or output" : "Table");
      }
    } else if (box.matches("div.math")) {
      box.removeAttribute("tabindex");
    }
  });
});
const boxes = document.querySelectorAll("div.highlight pre, .table-wrapper, div.math");
boxes.forEach((box) => widths.observe(box));
// The font of a formula, come late, makes it wider, and not its box: look again.
document.fonts.addEventListener("loadingdone", () => {
  widths.disconnect();
  boxes.forEach((box) => widths.observe(box));
});

// On small screens two drawers hold the site's and the page's contents. The theme opens
// them with labels of hidden check boxes, which no key can reach.
const drawers = [
  ["__navigation", ".nav-overlay-icon", "Contents of the site"],
  ["__toc", ".toc-overlay-icon", "Contents of this page"],
];
for (const [id, labels, name] of drawers) {
  const box = document.getElementById(id);
  const buttons = document.querySelectorAll(`${labels}:not(.no-toc) .icon`);
  const say = () => buttons.forEach((button) => button.setAttribute("aria-expanded", box.checked));
  for (const button of buttons) {
    button.tabIndex = 0;
    button.setAttribute("role", "button");
    button.setAttribute("aria-label", name);
    button.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        box.click();
      }
    });
  }
  box?.addEventListener("change", say);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box?.checked) {
      box.click();
      [...buttons].find((button) => button.checkVisibility())?.focus();
    }
  });
  if (box) say();
}

// Two regions of the same kind need different names.
document.querySelector("aside.sidebar-drawer")?.setAttribute("aria-label", "Site");
document.querySelector("aside.toc-drawer")?.setAttribute("aria-label", "This page");
