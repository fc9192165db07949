// Sections that go deeper are folded. A link to one, or into it, opens it; so do words of
// a search that stand in it; and paper has no folds.

const folds = () => [...document.querySelectorAll("details.deeper:not([open])")];

// Open what hides the target of the page's address, and go there.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = target?.closest("section");
  const closed = folds().filter(
    (fold) => fold.contains(target) || fold.parentElement === section
  );
  closed.forEach((fold) => (fold.open = true));
  if (closed.length) target.scrollIntoView();
}

addEventListener("hashchange", openTarget);
// A link to where the page already is changes no address.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href*='#']");
  if (link && link.href === location.href) openTarget();
});
openTarget();

// Sphinx marks the words of a search shortly after the page has been read.
addEventListener("load", () =>
  setTimeout(() => {
    for (const fold of folds()) fold.open = fold.querySelector(".highlighted") !== null;
  }, 50)
);

// Where a browser does not know the part of a fold that lessons.css unfolds for paper.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = folds();
  unfolded.forEach((fold) => (fold.open = true));
});
addEventListener("afterprint", () => unfolded.forEach((fold) => (fold.open = false)));
