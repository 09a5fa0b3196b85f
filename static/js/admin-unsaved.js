// Who leaves a form, or a tab of it, with something typed and not saved is asked first.
const form = document.querySelector("#content-main > form[method=post]");
let isTyped = false;

form?.addEventListener("input", () => { isTyped = true; });
form?.addEventListener("change", () => { isTyped = true; });
form?.addEventListener("submit", () => { isTyped = false; });
window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
