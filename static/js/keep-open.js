// What a reader opened stays open when htmx brings a new version of that part of the page, and what
// has the focus keeps it: htmx itself cannot give it back to what still lies in a closed part.
let open = [];
let focused = null;

document.addEventListener("htmx:beforeSwap", () => {
  open = [...document.querySelectorAll("details[open][id]")].map((details) => details.id);
  focused = document.activeElement?.id;
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
});
