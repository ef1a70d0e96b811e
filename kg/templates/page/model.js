// What is shown and what stands out, worked out anew at each change: filters, neighbourhoods, paths, plans.
let shownNode = new Uint8Array(N).fill(1);
let shownEdge = new Uint8Array(E).fill(1);
// Null where nothing stands out; else the nodes and edges that stay bright.
let bright = null;
// Counts the changes of the filters, for whoever keeps an answer that hangs on them.
let filtering = 0;
let filteredBy = null;

const shownNodes = () => everyNode.filter((id) => shownNode[id]);
const shownEdges = () => everyEdge.filter((id) => shownEdge[id]);

const passes = (facet, id) => !state.hidden[facet].has(valueOf[facet](id));
const allows = (id) => passes("look", edge.from[id]) && passes("look", edge.to[id]) && FACETS.every((facet) => facet === "look" || passes(facet, id));
const filter = () => {
  for (let id = 0; id < N; id++) shownNode[id] = passes("look", id);
  for (let id = 0; id < E; id++) {
    shownEdge[id] = allows(id);
  }
  const now = JSON.stringify(FACETS.map((facet) => [...state.hidden[facet]].sort()));
  if (now !== filteredBy) filtering += 1;
  filteredBy = now;
};

// The nodes at most so many steps from one, against the arrows (up), along them (down) or both, and the edges between.
const neighbourhood = (start, steps, way) => {
  const reached = { nodes: new Set([start]), edges: new Set() };
  let rim = [start];
  for (let step = 0; step < steps; step++) {
    const next = [];
    for (const id of rim) {
      for (const one of edgesOf[id]) {
        if (!shownEdge[one] || (way === "up" && edge.to[one] !== id) || (way === "down" && edge.from[one] !== id)) continue;
        reached.edges.add(one);
        const other = edge.from[one] === id ? edge.to[one] : edge.from[one];
        if (!reached.nodes.has(other)) {
          reached.nodes.add(other);
          next.push(other);
        }
      }
    }
    rim = next;
  }
  return reached;
};

const brighten = () => {
  const found = [pathsBright, planBright].map((stage) => stage()).find((stage) => stage);
  if (state.tab !== "legend" && found) return found;
  if (state.node !== null) return neighbourhood(state.node, state.steps, state.way);
  if (state.edge !== null) return { nodes: new Set([edge.from[state.edge], edge.to[state.edge]]), edges: new Set([state.edge]) };
  if (graph.focus.length && graph.focus.length < N) {
    const nodes = new Set(graph.focus);
    return { nodes, edges: new Set(everyEdge.filter((id) => shownEdge[id] && nodes.has(edge.from[id]) && nodes.has(edge.to[id]))) };
  }
  return null;
};

const reckon = () => {
  filter();
  bright = brighten();
  if (!state.only || !bright) return;
  for (let id = 0; id < N; id++) shownNode[id] &&= bright.nodes.has(id);
  for (let id = 0; id < E; id++) shownEdge[id] &&= bright.edges.has(id);
};
