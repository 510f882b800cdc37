// Whether another page is on its way: a request that is sent now would run on that page, for this one, and leave that
// page empty. This stands in front of an element that sends requests by itself (interactive_figure/element.py).

const COMING = 10_000; // ms after which no page will come: the link was opened in another tab
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

// Called when the other page is there.
function arrived() {
  left = -Infinity;
  here = location.pathname;
}
