// Events, and one function that brings everything on the page up to what is chosen.
const TABS = ["legend", "paths", "plan"];
const render = ({ camera = null, keyboard = false } = {}) => {
  reckon();
  refreshBoxes();
  drawing += 1;
  for (const name of TABS) {
    $(`tab-${name}`).setAttribute("aria-selected", String(state.tab === name));
    $(`tab-${name}`).tabIndex = state.tab === name ? 0 : -1;
    $(name).hidden = state.tab !== name;
  }
  $("hint").hidden = state.tab !== "legend" || state.node !== null || state.edge !== null;
  showLegend();
  showPaths();
  showPlan();
  showTable("edges");
  showTable("nodes");
  const counts = tally();
  $("near").disabled = !bright;
  if (state.node !== null) say(`${node.label[state.node]}, ${graph.looks[node.look[state.node]].singular}: ${plural(edgesOf[state.node].filter((id) => shownEdge[id]).length, "statement", "statements")}`);
  else if (state.edge !== null) say(sentence(state.edge));
  else if (bright && state.tab === "paths") say($("path-count")?.textContent ?? counts);
  else if (state.tab === "plan" && $("plan-count")) say($("plan-count").textContent);
  else say(counts);
  if (keyboard === "tab") $(`tab-${state.tab}`).focus();
  const details = showDetails({ keyboard });
  details.then((latest) => {
    if (!latest) return;
    document.documentElement.dataset.told = asked;
    // On a narrow screen the details cover the lower half: what they tell of is brought above them.
    const covered = inSheet() && !$("details").hidden;
    if (covered) $("stage").scrollIntoView({ block: "start" });
    if (covered && bright) toBright(camera !== "home");
    else if (camera === "home") home(false);
    else if (camera && bright) toBright();
  });
  network.redraw();
};
const clear = () => {
  const at = opener;
  const inside = $("told").contains(document.activeElement) || document.activeElement === $("close") || document.activeElement === document.body;
  opener = null;
  choose({ node: null, edge: null, only: false });
  // Found only now, since the tables were written anew.
  const back = at && document.querySelector(`[data-at="${at}"]`);
  if (back) back.focus({ preventScroll: true });
  else if (inside) $("canvas").focus({ preventScroll: true });
};

// ---- pointing
const tip = (point, title, ...more) => {
  $("tip").replaceChildren(title, ...more.filter(Boolean).map((text) => make("small", {}, text)));
  $("tip").hidden = false;
  const { clientWidth, clientHeight } = $("canvas");
  $("tip").style.left = `${Math.max(4, Math.min(point.x + 14, clientWidth - $("tip").offsetWidth - 4))}px`;
  $("tip").style.top = `${point.y + 20 + $("tip").offsetHeight > clientHeight ? point.y - $("tip").offsetHeight - 12 : point.y + 20}px`;
};
const pointAtThing = async (found, point) => {
  if (found.node === pointer.node && found.edge === pointer.edge) return;
  Object.assign(pointer, found);
  $("canvas").style.cursor = found.node !== null || found.edge !== null ? "pointer" : "";
  $("tip").hidden = true;
  network.redraw();
  if (found.node !== null) {
    const short = node.lines[found.node].at(-1).endsWith("…");
    if (short || network.getScale() < 0.72) tip(point, node.label[found.node], graph.looks[node.look[found.node]].singular);
  } else if (found.edge !== null) {
    const id = found.edge;
    const { claim } = await toldEdge(id);
    if (pointer.edge === id) tip(point, claim || sentence(id), [edge.certainty[id], standing(edge.standing[id])].filter(Boolean).join(" · "));
  }
};
const startPointing = () => {
  let waiting = null;
  $("canvas").addEventListener("pointermove", (event) => {
    if (event.buttons || event.pointerType === "touch") { $("tip").hidden = true; return; }
    const area = $("canvas").getBoundingClientRect();
    const point = { x: event.clientX - area.left, y: event.clientY - area.top };
    if (waiting === null) requestAnimationFrame(() => { const at = waiting; waiting = null; pointAtThing(whatIsAt(network.DOMtoCanvas(at)), at); });
    waiting = point;
  });
  $("canvas").addEventListener("pointerleave", () => pointAtThing({ node: null, edge: null }, null));
  for (const event of ["dragStart", "zoom"]) network.on(event, () => { $("tip").hidden = true; });
  network.on("click", ({ pointer: { canvas } }) => {
    opener = null;
    const found = whatIsAt(canvas);
    if (found.node !== null) choose({ node: found.node, edge: null });
    else if (found.edge !== null) choose({ edge: found.edge, node: null });
    else if (state.node !== null || state.edge !== null) clear();
  });
  network.on("doubleClick", ({ pointer: { canvas } }) => whatIsAt(canvas).node !== null && toBright());
};

