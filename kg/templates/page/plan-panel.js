// Factors, an outcome, and which ways between them the ticked strategies close.
let lastWays = { key: "" };
const waysFound = () => {
  if (state.tab !== "plan" || !state.factors.length || state.outcome === null || state.factors.includes(state.outcome)) return null;
  const key = [...state.factors, "to", state.outcome, filtering].join();
  if (lastWays.key !== key) lastWays = { key, ...waysTo(state.factors, state.outcome) };
  return lastWays;
};
const isClosed = (way) => way.closers.some((id) => state.strategies.includes(id));
const planBright = () => {
  const found = waysFound();
  if (!found?.ways.length) return null;
  const open = found.ways.filter((way) => !isClosed(way));
  const chosen = open[state.path] ? [open[state.path]] : open;
  const lit = chosen.length ? stepsBright(chosen) : { nodes: new Set(), edges: new Set() };
  // The strategies that are ticked, and what they do on the ways.
  const onWays = new Set(found.ways.flatMap((way) => way.nodes));
  for (const id of state.strategies) {
    for (const [kind, claims] of found.acts.get(id) || []) {
      if (!onWays.has(kind) || kind === state.outcome) continue;
      // A claim on a wider term blocks its kinds too; then the wider term is shown with it.
      [id, kind, ...claims.map((claim) => edge.to[claim])].forEach((one) => lit.nodes.add(one));
      claims.forEach((claim) => lit.edges.add(claim));
    }
  }
  [...state.factors, state.outcome].forEach((id) => lit.nodes.add(id));
  return lit;
};
const blockedMark = (id) => {
  const found = state.strategies.length ? waysFound() : null;
  return Boolean(found) && id !== state.outcome && state.strategies.some((one) => found.acts.get(one)?.has(id)) && found.ways.some((way) => way.nodes.includes(id));
};

const strategyRow = (id, found) => {
  const closes = found.ways.filter((way) => way.closers.includes(id)).length;
  const nodes = [...found.acts.get(id).keys()].filter((one) => one !== state.outcome && found.ways.some((way) => way.nodes.includes(one)));
  const best = Math.max(...nodes.flatMap((one) => found.acts.get(id).get(one)).map((claim) => LEVELS.indexOf(edge.standing[claim] || "Unreviewed")));
  const tick = make("input", { type: "checkbox", "data-strategy": id, checked: state.strategies.includes(id) });
  tick.addEventListener("change", () => choose({ strategies: tick.checked ? [...state.strategies, id] : state.strategies.filter((one) => one !== id), path: null }, { quiet: true }));
  return make("li", {}, make("label", {}, tick, icon(node.look[id]),
    make("span", { class: "name" }, make("b", {}, node.label[id]), make("small", {}, `acts on ${nodes.map((one) => node.label[one]).join(", ")} · ${standing(LEVELS[best])}`)),
    make("span", { class: "count" }, plural(closes, "way", "ways"))));
};
const wayRow = (way, at) => make("li", { class: state.path === at ? "chosen" : "" },
  make("button", { type: "button", class: "path", "aria-pressed": String(state.path === at), onclick: () => choose({ path: state.path === at ? null : at }, { camera: "bright", quiet: true }) },
    arrowed(way), !way.closers.length && make("small", {}, "no strategy here closes this way")));
const showPlan = () => {
  if (state.tab !== "plan") return;
  $("plan-factors").replaceChildren(...state.factors.map((id) => make("li", { class: "chip" }, icon(node.look[id]), node.label[id],
    button("×", () => { choose({ factors: state.factors.filter((one) => one !== id), path: null }); $("plan-factor").focus(); }, { "aria-label": `Remove ${node.label[id]}` }))));
  if (document.activeElement !== $("plan-outcome")) $("plan-outcome").value = state.outcome === null ? "" : node.label[state.outcome];
  const found = waysFound();
  const focused = document.activeElement?.dataset?.strategy;
  if (!found) {
    $("plan-list").replaceChildren(soft(state.outcome !== null && state.factors.includes(state.outcome) ? "The outcome can't be one of the factors." : "Choose what sets it off and what it leads to; then tick strategies to see which ways they close."));
    return;
  }
  const { ways, cut } = found;
  const open = ways.filter((way) => !isClosed(way));
  const stuck = ways.filter((way) => !way.closers.length).length;
  const useful = [...found.acts.keys()].filter((id) => ways.some((way) => way.closers.includes(id)))
    .sort((one, other) => ways.filter((way) => way.closers.includes(other)).length - ways.filter((way) => way.closers.includes(one)).length || one - other);
  const counts = ways.length === 0 ? "No way leads from these factors to more of this outcome."
    : `${cut ? "Of the first " : ""}${plural(ways.length, "way", "ways")}: ${ways.length - open.length} closed, ${open.length} open${stuck ? `, ${stuck} of them closed by no strategy` : ""}`;
  $("plan-list").replaceChildren(...[
    make("p", { id: "plan-count", "aria-live": "polite" }, counts),
    ways.length > 0 && useful.length > 0 && make("div", { class: "acts" },
      button("Tick a smallest set", () => { const set = smallestSet(ways); if (set) choose({ strategies: set, path: null }, { camera: "bright" }); else say("No small set closes them"); }, { class: "act" }),
      state.strategies.length > 0 && button("Untick all", () => choose({ strategies: [], path: null }), { class: "act" })),
    useful.length > 0 && make("h2", {}, "Strategies on these ways"),
    useful.length > 0 && make("ul", { class: "strategies" }, useful.map((id) => strategyRow(id, found))),
    open.length > 0 && make("h2", {}, "Open ways"),
    open.length > 0 && make("ol", {}, open.slice(0, 20).map(wayRow)),
    open.length > 20 && soft(`and ${open.length - 20} more`),
    soft("A plan says how claims hang together. It is no advice for a person."),
  ].filter(Boolean));
  if (focused) $("plan-list").querySelector(`[data-strategy="${focused}"]`)?.focus({ preventScroll: true });
};
const startPlan = () => {
  combobox($("plan-factor"), { clears: true, pick: (id) => id !== null && choose({ factors: [...new Set([...state.factors, id])], path: null }, { camera: "bright" }) });
  combobox($("plan-outcome"), { pick: (id) => choose({ outcome: id, path: null }, { camera: "bright" }) });
};
