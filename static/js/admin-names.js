// Boxes that the admin's scripts make get the name that the field beneath has by its label.
const { jQuery } = window.django;

// Select2 names its box by the chosen value alone, and by nothing while none is chosen.
function nameBox(field) {
  const label = document.querySelector(`label[for="${field.id}"]`);
  const box = field.nextElementSibling?.querySelector(".select2-selection");
  if (!label || !box) return;
  label.id ||= `${field.id}-label`;
  const value = box.querySelector("[role=textbox]");
  value?.setAttribute("aria-labelledby", label.id);
  box.setAttribute("aria-labelledby", value ? `${label.id} ${value.id}` : label.id);
}

function nameBoxes(within) {
  within.querySelectorAll("select.admin-autocomplete").forEach(nameBox);
}

// The field in which one types is made when the box opens; another may be open until the click ends.
jQuery(document).on("select2:open", ({ target }) => {
  const label = document.querySelector(`label[for="${target.id}"]`);
  const search = document.querySelector(`.select2-search__field[aria-controls="select2-${target.id}-results"]`);
  if (label) search?.setAttribute("aria-label", label.textContent.trim());
});

// Signs beside the lists of groups and permissions: without a role they may have no name.
function nameSigns() {
  document.querySelectorAll(".search-label-icon").forEach((sign) => sign.setAttribute("role", "img"));
}

// After the scripts of Django that make the boxes, which wait for the same moments.
jQuery(() => nameBoxes(document));
document.addEventListener("formset:added", ({ target }) => nameBoxes(target));
window.addEventListener("load", nameSigns);
