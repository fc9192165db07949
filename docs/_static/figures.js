// The script of an interactive figure is fetched when a reader comes near the figure. Until
// then, the table inside it is shown.
{
  const here = document.currentScript.src;
  const figures = document.querySelectorAll(".nnbasics-explorer");
  const fetched = new Set();

  const fetchScript = ({ localName }) => {
    const [, kind, version] = localName.match(/^nnbasics-(.+)-(.+)$/);
    if (fetched.has(kind)) return;
    fetched.add(kind);
    const script = document.createElement("script");
    script.src = new URL(`explorers/${kind}.js?v=${version}`, here);
    document.head.append(script);
  };

  const near = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => fetchScript(entry.target)),
    { rootMargin: "100%" }
  );
  figures.forEach((figure) => near.observe(figure));
}
