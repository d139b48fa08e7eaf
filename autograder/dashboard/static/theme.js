// Light or dark: as the system has it, or as chosen. Loaded before the page is drawn, so that nothing flashes.

"use strict";

{
  const KEY = "autograder-theme";
  const root = document.documentElement;

  const remembered = () => {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return ""; // a file opened from disk may have no storage
    }
  };

  const choose = (theme) => {
    root.dataset.theme = theme;
    root.dispatchEvent(new Event("themechange"));
  };

  choose(remembered());
  document.addEventListener("DOMContentLoaded", () => {
    const select = document.getElementById("theme");
    select.value = root.dataset.theme;
    select.addEventListener("change", () => {
      choose(select.value);
      try {
        localStorage.setItem(KEY, select.value);
      } catch {
        // it then lasts as long as the page
      }
    });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => choose(root.dataset.theme));
}
