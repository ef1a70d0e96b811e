// What is told of a chosen node or edge.
const icon = (name) => {
  const { shape } = graph.looks[name];
  const colours = graph.looks[name][theme()];
  return drawn("svg", { width: 34, height: 20, viewBox: "-17 -10 34 20", "aria-hidden": "true" },
    drawn("path", { d: outline(shape, 31, 17), fill: colours.fill, stroke: colours.border, "stroke-width": 1.6 }));
};
const stroke = (colour, dashes, kind) => {
  const heads = { arrow: "M44 4L56 10L44 16Z", bar: "M53 3V17", vee: "M45 5L55 10L45 15" };
  const filled = kind === "arrow";
  return drawn("svg", { width: 58, height: 20, viewBox: "0 0 58 20", "aria-hidden": "true" },
    drawn("path", { d: `M2 10H${kind ? 52 : 56}`, fill: "none", stroke: colour, "stroke-width": 2.4, "stroke-dasharray": dashes.join(" ") }),
    ...(kind && graph.directed ? [drawn("path", { d: heads[kind], fill: filled ? colour : "none", stroke: colour, "stroke-width": filled ? 1 : 3 })] : []));
};
const chip = (...parts) => make("span", { class: "chip" }, ...parts);
const soft = (...parts) => make("p", { class: "soft" }, ...parts);
const term = (id) => button(node.label[id], () => choose({ node: id, edge: null }, { camera: "bright", keyboard: true }), { class: "link" });
const section = (title, ...children) => (children.some(Boolean) ? [make("h3", {}, title), ...children] : []);
const spaced = (text) => text.replace(/-/g, " ");

const proof = (item, known) => {
  const source = known[item.source];
  const verdict = graph.verdicts[item.verdict];
  const name = source ? source.label : item.source;
  const where = [item.section && `section “${item.section}”`, item.sentence && `sentence ${item.sentence}`, item.locator].filter(Boolean).join(", ");
  const [measure, value, low, high] = item.effect || [];
  return make("li", { class: `proof-card ${verdict ? item.verdict : ""}` },
    make("strong", {}, name), where && `, ${where}`, source?.journal && !name.includes(source.journal) && `, ${source.journal}`,
    verdict ? make("p", {}, `${verdict.symbol} ${verdict.words}`, item.design && ` · ${item.design}`) : item.design && soft(item.design),
    item.finding && make("p", {}, item.finding),
    item.effect && make("p", { class: "effect" }, `${measure} ${value}${low ? ` (95 % CI ${low} to ${high})` : ""}`),
    item.grade && soft(item.grade === "not-graded" ? "Certainty not graded by its authors" : `Certainty graded ${spaced(item.grade)}`),
    item.indirectness && soft(`Indirect: ${item.indirectness}`),
    source?.links?.length && make("p", { class: "links" }, source.links.map(([text, iri]) => link(text, iri))));
};

const edgeTold = async (id) => {
  const [about, known] = await Promise.all([toldEdge(id), sources()]);
  const [certainty, level, evidence] = [edge.certainty[id], edge.standing[id], about.evidence || []];
  return [
    make("h2", { tabindex: "-1" }, about.claim || sentence(id)),
    make("div", { class: "chips" },
      chip(stroke(sign(id)[theme()], [], sign(id).arrow), edge.sign[id] ? sign(id).name : words(id) === "→" ? "link" : words(id)),
      certainty && chip(stroke(css("--ink"), graph.certainties[certainty].dashes, ""), certainty),
      level && chip(standing(level))),
    level && soft(`${level}: ${graph.standings[level].words}.`),
    certainty && soft(`In the article it is ${graph.certainties[certainty].words}.`),
    denied.has(id) && make("p", {}, "No source asserts this: every publication read disputes it or found no evidence for it."),
    about.comment && make("p", {}, about.comment),
    make("div", { class: "ends" }, term(edge.from[id]), make("span", { class: "soft" }, words(id)), term(edge.to[id])),
    section(evidence.length ? `What it rests on (${plural(evidence.length, "piece of evidence", "pieces of evidence")})` : "What it rests on",
      evidence.length ? make("ul", { class: "proofs" }, evidence.map((item) => proof(item, known))) : soft("No evidence is recorded.")),
  ];
};

