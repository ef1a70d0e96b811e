// What the reader has chosen, in one object; and the same as the page's address, so that a link brings it back.
const FACETS = ["look", "predicate", "sign", "certainty", "standing"];
const valueOf = {
  look: (id) => node.look[id],
  predicate: (id) => graph.relations[edge.predicate[id]].name,
  sign: (id) => String(edge.sign[id]),
  certainty: (id) => edge.certainty[id],
  standing: (id) => edge.standing[id],
};
const unchosen = () => ({
  node: null, edge: null, steps: 1, way: "both", only: false,
  tab: "legend", from: null, to: null, effect: anySign ? "any" : "none", path: null,
  factors: [], outcome: null, strategies: [],
  hidden: Object.fromEntries(FACETS.map((facet) => [facet, new Set()])),
});
let state = unchosen();

const addressOf = (chosen) => {
  const parts = [];
  const put = (name, value) => parts.push(`${name}=${encodeURIComponent(value).replace(/%3A/g, ":").replace(/%20/g, "+")}`);
  const key = (id) => node.key[id];
  if (chosen.node !== null) put("node", key(chosen.node));
  if (chosen.edge !== null) put("edge", edge.key[chosen.edge] || String(chosen.edge));
  if (chosen.node !== null && chosen.steps !== 1) put("steps", chosen.steps);
  if (chosen.node !== null && chosen.way !== "both") put("way", chosen.way);
  if (chosen.only) put("only", 1);
  if (chosen.tab !== "legend") put("tab", chosen.tab);
  if (chosen.from !== null) put("from", key(chosen.from));
  if (chosen.to !== null) put("to", key(chosen.to));
  if (chosen.effect !== unchosen().effect) put("effect", chosen.effect);
  if (chosen.path !== null) put("path", chosen.path + 1);
  chosen.factors.forEach((id) => put("factor", key(id)));
  if (chosen.outcome !== null) put("outcome", key(chosen.outcome));
  chosen.strategies.forEach((id) => put("strategy", key(id)));
  for (const facet of FACETS) [...chosen.hidden[facet]].sort().forEach((value) => put(`hide-${facet}`, value));
  return parts.length ? `#${parts.join("&")}` : "";
};

// What an address asks for, and the names in it that this page does not hold.
const stateOf = (address) => {
  const asked = new URLSearchParams(address.replace(/^#/, ""));
  const [chosen, unknown] = [unchosen(), []];
  const number = (name, known) => {
    if (name && known.has(name)) return known.get(name);
    if (name) unknown.push(name);
    return null;
  };
  const one = (name) => number(asked.get(name) ?? "", nodeNumber);
  const many = (name) => [...new Set(asked.getAll(name).map((key) => number(key, nodeNumber)))].filter((id) => id !== null);
  const among = (name, values, otherwise) => (values.includes(asked.get(name)) ? asked.get(name) : otherwise);
  chosen.node = one("node");
  const edgeName = asked.get("edge") ?? "";
  chosen.edge = chosen.node !== null ? null : /^\d+$/.test(edgeName) && edgeName < E ? Number(edgeName) : number(edgeName, edgeNumber);
  chosen.steps = Number(among("steps", ["1", "2", "3"], "1"));
  chosen.way = among("way", ["both", "up", "down"], "both");
  chosen.only = asked.get("only") === "1";
  chosen.tab = among("tab", ["legend", "paths", "plan"], "legend");
  chosen.from = one("from");
  chosen.to = one("to");
  chosen.effect = among("effect", ["any", "increases", "decreases", "none"], chosen.effect);
  chosen.path = /^[1-9]\d{0,5}$/.test(asked.get("path") ?? "") ? Number(asked.get("path")) - 1 : null;
  chosen.factors = many("factor");
  chosen.outcome = one("outcome");
  chosen.strategies = many("strategy");
  for (const facet of FACETS) chosen.hidden[facet] = new Set(asked.getAll(`hide-${facet}`));
  return [chosen, unknown];
};

// Each change of what is chosen is a step of the browser's history; `quiet` ones, such as ticking a box, replace the last step.
const choose = (change, { quiet = false, camera = null, keyboard = false } = {}) => {
  state = { ...state, ...change };
  const address = addressOf(state);
  if (!framed && address !== location.hash) {
    history[quiet ? "replaceState" : "pushState"](null, "", address || location.pathname + location.search);
  }
  render({ camera, keyboard });
};
const followAddress = ({ camera = "home" } = {}) => {
  const [chosen, unknown] = stateOf(framed || !location.hash ? graph.opening : location.hash);
  state = chosen;
  render({ camera });
  if (unknown.length) say(`The link names what is not on this page: ${unknown.join(", ")}`);
};
