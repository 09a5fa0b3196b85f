// A box that finds values shortens their list while one types; without scripts it asks the server.
const form = document.querySelector("form[data-find]");
const list = form && document.querySelector(form.dataset.find);
const box = form?.querySelector("input[type=search]");

function shorten() {
  const wanted = box.value.trim().toLowerCase();
  for (const value of list?.children ?? []) value.hidden = !value.textContent.toLowerCase().includes(wanted);
}

box?.addEventListener("input", shorten);
// On a slow line one may have typed before this was here.
if (box && box.value !== box.defaultValue) shorten();
