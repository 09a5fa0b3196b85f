// How long a text is, of how much it may be, below each text of one page. The server checks it too.
for (const field of document.querySelectorAll("[data-most-characters]")) {
  const most = Number(field.dataset.mostCharacters);
  const count = document.createElement("output");
  count.className = "hint";
  count.htmlFor = field.id;
  field.after(count);

  const show = () => {
    // Characters, not the halves that a browser counts; an end of line is one, as on the server.
    const n = [...field.value.trim()].length;
    count.value = `${n.toLocaleString("en")} / ${most.toLocaleString("en")}`;
    count.classList.toggle("is-over", n > most);
  };
  field.addEventListener("input", show);
  show();
}
