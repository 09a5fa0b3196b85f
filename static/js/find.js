// A box that finds values shortens their list while one types; without scripts it asks the server.
const form = document.querySelector("form[data-find]");
const list = form && document.querySelector(form.dataset.find);

form?.addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const value of list?.children ?? []) value.hidden = !value.textContent.toLowerCase().includes(wanted);
});
