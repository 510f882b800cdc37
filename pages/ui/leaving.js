// Whether another page is on its way: what asks Python for something then runs on that page, for this one, and leaves
// that empty. This stands in front of the code of an element that asks by itself (pages/ui/interactive_figure/element.py).

const COMING = 10_000; // ms until it is plain that no page has come: the link was opened in another tab
let left = -Infinity;
let here = location.pathname;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (link && link.origin === location.origin && link.pathname !== location.pathname) left = performance.now();
}, true);
window.addEventListener("popstate", () => {
  if (location.pathname !== here) left = performance.now();
});

const leaving = () => performance.now() - left < COMING;

// The other page is there.
function arrived() {
  left = -Infinity;
  here = location.pathname;
}
