// The same graph as two tables: what is shown in the drawing, no more and no less; sortable.
const ROWS = 200;
const tables = {
  edges: {
    columns: ["Subject", "Relation", "Object", "Certainty", "Standing"],
    shown: shownEdges,
    cells: (id) => [node.label[edge.from[id]], words(id), node.label[edge.to[id]], edge.certainty[id], standing(edge.standing[id])],
    // By rank, firmest first, where letters would say nothing.
    sortable: (id, column) => (column === 3 ? Object.keys(graph.certainties).indexOf(edge.certainty[id]) : column === 4 ? -LEVELS.indexOf(edge.standing[id]) : null),
    act: 1,
    name: (id) => `Evidence: ${sentence(id)}`,
    pick: (id, keyboard) => choose({ edge: id, node: null }, { camera: "bright", keyboard }),
    chosen: (id) => state.edge === id,
  },
  nodes: {
    columns: ["Term", "Class", "Links in", "Links out", "Also called"],
    shown: shownNodes,
    cells: (id) => [node.label[id], graph.looks[node.look[id]].singular, links(id, edge.to), links(id, edge.from), (node.synonyms[id] || []).join(", ")],
    sortable: (id, column) => (column === 2 ? -links(id, edge.to) : column === 3 ? -links(id, edge.from) : null),
    act: 0,
    name: (id) => node.label[id],
    pick: (id, keyboard) => choose({ node: id, edge: null }, { camera: "bright", keyboard }),
    chosen: (id) => state.node === id,
  },
};
const links = (id, ends) => edgesOf[id].filter((one) => shownEdge[one] && ends[one] === id).length;
const collator = new Intl.Collator("en", { numeric: true });

const showTable = (kind) => {
  const table = tables[kind];
  if (!$(`${kind}-fold`).open) return;
  const { by = null, down = false, most = ROWS } = table;
  const ids = table.shown();
  if (by !== null) {
    const keys = new Map(ids.map((id) => [id, table.sortable(id, by) ?? table.cells(id)[by]]));
    const compare = (one, other) => (typeof keys.get(one) === "number" ? keys.get(one) - keys.get(other) : collator.compare(keys.get(one), keys.get(other)));
    ids.sort((one, other) => (down ? -1 : 1) * compare(one, other) || one - other);
  }
  const element = $(`${kind}-table`);
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.at : null;
  element.tHead.rows[0].replaceChildren(...table.columns.map((name, column) =>
    make("th", { scope: "col", "aria-sort": by === column ? (down ? "descending" : "ascending") : "none" },
      button(name, () => {
        [table.by, table.down] = [column, by === column && !down];
        showTable(kind);
        say(`Sorted by ${name.toLowerCase()}, ${table.down ? "descending" : "ascending"}`);
      }, { "data-at": `head-${column}` }))));
  element.tBodies[0].replaceChildren(...ids.slice(0, most).map((id) => {
    const row = make("tr", { class: table.chosen(id) ? "chosen" : "" }, table.cells(id).map((text, column) =>
      make("td", {}, column === table.act
        ? button(String(text), (event) => { event.stopPropagation(); opener = event.currentTarget.dataset.at; table.pick(id, event.detail === 0); },
          { class: "link", "aria-label": kind === "edges" ? table.name(id) : null, "data-at": `${kind}-${id}` })
        : String(text))));
    row.addEventListener("click", () => table.pick(id, false));
    return row;
  }));
  const more = $(`${kind}-more`);
  more.hidden = ids.length <= most;
  more.textContent = `Show ${Math.min(ROWS, ids.length - most)} more of ${(ids.length - most).toLocaleString("en")}`;
  more.onclick = () => { table.most = most + ROWS; showTable(kind); };
  if (focused) element.querySelector(`[data-at="${focused}"]`)?.focus({ preventScroll: true });
};
// The button of a table that opened the details, to which Escape leads back.
let opener = null;
const startTables = () => {
  for (const kind of Object.keys(tables)) $(`${kind}-fold`).addEventListener("toggle", () => showTable(kind));
};