// ---- the keyboard on the drawing: arrows go from term to term, the way they look
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const nextNode = ([dx, dy]) => {
  const ids = shownNodes();
  if (!ids.length) return null;
  const [x, y] = state.node === null ? Object.values(network.getViewPosition()) : [X[state.node], Y[state.node]];
  let [best, least] = [null, Infinity];
  for (const id of ids) {
    if (id === state.node) continue;
    const along = (X[id] - x) * dx + (Y[id] - y) * dy;
    const across = Math.abs((X[id] - x) * dy) + Math.abs((Y[id] - y) * dx);
    const cost = state.node === null ? Math.hypot(X[id] - x, Y[id] - y) : along <= 1 ? Infinity : along + 2.5 * across;
    if (cost < least) [best, least] = [id, cost];
  }
  return best;
};
const reveal = (id) => {
  const [left, top, right, bottom] = viewOf(-0.08);
  if (X[id] < left || X[id] > right || Y[id] < top || Y[id] > bottom) network.moveTo({ position: { x: X[id], y: Y[id] } });
};
const startKeyboard = () => {
  $("canvas").addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow && event.shiftKey) pan(arrow[0] * 80, arrow[1] * 80);
    else if (arrow) {
      const id = nextNode(arrow);
      if (id !== null) { choose({ node: id, edge: null }, { quiet: state.node !== null }); reveal(id); }
    } else if (event.key === "Enter" && state.node !== null) { opener = null; $("told").querySelector("h2")?.focus(); }
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if ($("download-menu").open) { $("download-menu").open = false; $("download-menu").querySelector("summary").focus(); }
    else if (!$("details").hidden && event.target.getAttribute?.("role") !== "combobox") clear();
  });
  $("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(state.tab) + step + TABS.length) % TABS.length];
    choose({ tab: next, path: null });
    $(`tab-${next}`).focus();
  });
};

const startButtons = () => {
  for (const name of TABS) $(`tab-${name}`).addEventListener("click", () => choose({ tab: name, path: null }, { camera: name === "legend" ? null : "bright" }));
  combobox($("search"), {
    clears: true,
    pick: (id) => {
      if (id === null) return;
      opener = null;
      // What is searched for is shown, whatever the filters say.
      const looks = new Set(state.hidden.look);
      looks.delete(node.look[id]);
      choose({ node: id, edge: null, only: false, hidden: { ...state.hidden, look: looks } }, { camera: "bright", keyboard: true });
    },
  });
  $("search-form").addEventListener("submit", (event) => event.preventDefault());
  $("fit").addEventListener("click", () => fit());
  $("near").addEventListener("click", () => toBright());
  $("motion").disabled = N > MOST_BOXES;
  if (N > MOST_BOXES) $("motion").title = `Motion is for graphs of up to ${MOST_BOXES.toLocaleString("en")} terms`;
  $("motion").addEventListener("click", () => { setMotion(!moving()); say(moving() ? "Motion is on" : "Motion is off"); });
  $("reset").addEventListener("click", () => {
    setMotion(false);
    layOut();
    opener = null;
    state = unchosen();
    $("search").value = "";
    choose({}, { camera: "home" });
    refreshBoxes();
    fit();
  });
  $("close").addEventListener("click", clear);
};

// ---- beginning
layOut();
startNetwork();
orient();
startPointing();
startKeyboard();
startButtons();
startPaths();
startPlan();
startTables();
startDownloads();
let seen = [0, 0];
new ResizeObserver(() => {
  const size = [$("canvas").clientWidth, $("canvas").clientHeight];
  const turned = orient();
  // Small changes (a fold that opens) must not take the reader's view away.
  if (turned || Math.abs(size[0] - seen[0]) > 60) requestAnimationFrame(() => home(false));
  seen = size;
}).observe($("canvas"));
dark.addEventListener("change", () => {
  showLegend({ anew: true });
  render();
});
if (!framed) addEventListener("popstate", () => followAddress({ camera: "bright" }));
home(false);
followAddress();
Object.assign(document.documentElement.dataset, { nodes: N, edges: E, ready: "yes" });
window.kgPage = Object.freeze({
  network, choose, clear, fit, pieces, bestPaths, waysTo, smallestSet, controls, outline, csvText, turtleText, svgText, pngAddress, whatIsAt,
  number: (key) => nodeNumber.get(key), label: (id) => node.label[id], state: () => state, places: () => everyNode.map((id) => [X[id], Y[id]]),
});
