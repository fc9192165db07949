// The script of an interactive figure is fetched when a reader comes near the figure, and
// before it the figure's numbers. Until then, the table inside it is shown.
{
  const here = document.currentScript.src;
  const figures = [...document.querySelectorAll(".nnbasics-explorer")];
  const fetched = new Set();

  const load = (address) =>
    new Promise((done) => {
      const script = document.createElement("script");
      script.src = new URL(address, here);
      script.onload = done;
      document.head.append(script);
    });

  async function fetchScript({ localName }) {
    const [, kind, version] = localName.match(/^nnbasics-(.+)-(.+)$/);
    if (fetched.has(kind)) return;
    fetched.add(kind);
    const alike = figures.filter((figure) => figure.localName === localName);
    const files = alike.map((figure) => figure.dataset.numbers).filter(Boolean);
    await Promise.all(files.map((file) => load(`numbers/${file}`)));
    load(`explorers/${kind}.js?v=${version}`);
  }

  const near = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => fetchScript(entry.target)),
    { rootMargin: "100%" }
  );
  figures.forEach((figure) => near.observe(figure));
}
