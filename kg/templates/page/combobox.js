// A text field that suggests terms by label and synonym, as the ARIA combobox pattern has it.
let names = null;
const nameIndex = () =>
  (names ??= everyNode.flatMap((id) => [node.label[id], ...(node.synonyms[id] || [])].map((name, at) => ({ id, name, folded: fold(name), own: at === 0 }))));
// The terms that a text may mean: exact names first, then beginnings, beginnings of words, and parts; labels before synonyms.
const matches = (text, most, allowed = () => true) => {
  const wanted = fold(text);
  if (!wanted) return [];
  const found = new Map();
  for (const { id, name, folded, own } of nameIndex()) {
    const at = folded.indexOf(wanted);
    if (at < 0 || !allowed(id)) continue;
    const rank = (folded === wanted ? 0 : at === 0 ? 2 : folded[at - 1] === " " ? 4 : 6) + (own ? 0 : 1);
    if (!found.has(id) || rank < found.get(id).rank) found.set(id, { id, name, rank, own });
  }
  return [...found.values()].sort((one, other) => one.rank - other.rank || one.name.length - other.name.length || one.id - other.id).slice(0, most);
};

const combobox = (input, { pick, allowed, clears = false }) => {
  const list = make("ul", { role: "listbox", id: `${input.id}-list`, class: "suggestions", "aria-label": input.getAttribute("aria-label") || "Terms", hidden: true });
  for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  input.after(list);
  let [options, active] = [[], -1];
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  };
  const mark = (at) => {
    active = at;
    [...list.children].forEach((one, number) => one.setAttribute("aria-selected", String(number === at)));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const take = (id) => {
    close();
    input.value = clears ? "" : node.label[id];
    pick(id);
  };
  const suggest = () => {
    options = matches(input.value, 12, allowed);
    list.replaceChildren(...options.map(({ id, name, own }, at) => {
      const one = make("li", { role: "option", id: `${list.id}-${at}`, "aria-selected": "false" },
        icon(node.look[id]), make("span", {}, name, !own && make("small", {}, node.label[id])));
      // Before the field loses the focus, and with it its list.
      one.addEventListener("pointerdown", (event) => { event.preventDefault(); take(id); });
      return one;
    }));
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(options.length > 0));
    mark(-1);
  };
  input.addEventListener("input", () => {
    suggest();
    if (input.value.trim()) say(options.length ? plural(options.length, "suggestion", "suggestions") : `Nothing is called “${input.value.trim()}”`);
    else if (!clears) pick(null);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) suggest();
      if (options.length) mark((active + (event.key === "ArrowDown" ? 1 : -1) + options.length + (active < 0 && event.key === "ArrowUp" ? 1 : 0)) % options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (list.hidden) options = matches(input.value, 12, allowed);
      const chosen = options[Math.max(0, active)];
      if (chosen && input.value.trim()) take(chosen.id);
      else if (input.value.trim()) say(`Nothing is called “${input.value.trim()}”`);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  input.addEventListener("blur", close);
};
