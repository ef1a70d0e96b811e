// The drawing. vis-network keeps the camera, the boxes within reach, dragging and motion; lanes, edges, words and what is far
// away are drawn here, onto vis-network's canvas, since thousands of its own edge objects would take seconds to make and to draw.
const MOST_BOXES = 1500; // up to so many nodes, vis-network holds them all; above, those in view once they are few
const FEW_IN_VIEW = 350;
const FEW_EDGES = 250; // up to so many, every frame draws them anew; above, a picture of them follows the camera
const DENSE = 80; // above so many edges, lines are finer and words wait until they are asked for
const LEGIBLE = 4.6; // smallest size of text on the screen, in pixels, below which it is left out
const dense = E > DENSE;
const pointer = { node: null, edge: null };

// ---- boxes
const drawBox = (ctx, id, { text = true, plain = false } = {}) => {
  const colours = look(id)[theme()];
  const path = nodePath(id);
  const lit = plain || !bright || bright.nodes.has(id);
  // Ground first: an edge that passes beneath must not shine through a faded box.
  ctx.fillStyle = graph.surfaces[theme()];
  ctx.fill(path);
  ctx.globalAlpha = lit ? 1 : 0.16;
  ctx.fillStyle = colours.fill;
  ctx.fill(path);
  const chosen = !plain && state.node === id;
  if (chosen || (!plain && pointer.node === id)) {
    ctx.strokeStyle = faded(colours.border, 0.35);
    ctx.lineWidth = chosen ? 11 : 7;
    ctx.stroke(path);
  }
  ctx.strokeStyle = colours.border;
  ctx.lineWidth = chosen ? 3 : 1.7;
  ctx.stroke(path);
  if (text) {
    ctx.fillStyle = colours.text;
    ctx.font = `14px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    const lines = node.lines[id];
    lines.forEach((line, at) => ctx.fillText(line, 0, (at - (lines.length - 1) / 2) * 17 + 0.5, node.w[id] - 14));
  }
  ctx.globalAlpha = 1;
  const mark = blockedMark(id);
  if (mark) {
    // Beside the box, so that it hides no text: what a ticked strategy blocks.
    const [x, y] = [node.w[id] / 2, -node.h[id] / 2];
    ctx.beginPath();
    ctx.arc(x, y, 9, 0, 7);
    ctx.fillStyle = graph.signs[-1][theme()];
    ctx.fill();
    ctx.strokeStyle = graph.surfaces[theme()];
    ctx.lineWidth = 2;
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - 4.5, y);
    ctx.lineTo(x + 4.5, y);
    ctx.lineWidth = 2.6;
    ctx.stroke();
  }
};
const renderer = ({ ctx, id, x, y }) => ({
  drawNode() {
    ctx.translate(x, y);
    drawBox(ctx, id, { text: 14 * network.getScale() >= LEGIBLE });
  },
  nodeDimensions: { width: node.w[id], height: node.h[id] },
});

// ---- edges
const strengthOf = (id) => (bright ? (bright.edges.has(id) ? "lit" : "dim") : "plain");
const OPACITY = { lit: 0.95, dim: 0.07, plain: dense ? 0.42 : 0.9, over: 1, chosen: 1 };
const WIDTH = { lit: 2.4, dim: 1.4, plain: dense ? 1.4 : 1.9, over: 3, chosen: 4 };
// Edges of one look are stroked at once: a thousand strokes cost more than one stroke of a thousand curves.
const drawEdges = (ctx, ids, { scale, strength = strengthOf, coarse = false }) => {
  const groups = new Map();
  for (const id of ids) {
    const how = strength(id);
    const key = `${edge.sign[id]} ${coarse ? "" : edge.certainty[id]} ${how}`;
    if (!groups.has(key)) groups.set(key, { how, ids: [] });
    groups.get(key).ids.push(id);
  }
  // What is faded lies below.
  const order = ["dim", "plain", "lit", "over", "chosen"];
  for (const { how, ids: group } of [...groups.values()].sort((one, other) => order.indexOf(one.how) - order.indexOf(other.how))) {
    const [first] = group;
    const style = sign(first);
    const lines = new Path2D();
    const heads = new Path2D();
    for (const id of group) {
      if (coarse) {
        lines.moveTo(X[edge.from[id]], Y[edge.from[id]]);
        lines.lineTo(X[edge.to[id]], Y[edge.to[id]]);
        continue;
      }
      const { points, tip, angle } = curve(id);
      trace(lines, points);
      if (graph.directed) tracePolygon(heads, head(style.arrow, tip, angle, how === "dim" ? 9 : dense && how === "plain" ? 10 : 12));
    }
    const crowd = coarse && (how === "plain" || how === "dim") ? Math.max(0.1, Math.min(1, 2500 / ids.length)) : 1;
    ctx.strokeStyle = ctx.fillStyle = faded(style[theme()], OPACITY[how] * crowd);
    ctx.lineWidth = Math.max(WIDTH[how], 0.7 / scale);
    ctx.lineJoin = "round";
    const dashes = edge.certainty[first] && !coarse ? graph.certainties[edge.certainty[first]].dashes : [];
    ctx.setLineDash(dashes);
    ctx.stroke(lines);
    ctx.setLineDash([]);
    if (coarse) continue;
    if (style.arrow === "arrow") ctx.fill(heads);
    else {
      ctx.lineWidth = Math.max(2.2, WIDTH[how]);
      ctx.stroke(heads);
    }
  }
};

// ---- lanes
const drawLanes = (ctx, scale) => {
  for (const [name, left, top, right, bottom] of lanes()) {
    ctx.fillStyle = css("--surface");
    ctx.strokeStyle = css("--line");
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.roundRect(left, top, right - left, bottom - top, 12);
    ctx.fill();
    ctx.stroke();
    // Smaller than this, the name is written above the lane, with the landmarks.
    if (23 * scale < 9) continue;
    ctx.fillStyle = css("--soft");
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    let size = Math.min(Math.max(13.5, 12 / scale), upright ? 20 : 23);
    ctx.font = `600 ${size}px ${FONT}`;
    size *= Math.min(1, (right - left - 18) / ctx.measureText(name).width);
    ctx.font = `600 ${size}px ${FONT}`;
    ctx.fillText(name, left + 10, top + (upright ? 15 : 21));
  }
};

// ---- words on edges: where they touch neither a box nor each other, as far as that can be had
const wordy = (id) => {
  if (!graph.relations[edge.predicate[id]].words || !shownEdge[id]) return false;
  if (pointer.edge === id || state.edge === id) return true;
  return bright ? bright.edges.has(id) && bright.edges.size <= DENSE : !dense;
};
const placeWords = (ctx, scale, view) => {
  const size = bright ? Math.min(Math.max(12.5, 10 / scale), 17) : 12.5;
  if (size * scale < 6.5) return [];
  const ids = everyEdge.filter((id) => wordy(id) && meets(curve(id).area, view));
  if (!ids.length) return [];
  const taken = everyNode.filter((id) => shownNode[id] && (!bright || bright.nodes.has(id))).map(boxOf).filter((box) => meets(box, view));
  for (const [name, left, top] of lanes()) taken.push([left, top, left + 16 + name.length * 8.5, top + 30]);
  ctx.font = `${size}px ${FONT}`;
  const placed = [];
  for (const id of ids) {
    const text = denied.has(id) ? `${words(id)} ✕` : words(id);
    const half = ctx.measureText(text).width / 2 + 3;
    let best = null;
    for (const share of [0.5, 0.45, 0.55, 0.4, 0.6, 0.34, 0.66, 0.28, 0.72, 0.22, 0.78]) {
      const [x, y] = pointAt(curve(id).whole, share);
      const area = [x - half, y - size * 0.62, x + half, y + size * 0.62];
      const cost = taken.reduce((sum, other) => sum + overlap(area, other), 0);
      if (!best || cost < best.cost) best = { cost, x, y, area };
      if (cost === 0) break;
    }
    // Among many, words that would cover others wait until their edge is pointed at.
    if (bright?.edges.size > 12 && best.cost > 0.25 * half * size && pointer.edge !== id) continue;
    taken.push(best.area);
    placed.push({ id, text, size, x: best.x, y: best.y });
  }
  return placed;
};
const drawWords = (ctx, scale, view) => {
  const placed = placeWords(ctx, scale, view);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const { id, text, size, x, y } of placed) {
    ctx.font = `${size}px ${FONT}`;
    ctx.lineWidth = 4.5;
    ctx.strokeStyle = faded(graph.surfaces[theme()], 0.92);
    ctx.strokeText(text, x, y);
    ctx.fillStyle = sign(id)[theme()];
    ctx.fillText(text, x, y);
  }
};

// ---- landmarks: where the text of boxes is too small to read, the best-linked nodes are named at a readable size
const byDegree = [...everyNode].sort((one, other) => edgesOf[other].length - edgesOf[one].length || one - other);
const drawLandmarks = (ctx, scale, view) => {
  if (14 * scale >= LEGIBLE) return;
  const size = 12 / scale;
  ctx.font = `600 ${size}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  const taken = [];
  const name = (text, x, y, fill) => {
    ctx.lineWidth = 4 / scale;
    ctx.strokeStyle = faded(graph.surfaces[theme()], 0.9);
    ctx.strokeText(text, x, y);
    ctx.fillStyle = fill;
    ctx.fillText(text, x, y);
  };
  for (const [title, left, top] of 23 * scale < 9 ? lanes() : []) {
    const half = ctx.measureText(title).width / 2;
    const x = Math.max(view[0] + half, Math.min(view[2] - half - size / 2, left + half));
    taken.push([x - half, top - size, x + half, top + size]);
    name(title, x, top, css("--soft"));
  }
  let named = 0;
  for (const id of state.node === null ? byDegree : [state.node, ...byDegree]) {
    if (named === 40) break;
    if (!shownNode[id] || (bright && !bright.nodes.has(id)) || !meets(boxOf(id), view)) continue;
    const half = ctx.measureText(node.label[id]).width / 2;
    // Not cut off at the edge of the view.
    const x = Math.max(view[0] + half + size / 2, Math.min(view[2] - half - size / 2, X[id]));
    const area = [x - half - size / 2, Y[id] - size * 0.8, x + half + size / 2, Y[id] + size * 0.8];
    if (half * 2 * scale > 180 || taken.some((other) => overlap(area, other) > 0)) continue;
    taken.push(area);
    named += 1;
    name(node.label[id], x, Y[id], look(id)[theme()].text);
  }
};

// ---- vis-network
const boxes = new vis.DataSet();
const springs = new vis.DataSet();
const held = new Set();
const box = (id) => ({ id, x: X[id], y: Y[id], hidden: !shownNode[id] });
let network = null;
const startNetwork = () => {
  if (N <= MOST_BOXES) everyNode.forEach((id) => held.add(id));
  boxes.add([...held].map(box));
  network = new vis.Network($("canvas"), { nodes: boxes, edges: springs }, {
    autoResize: true,
    physics: false,
    layout: { improvedLayout: false },
    nodes: { shape: "custom", ctxRenderer: renderer, chosen: false },
    edges: { chosen: false, color: "transparent", width: 0, smooth: false, hidden: false },
    interaction: { hover: false, selectable: true, selectConnectedEdges: false, multiselect: false, zoomSpeed: 0.7, keyboard: false },
  });
  network.on("beforeDrawing", drawBelow);
  network.on("afterDrawing", drawAbove);
  network.on("dragging", ({ nodes: dragged }) => { if (dragged.length) follow(dragged); });
};
// Takes over where vis-network has moved nodes to.
const follow = (ids) => {
  for (const id of ids) ({ x: X[id], y: Y[id] } = network.body.nodes[id]);
  moved(ids);
  drawing += 1;
};

const viewOf = (margin = 0) => {
  const { clientWidth: width, clientHeight: height } = $("canvas");
  const [from, to] = [network.DOMtoCanvas({ x: 0, y: 0 }), network.DOMtoCanvas({ x: width, y: height })];
  const [dx, dy] = [(to.x - from.x) * margin, (to.y - from.y) * margin];
  return [from.x - dx, from.y - dy, to.x + dx, to.y + dy];
};

// Above MOST_BOXES, vis-network holds the boxes in view where they are few; the others are drawn as plain boxes.
const hold = (view) => {
  if (N <= MOST_BOXES) return;
  const near = everyNode.filter((id) => shownNode[id] && meets(boxOf(id), view));
  const wanted = new Set(near.length <= FEW_IN_VIEW ? near : []);
  const gone = [...held].filter((id) => !wanted.has(id));
  const come = [...wanted].filter((id) => !held.has(id));
  if (!gone.length && !come.length) return;
  gone.forEach((id) => held.delete(id));
  come.forEach((id) => held.add(id));
  // From within a frame of vis-network its boxes can't be changed.
  setTimeout(() => {
    boxes.remove(gone);
    boxes.add(come.filter((id) => held.has(id)).map(box));
  });
};

// `drawing` counts the changes of what is drawn; a picture of the edges is good for one count and one view.
let drawing = 0;
let picture = null;
let lastView = "";
let settling = null;
const visibleEdges = (view, coarse) =>
  everyEdge.filter((id) => shownEdge[id] && meets(roughArea(id), view) && (coarse || meets(curve(id).area, view)));
const isCoarse = (scale) => E > 1500 && scale < 0.4;
// What stands out is drawn above the boxes that do not.
const drawFar = (ctx, view, scale) => {
  const coarse = isCoarse(scale);
  drawEdges(ctx, visibleEdges(view, coarse).filter((id) => !bright?.edges.has(id)), { scale, coarse });
  if (N > MOST_BOXES) drawPlainBoxes(ctx, everyNode.filter((id) => shownNode[id] && !held.has(id) && meets(boxOf(id), view)), scale);
};
// Far away a box is a few pixels: all of one look are one path.
const drawPlainBoxes = (ctx, ids, scale) => {
  const groups = new Map();
  for (const id of ids) {
    const lit = !bright || bright.nodes.has(id);
    const key = `${lit} ${node.look[id]}`;
    if (!groups.has(key)) groups.set(key, { lit, colours: look(id)[theme()], path: new Path2D() });
    groups.get(key).path.rect(X[id] - node.w[id] / 2, Y[id] - node.h[id] / 2, node.w[id], node.h[id]);
  }
  ctx.lineWidth = Math.max(1.7, 0.5 / scale);
  for (const { lit, colours, path } of groups.values()) {
    ctx.globalAlpha = lit ? 1 : 0.16;
    ctx.fillStyle = colours.fill;
    ctx.strokeStyle = colours.border;
    ctx.fill(path);
    ctx.stroke(path);
  }
  ctx.globalAlpha = 1;
};
const takePicture = (scale, ratio) => {
  const area = viewOf(0.3);
  const canvas = picture?.canvas ?? document.createElement("canvas");
  [canvas.width, canvas.height] = [0, 1].map((side) => Math.ceil((area[side + 2] - area[side]) * scale * ratio));
  const ctx = canvas.getContext("2d");
  ctx.scale(scale * ratio, scale * ratio);
  ctx.translate(-area[0], -area[1]);
  drawFar(ctx, area, scale);
  picture = { canvas, area, drawing, scale };
};
const drawBelow = (ctx) => {
  const scale = network.getScale();
  const view = viewOf();
  if (moving()) follow([...held]);
  drawLanes(ctx, scale);
  if (E <= FEW_EDGES && N <= MOST_BOXES) drawFar(ctx, view, scale);
  else {
    // While the camera moves, the picture is moved and stretched; when it rests, it is taken anew.
    const now = [...view, scale].map((value) => value.toPrecision(9)).join();
    const resting = now === lastView || lastView === "";
    lastView = now;
    const stale = !picture || picture.drawing !== drawing;
    const fits = picture && picture.scale === scale && meets(picture.area, view) && overlap(picture.area, view) >= 0.999 * overlap(view, view);
    if (stale || (resting && !fits)) {
      hold(view);
      takePicture(scale, window.devicePixelRatio || 1);
    } else if (!fits || !resting) {
      clearTimeout(settling);
      settling = setTimeout(() => network.redraw(), 110);
    }
    const [left, top, right, bottom] = picture.area;
    ctx.drawImage(picture.canvas, left, top, right - left, bottom - top);
  }
};
const drawAbove = (ctx) => {
  const scale = network.getScale();
  const view = viewOf();
  const marked = [pointer.edge, state.edge].filter((id) => id !== null && shownEdge[id]);
  const strength = (id) => (state.edge === id ? "chosen" : pointer.edge === id ? "over" : "lit");
  const coarse = isCoarse(scale);
  const lit = new Set([...(bright?.edges ?? []), ...marked].filter((id) => shownEdge[id] && meets(roughArea(id), view)));
  if (lit.size) {
    drawEdges(ctx, [...lit], { scale, coarse, strength });
    const ends = new Set([...lit].flatMap((one) => [edge.from[one], edge.to[one]]));
    for (const id of [...ends, ...(bright?.nodes ?? [])]) {
      if (!shownNode[id] || !meets(boxOf(id), view)) continue;
      ctx.save();
      ctx.translate(X[id], Y[id]);
      drawBox(ctx, id, { text: 14 * scale >= LEGIBLE });
      ctx.restore();
    }
  }
  drawWords(ctx, scale, view);
  drawLandmarks(ctx, scale, view);
};

// What lies at a point of the drawing: a node, else the nearest edge within a few pixels of the screen.
const whatIsAt = ({ x, y }) => {
  for (let id = N - 1; id >= 0; id--) {
    if (shownNode[id] && Math.abs(x - X[id]) <= node.w[id] / 2 && Math.abs(y - Y[id]) <= node.h[id] / 2) return { node: id, edge: null };
  }
  const scale = network.getScale();
  if (isCoarse(scale)) return { node: null, edge: null };
  const reach = 7 / scale;
  let [nearest, least] = [null, reach];
  const here = [x - reach, y - reach, x + reach, y + reach];
  for (let id = 0; id < E; id++) {
    if (!shownEdge[id] || (bright && !bright.edges.has(id))) continue;
    if (!meets(roughArea(id), here) || !meets(curve(id).area, here)) continue;
    let before = curve(id).whole[0];
    for (let share = 1; share <= 24; share++) {
      const point = pointAt(curve(id).whole, share / 24);
      const [dx, dy] = [point[0] - before[0], point[1] - before[1]];
      const along = Math.max(0, Math.min(1, ((x - before[0]) * dx + (y - before[1]) * dy) / (dx * dx + dy * dy || 1)));
      const distance = Math.hypot(x - before[0] - along * dx, y - before[1] - along * dy);
      if (distance < least) [nearest, least] = [id, distance];
      before = point;
    }
  }
  return { node: null, edge: nearest };
};

// ---- motion: springs nearly as long as the edges are drawn, so that the layout loosens and keeps its story
let motion = false;
const moving = () => motion;
const setMotion = (on) => {
  if (motion === on || N > MOST_BOXES) return;
  $("motion").setAttribute("aria-pressed", String(on));
  const physics = {
    enabled: true, solver: "barnesHut", maxVelocity: 5, minVelocity: 0.3, timestep: 0.4, stabilization: { enabled: false },
    barnesHut: { gravitationalConstant: -5000, centralGravity: 0.02, springConstant: 0.012, damping: 0.35, avoidOverlap: 0.5 },
  };
  if (on) {
    springs.add(shownEdges().filter((id) => edge.from[id] !== edge.to[id]).map((id) => ({
      id, from: edge.from[id], to: edge.to[id],
      length: Math.max(90, Math.min(420, 0.85 * Math.hypot(X[edge.from[id]] - X[edge.to[id]], Y[edge.from[id]] - Y[edge.to[id]]))),
    })));
    motion = true;
    network.setOptions({ physics });
    if (calm.matches) {
      // For who wants no motion: the end of it at once.
      network.once("stabilized", () => { follow([...held]); setMotion(false); });
      network.stabilize(150);
    }
  } else {
    network.setOptions({ physics: false });
    network.storePositions();
    motion = false;
    springs.clear();
    follow([...held]);
    redraw();
  }
};
const redraw = () => {
  drawing += 1;
  network.redraw();
};
const refreshBoxes = () => boxes.update([...held].map(box));
