// Who adds a row goes on writing in it: its first field has the focus, a list to choose from is open.
const { jQuery: $ } = window.django;

// After the scripts of Django that make the boxes, which wait for the same moment.
document.addEventListener("formset:added", ({ target }) => {
  const first = target.querySelector("input:not([type=hidden]), select, textarea");
  if (first?.matches(".admin-autocomplete")) $(first).select2("open");
  else first?.focus();
});
