// Two terms, and the causal paths between them.
let mostPaths = 10;
let lastPaths = { key: "" };
const pathsFound = () => {
  if (state.from === null || state.to === null || state.from === state.to) return null;
  const key = [state.from, state.to, state.effect, mostPaths, filtering].join();
  if (lastPaths.key !== key) lastPaths = { key, ...bestPaths([state.from], state.to, state.effect, mostPaths) };
  return lastPaths;
};
const stepsBright = (paths) => ({
  nodes: new Set(paths.flatMap((path) => [path.steps[0].from, ...path.steps.map((step) => step.to)])),
  edges: new Set(paths.flatMap((path) => path.steps.flatMap((step) => step.edges))),
});
const pathsBright = () => {
  if (state.tab !== "paths") return null;
  const found = pathsFound()?.found;
  if (!found?.length) return null;
  return stepsBright(found[state.path] ? [found[state.path]] : found);
};

const arrowed = (path) => path.steps.flatMap((step, at) => [
  at === 0 ? make("b", {}, node.label[step.from]) : "",
  make("span", { class: `step ${{ 1: "more", "-1": "less", 0: "plain" }[step.sign]}` }, step.sign < 0 ? " ⊣ " : " → ", make("span", { class: "unseen" }, { 1: " increases ", "-1": " decreases ", 0: " is linked to " }[step.sign])),
  make("b", {}, node.label[step.to]),
]);
const anyStanding = edge.standing.some(Boolean);
const inWords = (path) => {
  const count = plural(path.steps.length, "step", "steps");
  const does = { 1: `increases it in ${count}`, "-1": `decreases it in ${count}`, 0: count }[path.sign];
  return anyStanding ? `${does} · weakest: ${standing(LEVELS[path.level])}` : does;
};
const stepList = (path) => make("ul", { class: "claims" }, path.steps.map((step) => make("li", {}, step.edges.map((id) =>
  button(sentence(id), () => choose({ edge: id, node: null }, { keyboard: true }), { class: "link" })), anyStanding && soft(standing(LEVELS[step.level])))));

const whyNone = () => {
  const effect = state.effect === "none" ? "none" : "any";
  if (bestPaths([state.from], state.to, effect, 1).found.length) return "Paths lead there, but none with this effect.";
  const back = bestPaths([state.to], state.from, effect, 1).found.length;
  const hidden = FACETS.some((facet) => state.hidden[facet].size) ? " Filters hide some claims." : "";
  return (back ? "No path leads this way, only the other way round." : "No path leads from one to the other.") + hidden;
};
const showPaths = () => {
  if (state.tab !== "paths") return;
  for (const end of ["from", "to"]) {
    const input = $(`path-${end}`);
    if (document.activeElement !== input) input.value = state[end] === null ? "" : node.label[state[end]];
  }
  $("path-effect").value = state.effect;
  const answer = pathsFound();
  if (!answer) {
    $("path-list").replaceChildren(soft(state.from !== null && state.from === state.to ? "A path needs two ends." : "Choose two terms to see by which steps one leads to the other."));
    return;
  }
  const { found, cut } = answer;
  $("path-list").replaceChildren(...[
    make("p", { class: "soft", id: "path-count" }, found.length ? `${cut ? "The best " : ""}${plural(found.length, "path", "paths")}, ${anyStanding ? "the firmest weakest step" : "the shortest"} first` : whyNone()),
    make("ol", {}, found.map((path, at) => make("li", { class: state.path === at ? "chosen" : "" },
      make("button", { type: "button", class: "path", "aria-pressed": String(state.path === at), onclick: () => choose({ path: state.path === at ? null : at }, { camera: "bright" }) },
        arrowed(path), make("small", {}, inWords(path))),
      state.path === at && stepList(path)))),
    cut && found.length === mostPaths ? button("Show more paths", () => { mostPaths += 20; choose({}, { camera: "bright" }); }, { class: "act" }) : "",
  ].filter(Boolean));
};
const startPaths = () => {
  for (const end of ["from", "to"]) {
    combobox($(`path-${end}`), { pick: (id) => choose({ [end]: id, path: null }, { camera: "bright" }) });
  }
  $("path-effect").addEventListener("change", (event) => choose({ effect: event.target.value, path: null }, { camera: "bright" }));
  $("path-swap").addEventListener("click", () => choose({ from: state.to, to: state.from, path: null }, { camera: "bright" }));
};
