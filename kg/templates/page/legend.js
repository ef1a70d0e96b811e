// The legend, made from what is drawn; each entry is a filter.
const counted = (ids, facet) => {
  const counts = new Map();
  ids.forEach((id) => counts.set(valueOf[facet](id), (counts.get(valueOf[facet](id)) || 0) + 1));
  return counts;
};
const entry = (facet, value, name, count, ...pictures) => {
  const tick = make("input", { type: "checkbox", "data-facet": facet, "data-value": value, checked: !state.hidden[facet].has(value) });
  tick.addEventListener("change", () => {
    const values = new Set(state.hidden[facet]);
    values[tick.checked ? "delete" : "add"](value);
    choose({ hidden: { ...state.hidden, [facet]: values }, path: null }, { quiet: true });
  });
  return make("label", {}, tick, pictures, make("span", { class: "name" }, name), make("span", { class: "count" }, count.toLocaleString("en")));
};
const several = (counts) => counts.size > 1 || ![...counts.keys()].every((value) => value === "" || value === "0");
const group = (title, facet, entries, open = true) => {
  const all = entries.map(([value]) => value);
  const none = all.every((value) => state.hidden[facet].has(value));
  const flip = () => {
    const hide = !all.every((value) => state.hidden[facet].has(value));
    choose({ hidden: { ...state.hidden, [facet]: new Set(hide ? all : []) }, path: null }, { quiet: true });
  };
  return make("details", { class: "facet", open, "data-facet": facet },
    make("summary", {}, title), make("div", {}, entries.length > 2 && button(none ? "show all" : "hide all", flip, { class: "link all", "aria-label": `${title}: ${none ? "show all" : "hide all"}` }),
      entries.map(([value, name, count, ...pictures]) => entry(facet, value, name, count, ...pictures))));
};
const makeLegend = () => {
  const looks = counted(everyNode, "look");
  const [signs, certainties, standings, predicates] = ["sign", "certainty", "standing", "predicate"].map((facet) => counted(everyEdge, facet));
  const parts = [group("Terms", "look", graph.order.filter((name) => looks.has(name)).map((name) => [name, graph.looks[name].plural, looks.get(name), icon(name)]))];
  if (E) {
    const bare = !several(signs);
    parts.push(group("Effect", "sign", ["1", "-1", "0"].filter((value) => signs.has(value)).map((value) =>
      [value, bare ? "link" : graph.signs[value].name, signs.get(value), stroke(graph.signs[value][theme()], [], graph.signs[value].arrow)])));
  }
  if (several(certainties)) parts.push(group("How firmly it is said", "certainty", [...Object.keys(graph.certainties), ""].filter((name) => certainties.has(name)).map((name) =>
    [name, name || "not said", certainties.get(name), stroke(css("--ink"), name ? graph.certainties[name].dashes : [], "")])));
  if (several(standings)) parts.push(group("Standing in the literature", "standing", [...Object.keys(graph.standings), ""].filter((name) => standings.has(name)).map((name) =>
    [name, name ? make("span", {}, make("b", {}, name), make("small", {}, graph.standings[name].words)) : "not said", standings.get(name),
      make("span", { class: "symbol", "aria-hidden": "true" }, name ? graph.standings[name].symbol : "")])));
  if (predicates.size > 1) parts.push(group("Relations", "predicate", graph.relations.filter(({ name }) => predicates.has(name)).map(({ name, words: text }) =>
    [name, text || "link", predicates.get(name)]), predicates.size <= 8));
  return parts;
};
// Boxes are kept while the reader ticks them, so that the keyboard stays where it is.
const showLegend = ({ anew = false } = {}) => {
  if (anew || !$("legend").children.length) {
    const folded = new Map([...$("legend").querySelectorAll("details")].map((one) => [one.dataset.facet, one.open]));
    $("legend").replaceChildren(...makeLegend());
    $("legend").querySelectorAll("details").forEach((one) => { if (folded.has(one.dataset.facet)) one.open = folded.get(one.dataset.facet); });
  }
  $("legend").querySelectorAll("input").forEach((tick) => { tick.checked = !state.hidden[tick.dataset.facet].has(tick.dataset.value); });
  $("legend").querySelectorAll("details").forEach((one) => {
    const flip = one.querySelector("button.all");
    if (!flip) return;
    const none = [...one.querySelectorAll("input")].every((tick) => !tick.checked);
    flip.textContent = none ? "show all" : "hide all";
    flip.setAttribute("aria-label", `${one.querySelector("summary").textContent}: ${flip.textContent}`);
  });
};

const part = (count, of, one, many) => (count === of ? plural(of, one, many) : `${count.toLocaleString("en")} of ${plural(of, one, many)}`);
const tally = () => {
  const [some, all] = [shownNodes().length, shownEdges().length];
  const [terms, statements] = [part(some, N, "term", "terms"), part(all, E, "statement", "statements")];
  $("nodes-count").textContent = terms;
  $("edges-count").textContent = statements;
  Object.assign(document.documentElement.dataset, { shownNodes: some, shownEdges: all });
  return `${terms}, ${statements}`;
};
