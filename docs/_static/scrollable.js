// What scrolls sideways must be reachable by keyboard: give it a place in the tab order
// and a name.
for (const box of document.querySelectorAll("div.highlight pre, .table-wrapper, div.math")) {
  if (box.scrollWidth > box.clientWidth) {
    box.tabIndex = 0;
    if (!box.hasAttribute("role")) {
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", box.matches("pre") ? "Code or output" : "Table");
    }
  } else if (box.matches("div.math")) {
    box.removeAttribute("tabindex");
  }
}
// Two regions of the same kind need different names.
document.querySelector("aside.sidebar-drawer")?.setAttribute("aria-label", "Site");
document.querySelector("aside.toc-drawer")?.setAttribute("aria-label", "This page");
