// A small tool bar above texts in Markdown; without it the same box takes Markdown as it is typed.
const bar = document.querySelector("#markdown-bar");

function write(box, { before = "", after = "", line = "" }) {
  const { selectionStart: start, selectionEnd: end, value } = box;
  const chosen = value.slice(start, end);
  if (line) {
    const first = value.lastIndexOf("\n", start - 1) + 1;
    const lines = value.slice(first, end).split("\n").map((one) => line + one);
    box.setRangeText(lines.join("\n"), first, end, "end");
  } else {
    box.setRangeText(before + chosen + after, start, end, "end");
    box.setSelectionRange(start + before.length, start + before.length + chosen.length);
  }
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

for (const box of bar ? document.querySelectorAll(bar.dataset.boxes) : []) {
  const tools = bar.content.cloneNode(true).firstElementChild;
  for (const button of tools.querySelectorAll("button")) {
    button.setAttribute("aria-controls", box.id);
    button.addEventListener("click", () => write(box, button.dataset));
  }
  const both = document.createElement("div");
  both.className = "markdown-box";
  box.replaceWith(both);
  both.append(tools, box);
}
