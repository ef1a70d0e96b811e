// The outlines of boxes and the curves of edges, as kg/outlines.py and kg/curves.py define them.
const outline = (shape, width, height) => {
  const form = graph.outlines[shape];
  const half = { x: width / 2, y: height / 2, c: Math.min(form.corner, (height / 2) * form.share) };
  return form.path.replace(/(-?)([xyc])(?:([+-])c)?/g, (_, minus, letter, corner) =>
    String(Math.round(((minus ? -1 : 1) * half[letter] + (corner ? Number(`${corner}1`) * half.c : 0)) * 100) / 100));
};
const nodePaths = [];
const nodePath = (id) => (nodePaths[id] ??= new Path2D(outline(look(id).shape, node.w[id], node.h[id])));

// Where each node stands now: as it was laid out, for a wide or an upright screen, or where it was moved to.
const X = new Float64Array(N);
const Y = new Float64Array(N);
let upright = false;
const layOut = () => {
  for (let id = 0; id < N; id++) [X[id], Y[id]] = upright ? [node.downX[id], node.downY[id]] : [node.x[id], node.y[id]];
  curves.fill(null);
};
const lanes = () => (upright ? graph.downLanes : graph.lanes);
const boxOf = (id) => [X[id] - node.w[id] / 2, Y[id] - node.h[id] / 2, X[id] + node.w[id] / 2, Y[id] + node.h[id] / 2];

// The control points of an edge: two for a line, three for one bend, four for a curve that leaves and arrives level.
const controls = (id) => {
  const [from, to] = [edge.from[id], edge.to[id]];
  const [x1, y1, x2, y2] = [X[from], Y[from], X[to], Y[to]];
  const bend = (upright ? edge.downBend : edge.bend)[id];
  const roundness = (upright ? edge.downRound : edge.round)[id] / 1000;
  if (from === to) {
    const reach = 40 + 90 * roundness;
    return [[x1, y1], [x1 + node.w[from] / 4, y1 - node.h[from] / 2 - reach], [x1 + node.w[from] / 2 + reach, y1 - node.h[from] / 4], [x1, y1]];
  }
  if (roundness === 0) return [[x1, y1], [x2, y2]];
  if (bend === 0) return [[x1, y1], [x1 + roundness * (x2 - x1), y1], [x2 - roundness * (x2 - x1), y2], [x2, y2]];
  if (bend === 1) return [[x1, y1], [x1, y1 + roundness * (y2 - y1)], [x2, y2 - roundness * (y2 - y1)], [x2, y2]];
  const angle = Math.atan2(y1 - y2, x2 - x1) + ((bend === 2 ? 1 : -1) * roundness * 0.5 + 0.5) * Math.PI;
  const radius = Math.hypot(x2 - x1, y2 - y1) * (0.5 * roundness + 0.5);
  return [[x1, y1], [x1 + radius * Math.sin(angle), y1 + radius * Math.cos(angle)], [x2, y2]];
};

// De Casteljau: the point at a share of a curve, and the control points of the part before it.
const until = (points, share) => {
  const part = [points[0]];
  let level = points;
  while (level.length > 1) {
    level = level.slice(1).map(([x, y], at) => [level[at][0] + (x - level[at][0]) * share, level[at][1] + (y - level[at][1]) * share]);
    part.push(level[0]);
  }
  return part;
};
const pointAt = (points, share) => until(points, share).at(-1);

// A curve cut where it meets the box of its target, with its head's direction and all that lies around it; kept until moved.
const curves = new Array(E).fill(null);
const probe = document.createElement("canvas").getContext("2d");
const curve = (id) => {
  if (curves[id]) return curves[id];
  const whole = controls(id);
  const to = edge.to[id];
  const inside = ([x, y]) =>
    Math.abs(x - X[to]) <= node.w[to] / 2 + 2 && Math.abs(y - Y[to]) <= node.h[to] / 2 + 2 &&
    probe.isPointInPath(nodePath(to), x - X[to], y - Y[to]);
  let [outer, inner] = [0, 1];
  for (let share = 15 / 16; share > 0; share -= 1 / 16) {
    if (!inside(pointAt(whole, share))) { outer = share; break; }
    inner = share;
  }
  for (let turn = 0; turn < 7; turn++) {
    const middle = (outer + inner) / 2;
    if (inside(pointAt(whole, middle))) inner = middle; else outer = middle;
  }
  const points = until(whole, outer);
  const tip = points.at(-1);
  const before = pointAt(points, 1 - Math.min(0.4, 9 / Math.max(10, Math.hypot(tip[0] - points[0][0], tip[1] - points[0][1]))));
  return (curves[id] = { whole, points, tip, angle: Math.atan2(tip[1] - before[1], tip[0] - before[0]), area: around(whole) });
};
// Surely all of an edge lies in here; much cheaper to tell than the curve.
const roughArea = (id) => {
  const [x1, y1, x2, y2] = [X[edge.from[id]], Y[edge.from[id]], X[edge.to[id]], Y[edge.to[id]]];
  const bow = edge.from[id] === edge.to[id] ? 400 : Math.hypot(x2 - x1, y2 - y1) / 2;
  return [Math.min(x1, x2) - bow, Math.min(y1, y2) - bow, Math.max(x1, x2) + bow, Math.max(y1, y2) + bow];
};
const around = (points) => [
  Math.min(...points.map((point) => point[0])), Math.min(...points.map((point) => point[1])),
  Math.max(...points.map((point) => point[0])), Math.max(...points.map((point) => point[1])),
];
const moved = (ids) => {
  for (const id of ids) for (const one of edgesOf[id]) curves[one] = null;
};
const overlap = (one, other) =>
  Math.max(0, Math.min(one[2], other[2]) - Math.max(one[0], other[0])) * Math.max(0, Math.min(one[3], other[3]) - Math.max(one[1], other[1]));
const meets = (one, other) => one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];

// The head of an arrow as polygons or lines around its tip: full for more, a bar for less, open for neither.
const head = (kind, [x, y], angle, size) => {
  const at = (along, across) => [x + along * Math.cos(angle) - across * Math.sin(angle), y + along * Math.sin(angle) + across * Math.cos(angle)];
  if (kind === "arrow") return [at(0, 0), at(-size, size * 0.45), at(-size, -size * 0.45), at(0, 0)];
  if (kind === "bar") return [at(-1.5, size * 0.6), at(-1.5, -size * 0.6)];
  return [at(-size * 0.85, size * 0.5), at(0, 0), at(-size * 0.85, -size * 0.5)];
};
const trace = (path, points) => {
  path.moveTo(...points[0]);
  if (points.length === 2) path.lineTo(...points[1]);
  else if (points.length === 3) path.quadraticCurveTo(...points[1], ...points[2]);
  else path.bezierCurveTo(...points[1], ...points[2], ...points[3]);
};
const tracePolygon = (path, points) => points.forEach((point, at) => (at ? path.lineTo(...point) : path.moveTo(...point)));