const nearList = (ids, id) => make("ul", { class: "near" }, ids.map((one) => {
  const out = edge.from[one] === id;
  return make("li", {},
    make("span", {}, make("span", { class: "words" }, out ? `${words(one)} ` : ""), term(out ? edge.to[one] : edge.from[one]),
      make("span", { class: "words" }, out ? "" : ` ${words(one)} this`)),
    button(edge.standing[one] ? standing(edge.standing[one]) : "more", () => choose({ edge: one, node: null }, { keyboard: true }),
      { class: "link proof", "aria-label": `Evidence: ${sentence(one)}` }));
}));
const WHERE = ["kg:locatedIn", "kg:partOf", "kg:affects"];
const helps = (id) => edge.sign[id] === -1 || valueOf.predicate(id) === "kg:recommendedFor";
const lists = (id) => {
  const groups = [
    ["What leads to it", (one) => edge.to[one] === id && edge.sign[one] === 1],
    ["What it leads to", (one) => edge.from[one] === id && edge.sign[one] === 1],
    ["What helps", (one) => edge.to[one] === id && helps(one)],
    ["What it helps with", (one) => edge.from[one] === id && helps(one)],
    ["Where", (one) => edge.from[one] === id && WHERE.includes(valueOf.predicate(one))],
    ["Also here", (one) => edge.to[one] === id && WHERE.includes(valueOf.predicate(one))],
    ["Other links", () => true],
  ];
  let rest = edgesOf[id].filter((one) => shownEdge[one]);
  return groups.flatMap(([title, belongs]) => {
    const found = rest.filter(belongs);
    rest = rest.filter((one) => !belongs(one));
    const more = found.splice(60);
    return section(title, found.length && nearList(found, id), more.length && soft(`and ${more.length} more, in the table`));
  });
};

const highlightControls = () => {
  const step = (count) => make("label", {},
    make("input", { type: "radio", name: "steps", value: count, checked: state.steps === count, onchange: () => choose({ steps: count }, { camera: "bright" }) }), String(count));
  const option = (value, text) => make("option", { value, selected: state.way === value }, text);
  return make("fieldset", { class: "highlight" }, make("legend", {}, "Highlight"),
    make("span", { class: "steps", role: "group", "aria-label": "Steps away" }, [1, 2, 3].map(step), " steps"),
    make("select", { "aria-label": "In which direction", onchange: (event) => choose({ way: event.target.value }, { camera: "bright" }) },
      option("both", "all around"), option("up", "upstream: what leads to it"), option("down", "downstream: what it leads to")),
    make("label", {}, make("input", { type: "checkbox", checked: state.only, onchange: (event) => choose({ only: event.target.checked }) }), "hide the rest"),
    make("span", { class: "acts" },
      button("Paths from here", () => choose({ tab: "paths", from: state.node, path: null }, { keyboard: "tab" })),
      button("Paths to here", () => choose({ tab: "paths", to: state.node, path: null }, { keyboard: "tab" }))));
};

const nodeTold = async (id) => {
  const about = await toldNode(id);
  const iri = about.iri || expand(node.key[id]);
  const wider = [...(node.broader[id] || []).map(term), ...(about.wider || [])];
  return [
    make("h2", { tabindex: "-1" }, node.label[id]),
    about.classes && make("div", { class: "chips" }, chip(icon(node.look[id]), about.classes.map((name) => graph.classNames[name]).join(", "))),
    about.definition && make("p", {}, about.definition),
    about.note && soft(about.note),
    node.synonyms[id] && soft(`Also called: ${node.synonyms[id].join(", ")}`),
    wider.length > 0 && soft("A kind of: ", wider.flatMap((one, at) => (at ? [", ", one] : [one]))),
    edgesOf[id].length > 0 && highlightControls(),
    lists(id),
    section("Identifiers", make("ul", {},
      make("li", {}, link(node.key[id], iri)),
      (about.identifiers || []).map(([curie, , meaning, address]) => make("li", {}, link(curie, address), make("span", { class: "soft" }, ` ${meaning}`))))),
  ];
};

// The latest choice wins, however long an earlier one takes to unpack; whether this one is it, is what comes back.
let asked = 0;
const showDetails = async ({ keyboard }) => {
  const turn = (asked += 1);
  document.documentElement.dataset.told = "";
  const { node: one, edge: other } = state;
  const parts = one !== null ? await nodeTold(one) : other !== null ? await edgeTold(other) : [];
  if (turn !== asked) return false;
  const focused = document.activeElement;
  const place = $("told").contains(focused) ? [...$("told").querySelectorAll("input, select, button")].indexOf(focused) : -1;
  $("told").replaceChildren(...parts.flat().filter(Boolean));
  $("details").hidden = parts.length === 0;
  if (keyboard === true) $("told").querySelector("h2")?.focus({ preventScroll: true });
  else if (place >= 0 && focused.name === document.activeElement?.name) return true;
  else if (place >= 0) $("told").querySelectorAll("input, select, button")[place]?.focus({ preventScroll: true });
  if (place < 0) $("details").scrollTop = $("panel").scrollTop = 0;
  return true;
};
