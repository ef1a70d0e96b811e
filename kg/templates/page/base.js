// What all else stands on: the graph as columns, its details on request, and small helpers. Every text of the graph is set as
// text, never as HTML. The files of this folder are joined in the order that kg/engine.py gives, and share one scope.
const $ = (id) => document.getElementById(id);
const graph = JSON.parse($("graph").textContent);
// Columns: node.label[3] is the label of node 3, edge.from[7] the number of the node that edge 7 starts in.
const { nodes: node, edges: edge } = graph;
const [N, E] = [node.key.length, edge.from.length];
const denied = new Set(edge.denied);
const numbers = (count) => Array.from({ length: count }, (_, number) => number);
const everyNode = numbers(N);
const everyEdge = numbers(E);
const nodeNumber = new Map(node.key.map((key, number) => [key, number]));
const edgeNumber = new Map(edge.key.map((key, number) => [key, number]));
// The edges of each node, both ways, a loop once.
const edgesOf = everyNode.map(() => []);
everyEdge.forEach((id) => {
  edgesOf[edge.from[id]].push(id);
  if (edge.to[id] !== edge.from[id]) edgesOf[edge.to[id]].push(id);
});

const FONT = getComputedStyle(document.documentElement).getPropertyValue("--font");
const dark = matchMedia("(prefers-color-scheme: dark)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const theme = () => (dark.matches ? "dark" : "light");
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// In a notebook's frame the address and the history belong to the notebook.
const framed = window.parent !== window;

const look = (id) => graph.looks[node.look[id]];
const sign = (id) => graph.signs[edge.sign[id]];
const words = (id) => graph.relations[edge.predicate[id]].words || "→";
const standing = (name) => (name ? `${graph.standings[name].symbol}\u00a0${name}` : "");
const sentence = (id) => `${node.label[edge.from[id]]} ${words(id)} ${node.label[edge.to[id]]}`;
const plural = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
const faded = (hex, share) => hex + Math.round(share * 255).toString(16).padStart(2, "0");

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
};
const drawn = (tag, attributes, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const button = (text, act, attributes = {}) => make("button", { type: "button", onclick: act, ...attributes }, text);
const link = (text, iri) =>
  /^(https?:\/\/|mailto:)[^\s<>"\\^`{|}]+$/i.test(iri || "")
    ? make("a", { href: iri, target: "_blank", rel: "noopener noreferrer" }, text)
    : document.createTextNode(text);
const say = (text) => { $("status").textContent = text; };

// The whole IRI of a CURIE, or the text itself.
const expand = (name) => {
  const [prefix, local] = [name.slice(0, name.indexOf(":")), name.slice(name.indexOf(":") + 1)];
  return Object.hasOwn(graph.prefixes, prefix) && !local.startsWith("//") ? graph.prefixes[prefix] + local : name;
};

// Definitions, evidence and sources lie compressed in the page, in pieces; each is unpacked when it is first asked for.
const pieces = new Map();
const piece = (name) => {
  if (!pieces.has(name)) {
    const bytes = Uint8Array.from(atob($(`piece-${name}`).textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    pieces.set(name, new Response(stream).json());
  }
  return pieces.get(name);
};
const told = async (kind, id) => (await piece(`${kind}-${Math.floor(id / graph.piece)}`))[id % graph.piece];
const sources = () => piece("sources");
const toldNode = (id) => told("nodes", id);
const toldEdge = (id) => told("edges", id);
