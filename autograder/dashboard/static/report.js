// A report holds every page; the part of the address after # says which one is shown.

const pages = [...document.querySelectorAll("main > section")];

function show() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const page = pages.find((own) => own.dataset.page === wanted);
  if (!page) {
    return; // a place in the page that is shown
  }
  for (const own of pages) {
    own.hidden = own !== page;
  }
  for (const link of document.querySelectorAll(".views a")) {
    link.ariaCurrent = link.dataset.view === page.dataset.view ? "page" : null;
  }
  const heading = page.querySelector("h1");
  document.title = heading.textContent;
  scrollTo(0, 0);
  heading.tabIndex = -1; // so that the keyboard and a screen reader go on from here
  heading.focus({ preventScroll: true });
}

addEventListener("hashchange", show);
if (!location.hash) {
  location.replace(`#${pages[0].dataset.page}`);
}
show();
