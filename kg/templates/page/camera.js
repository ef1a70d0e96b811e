// Where the reader looks.
const inSheet = () => getComputedStyle($("details")).position === "fixed";
const frame = (ids, { animate = true, closest = 1.25, whole = false } = {}) => {
  const [width, height] = [$("canvas").clientWidth, $("canvas").clientHeight];
  if (!width || !height) return;
  const areas = ids.map(boxOf);
  if (whole) areas.push(...lanes().map((lane) => lane.slice(1)));
  // In a small drawing no arc, nor the words on it, may leave the picture.
  if (whole && !dense) {
    for (const id of shownEdges()) {
      const half = 4 * words(id).length;
      for (const share of [0.3, 0.5, 0.7]) {
        const [x, y] = pointAt(curve(id).whole, share);
        areas.push([x - half, y - 10, x + half, y + 10]);
      }
    }
  }
  if (!areas.length) return;
  const [left, top, right, bottom] = areas.reduce((all, area) => [
    Math.min(all[0], area[0]), Math.min(all[1], area[1]), Math.max(all[2], area[2]), Math.max(all[3], area[3]),
  ]);
  const margin = Math.min(28, width * 0.025);
  // On a narrow screen the details cover the lower part.
  const covered = inSheet() && !$("details").hidden
    ? Math.max(0, $("canvas").getBoundingClientRect().bottom - $("details").getBoundingClientRect().top) : 0;
  const room = Math.max(120, height - covered);
  const scale = Math.min((width - 2 * margin) / (right - left || 1), (room - 2 * margin) / (bottom - top || 1), closest);
  const position = { x: (left + right) / 2, y: (top + bottom) / 2 + covered / 2 / scale };
  const animation = animate && !calm.matches ? { duration: 420, easingFunction: "easeInOutCubic" } : false;
  network.moveTo({ position, scale, animation });
};
const fit = (animate = true) => frame(shownNodes(), { animate, whole: true });
const toBright = (animate = true) => bright && frame([...bright.nodes].filter((id) => shownNode[id]), { animate });
const home = (animate = true) => (bright && dense ? toBright(animate) : fit(animate));
const zoom = (factor) => network.moveTo({ scale: Math.max(0.02, Math.min(4, network.getScale() * factor)) });
const pan = (dx, dy) => {
  const { x, y } = network.getViewPosition();
  network.moveTo({ position: { x: x + dx / network.getScale(), y: y + dy / network.getScale() } });
};
// An upright screen gets the layout that runs from top to bottom.
const orient = () => {
  const now = $("canvas").clientWidth < $("canvas").clientHeight * 0.95;
  if (now === upright) return false;
  upright = now;
  layOut();
  refreshBoxes();
  redraw();
  return true;
};
