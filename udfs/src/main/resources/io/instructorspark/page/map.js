/*
 * A map of texts: reads the data of its page and shows it. Apache ECharts draws the points and axes; what is chosen is drawn
 * above them, and pairs below, on canvases of our own, so that pointing at a point redraws no other. Texts become part of the
 * page as textContent and nowhere else.
 *
 * In three dimensions the points are turned here and drawn as a scatter of two, the far ones smaller and fainter.
 *
 * For tests, window.instructorMap says what is shown; nothing can be changed by it.
 */
(() => {
  "use strict";

  // ---------------------------------------------------------------- data

  const data = (id) => JSON.parse(document.getElementById(id).textContent);
  const frame = data("map-frame");
  const texts = data("map-texts");
  const n = texts.length;
  const dims = frame.dims;
  const spatial = dims === 3;
  const several = frame.panels.length > 1;

  const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer;
  const coordinates = new Float32Array(bytes(frame.coordinates));
  const panels = frame.panels.map((panel, p) => ({
    heading: panel.heading,
    variance: panel.variance,
    labels: panel.labels,
    at: coordinates.subarray(p * n * dims, (p + 1) * n * dims),
    neighbors: new Uint16Array(bytes(panel.neighbors)),
  }));
  const NO_NEIGHBOR = 0xffff;

  /**
   * The middle of all maps, and how far points reach from it along each axis; and the distance within which nearly all are.
   * One scale for all maps, so that they can be compared.
   */
  const extent = (() => {
    const low = new Array(dims).fill(Infinity);
    const high = new Array(dims).fill(-Infinity);
    for (let i = 0; i < coordinates.length; i++) {
      const axis = i % dims;
      low[axis] = Math.min(low[axis], coordinates[i]);
      high[axis] = Math.max(high[axis], coordinates[i]);
    }
    const middle = low.map((value, axis) => (n ? (value + high[axis]) / 2 : 0));
    const distances = new Float32Array(coordinates.length / dims);
    for (let i = 0; i < distances.length; i++) {
      let square = 0;
      for (let axis = 0; axis < dims; axis++) square += (coordinates[dims * i + axis] - middle[axis]) ** 2;
      distances[i] = Math.sqrt(square);
    }
    distances.sort();
    return {
      middle,
      half: low.map((value, axis) => (n ? (high[axis] - value) / 2 : 1) || 1),
      usual: distances[Math.floor(0.97 * (distances.length - 1))] || 1,
    };
  })();

  // ---------------------------------------------------------------- categories

  const COLORS = 8;
  const SHAPES = ["circle", "triangle", "rect"];
  const STYLES = COLORS * SHAPES.length;

  /** What the legend lists: a category each; the smallest as one where there are more than can be told apart; and none. */
  const groups = [];
  const groupOf = new Uint8Array(n);
  (() => {
    const counts = frame.names.map(() => 0);
    let without = 0;
    for (const category of frame.categories) category < 0 ? without++ : counts[category]++;
    const used = counts.map((count, category) => category).filter((category) => counts[category]);
    const kept = used.length <= STYLES ? used
      : used.slice().sort((a, b) => counts[b] - counts[a]).slice(0, STYLES - 1).sort((a, b) => a - b);
    const place = new Map();
    kept.forEach((category, i) => {
      place.set(category, groups.length);
      const round = Math.floor(i / COLORS); // the colours again, in another shape and shade
      groups.push({ name: frame.names[category], count: counts[category], color: "--c" + (i % COLORS), round, shape: SHAPES[round] });
    });
    const other = used.filter((category) => !place.has(category));
    if (other.length) {
      other.forEach((category) => place.set(category, groups.length));
      const count = other.reduce((sum, category) => sum + counts[category], 0);
      groups.push({ name: `${other.length} others`, count, color: "--none", round: 0, shape: "rect" });
    }
    if (without) {
      place.set(-1, groups.length);
      const alone = !used.length;
      groups.push({ name: alone ? "all" : "none", count: without, color: alone ? "--c0" : "--none", round: 0, shape: "circle" });
    }
    for (let i = 0; i < n; i++) groupOf[i] = place.get(frame.categories[i]);
    groups.ofCategory = (category) => place.get(category);
  })();
  const legendShown = groups.length > 1;

  // ---------------------------------------------------------------- state

  const state = {
    hidden: new Set(), // places of groups
    words: "",
    match: null, // of each point 1 or 0, while something is searched
    matches: 0,
    hover: -1,
    pin: -1,
    morph: false,
    time: 0, // 0 is the first map, 1 the second
    yaw: spatial ? -0.5 : 0,
    pitch: spatial ? 0.35 : 0,
    pairs: frame.pairs !== null,
  };
  const visible = (i) => i >= 0 && !state.hidden.has(groupOf[i]);
  const partner = (i) => (frame.pairs && i >= 0 ? frame.pairs[i] : -1);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // ---------------------------------------------------------------- elements

  /** An element; children are elements or texts. */
  const element = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  };
  const button = (label, onclick, attributes) => element("button", { type: "button", onclick, ...attributes }, label);
  const foreign = (text, attributes) => element("bdi", attributes, text);
  const number = (value) => value.toLocaleString("en");

  const root = document.getElementById("map-view");
  let paint = {};
  const readPaint = () => {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const mixed = (one, other, share) => {
      const part = (hex, k) => parseInt(hex.slice(1 + 2 * k, 3 + 2 * k), 16);
      const mix = (k) => Math.round(part(one, k) * (1 - share) + part(other, k) * share);
      return "#" + [0, 1, 2].map((k) => mix(k).toString(16).padStart(2, "0")).join("");
    };
    const shade = (group) => [
      () => color(group.color),
      () => mixed(color(group.color), color("--ink"), 0.4),
      () => mixed(color(group.color), color("--paper"), 0.45),
    ][group.round]();
    paint = {
      ink: color("--ink"), soft: color("--soft"), line: color("--line"), paper: color("--paper"),
      accent: color("--accent"), none: color("--none"), groups: groups.map(shade),
    };
  };
  readPaint();

  // ---------------------------------------------------------------- maps

  const BUCKETS = spatial ? 5 : 4; // by depth; on a plane by turns, so that no category lies on all others
  const LARGE = 2000; // points beyond which they are drawn at one stroke
  const POINT = Math.max(2.4, Math.min(9, 9 * (400 / Math.max(n, 400)) ** 0.3)); // pixels
  const NEAR = 14; // pixels from a point at which it counts as pointed at
  const MARGIN = spatial ? { left: 4, right: 4, top: 4, bottom: 4 } : { left: 40, right: 10, top: 10, bottom: 40 };

  /** One map on the screen. */
  class Chart {
    /** @param at gives the coordinates and names to show, as those of a panel */
    constructor(name, at) {
      this.at = at;
      this.plane = new Float32Array(2 * n);
      this.depth = new Float32Array(spatial ? n : 0);
      this.screen = new Float32Array(2 * n);
      this.zoom = 1;
      this.shift = [0, 0];
      this.under = element("canvas", { "aria-hidden": "true" });
      this.body = element("div", { class: "map-chart", "aria-hidden": "true" });
      this.over = element("canvas", { "aria-hidden": "true" });
      this.box = element("div", {
        class: "map-box", tabindex: "0", role: "application",
        "aria-label": `Map of ${number(n)} texts, ${name}. ` + (spatial
          ? "Arrow keys turn it, with Shift they move the pin"
          : "Arrow keys move the pin to the next point") + "; plus, minus and 0 zoom; Escape takes the pin away.",
      }, this.under, this.body, this.over);
      this.dirty = new Set(["points", "axes", "marks"]);
      this.size = { width: 0, height: 0 };
    }

    /** Begins to draw; the element is in the page. */
    start() {
      this.echarts = echarts.init(this.body, null, { renderer: "canvas" });
      this.measure();
      listen(this);
      new ResizeObserver(() => {
        if (this.measure()) this.redraw("axes", "marks");
      }).observe(this.box);
    }

    measure() {
      const { clientWidth: width, clientHeight: height } = this.box;
      if (!width || !height || (width === this.size.width && height === this.size.height)) return false;
      this.size = { width, height };
      this.box.style.setProperty("--aspect", String(width / height));
      const ratio = devicePixelRatio || 1;
      for (const canvas of [this.under, this.over]) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
        canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
      }
      this.echarts.resize({ width, height });
      return true;
    }

    redraw(...parts) {
      parts.forEach((part) => this.dirty.add(part));
      schedule();
    }

    draw() {
      if (!this.size.width || !this.dirty.size) return;
      if (this.dirty.has("points")) this.project();
      if (this.dirty.has("points") || this.dirty.has("axes")) {
        this.place();
        this.echarts.setOption(this.dirty.has("points") ? { ...this.axes(), series: this.series() } : this.axes(),
          this.dirty.has("points") ? { replaceMerge: ["series"], silent: true } : { silent: true });
        this.drawPairs();
      }
      this.drawMarks();
      this.dirty.clear();
    }

    /** Turns the points into a plane. */
    project() {
      const at = this.at().at;
      if (!spatial) {
        this.plane.set(at);
        return;
      }
      for (let i = 0; i < n; i++) {
        const [x, y, depth] = turned(at[3 * i], at[3 * i + 1], at[3 * i + 2]);
        this.plane[2 * i] = x;
        this.plane[2 * i + 1] = y;
        this.depth[i] = depth;
      }
    }

    /** What part of the plane is in sight: one unit is as long to the right as upwards. */
    window() {
      const width = this.size.width - MARGIN.left - MARGIN.right;
      const height = this.size.height - MARGIN.top - MARGIN.bottom;
      const half = spatial ? fitting : extent.half;
      const unit = Math.max((2 * half[0]) / width, (2 * half[1]) / height) * 1.06 / this.zoom; // of the plane, in a pixel
      const middle = spatial ? [0, 0] : extent.middle;
      const x = middle[0] + this.shift[0];
      const y = middle[1] + this.shift[1];
      const [aside, above] = [(width / 2) * unit, (height / 2) * unit];
      return { unit, left: x - aside, right: x + aside, low: y - above, high: y + above };
    }

    /** Where a place of the plane is on the screen. */
    pixel(x, y) {
      const { unit, left, high } = this.sight;
      return [MARGIN.left + (x - left) / unit, MARGIN.top + (high - y) / unit];
    }

    place() {
      this.sight = this.window();
      const { unit, left, high } = this.sight;
      for (let i = 0; i < n; i++) {
        this.screen[2 * i] = MARGIN.left + (this.plane[2 * i] - left) / unit;
        this.screen[2 * i + 1] = MARGIN.top + (high - this.plane[2 * i + 1]) / unit;
      }
    }

    axes() {
      const variance = this.at().variance;
      const axis = (place, min, max) => ({
        type: "value", min, max, show: !spatial, animation: false,
        name: `axis ${place + 1}` + (variance.length ? ` · ${(100 * variance[place]).toFixed(1)} %` : ""),
        nameLocation: "middle", nameGap: place ? 28 : 24, nameTextStyle: { color: paint.soft, fontSize: 11 },
        axisLine: { show: false }, axisTick: { show: false },
        axisLabel: { color: paint.soft, fontSize: 10, showMinLabel: false, showMaxLabel: false, hideOverlap: true,
          formatter: (value) => String(Number(value.toPrecision(3))) },
        splitLine: { lineStyle: { color: paint.line } },
      });
      const { left, right, low, high } = this.sight;
      return {
        animation: false, backgroundColor: "transparent", textStyle: { fontFamily: "system-ui, sans-serif" }, grid: MARGIN,
        xAxis: axis(0, left, right), yAxis: axis(1, low, high),
      };
    }

    /** The points by bucket and category, as blocks of numbers. */
    series() {
      const kinds = groups.length + 1; // the last is of those that a search does not find
      const key = new Int16Array(n).fill(-1);
      const counts = new Uint32Array(kinds * BUCKETS);
      for (let i = 0; i < n; i++) {
        if (!visible(i)) continue;
        const bucket = spatial ? this.bucket(this.depth[i]) : i % BUCKETS;
        key[i] = bucket * kinds + (state.match && !state.match[i] ? groups.length : groupOf[i]);
        counts[key[i]]++;
      }
      const blocks = Array.from(counts, (count) => new Float32Array(2 * count));
      const filled = new Uint32Array(counts.length);
      for (let i = 0; i < n; i++) {
        if (key[i] < 0) continue;
        const block = blocks[key[i]];
        const place = filled[key[i]]++;
        block[2 * place] = this.plane[2 * i];
        block[2 * place + 1] = this.plane[2 * i + 1];
      }
      const order = (k) => (state.match && k % kinds !== groups.length ? 1 : 0); // what is found lies above
      return blocks.map((block, k) => ({ block, k })).filter(({ block }) => block.length)
        .sort((a, b) => order(a.k) - order(b.k) || a.k - b.k)
        .map(({ block, k }) => this.scatter(block, k % kinds, Math.floor(k / kinds), "s" + k));
    }

    /** The farthest is 0. */
    bucket(depth) {
      const share = (depth / extent.usual + 1) / 2;
      return Math.max(0, Math.min(BUCKETS - 1, Math.floor(share * BUCKETS)));
    }

    scatter(block, kind, bucket, id) {
      const far = spatial ? 1 - bucket / (BUCKETS - 1) : 0;
      const missed = kind === groups.length;
      const group = missed ? { shape: "circle" } : groups[kind];
      const found = state.match && !missed ? 1.35 : 1;
      return {
        id, type: "scatter", dimensions: ["x", "y"], data: block, silent: true, animation: false, progressive: 0,
        large: n > LARGE, largeThreshold: 0, symbol: group.shape,
        symbolSize: POINT * found * (spatial ? 1.35 - 0.75 * far : 1) * (group.shape === "triangle" ? 1.15 : 1),
        itemStyle: {
          color: missed ? paint.none : paint.groups[kind],
          opacity: (missed ? 0.18 : n > LARGE ? 0.75 : 0.85) * (1 - 0.65 * far),
          borderColor: paint.paper, borderWidth: n > LARGE ? 0 : 0.6,
        },
      };
    }

    /** Lines between the texts of pairs, below the points. */
    drawPairs() {
      const pen = this.under.getContext("2d");
      pen.clearRect(0, 0, this.size.width, this.size.height);
      if (!frame.pairs || !state.pairs) return;
      pen.strokeStyle = paint.soft;
      pen.globalAlpha = n > 5000 ? 0.15 : n > 500 ? 0.35 : 0.6;
      pen.lineWidth = n > 5000 ? 0.6 : 1;
      pen.beginPath();
      for (let i = 0; i < n; i++) {
        const j = frame.pairs[i];
        if (j > i && visible(i) && visible(j)) this.line(pen, i, j);
      }
      pen.stroke();
      pen.globalAlpha = 1;
    }

    line(pen, i, j) {
      pen.moveTo(this.screen[2 * i], this.screen[2 * i + 1]);
      pen.lineTo(this.screen[2 * j], this.screen[2 * j + 1]);
    }

    /** What is chosen, and the names, above the points. */
    drawMarks() {
      const pen = this.over.getContext("2d");
      pen.clearRect(0, 0, this.size.width, this.size.height);
      this.drawLabels(pen);
      if (spatial) this.drawCorner(pen);
      const near = visible(state.pin) ? neighborsOf(this.at(), state.pin).filter(visible) : [];
      if (near.length) {
        pen.strokeStyle = paint.ink;
        pen.globalAlpha = 0.45;
        pen.lineWidth = 1;
        pen.beginPath();
        near.forEach((j) => this.line(pen, state.pin, j));
        pen.stroke();
        pen.globalAlpha = 1;
        near.forEach((j) => this.ring(pen, j, 5, 1.5));
      }
      for (const i of [state.pin, state.hover]) {
        const j = partner(i);
        if (visible(i) && visible(j)) {
          pen.strokeStyle = paint.accent;
          pen.lineWidth = 2;
          pen.beginPath();
          this.line(pen, i, j);
          pen.stroke();
          this.ring(pen, j, 6, 2, paint.accent);
        }
      }
      if (visible(state.hover)) this.ring(pen, state.hover, 8, 2, paint.accent);
      if (visible(state.pin)) this.ring(pen, state.pin, 9, 3);
    }

    ring(pen, i, radius, width, color) {
      pen.beginPath();
      pen.arc(this.screen[2 * i], this.screen[2 * i + 1], Math.max(radius, POINT / 2 + 3), 0, 2 * Math.PI);
      pen.strokeStyle = paint.paper;
      pen.lineWidth = width + 2;
      pen.stroke();
      pen.strokeStyle = color || paint.ink;
      pen.lineWidth = width;
      pen.stroke();
    }

    /** Names at their places, the first in their way kept; the others move up or down or wait until one zooms in. */
    drawLabels(pen) {
      pen.font = "600 12px system-ui, sans-serif";
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.lineJoin = "round";
      const taken = [];
      for (const label of this.at().labels) {
        if (label.category >= 0 && state.hidden.has(groups.ofCategory(label.category))) continue;
        const [x, y] = this.pixel(...(spatial ? turned(...label.at) : label.at).slice(0, 2));
        const text = label.text.length > 42 ? label.text.slice(0, 40) + "…" : label.text;
        const half = pen.measureText(text).width / 2 + 3;
        const center = Math.max(half, Math.min(this.size.width - half, x));
        for (const move of [0, -16, 16, -32, 32]) {
          const box = { left: center - half, right: center + half, top: y + move - 8, bottom: y + move + 8 };
          const free = (other) => box.right < other.left || other.right < box.left || box.bottom < other.top || other.bottom < box.top;
          if (!taken.every(free)) continue;
          taken.push(box);
          pen.strokeStyle = paint.paper;
          pen.lineWidth = 4;
          pen.strokeText(text, center, y + move);
          pen.fillStyle = paint.ink;
          pen.fillText(text, center, y + move);
          break;
        }
      }
    }

    /** Where the three axes point to. */
    drawCorner(pen) {
      const variance = this.at().variance;
      const [x, y] = [42, this.size.height - 42];
      pen.font = "11px system-ui, sans-serif";
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      for (let axis = 0; axis < 3; axis++) {
        const [dx, dy, depth] = turned(...extent.middle.map((value, k) => value + (k === axis ? 1 : 0)));
        pen.globalAlpha = 0.65 + 0.35 * depth;
        pen.strokeStyle = pen.fillStyle = paint.soft;
        pen.lineWidth = 1.5;
        pen.beginPath();
        pen.moveTo(x, y);
        pen.lineTo(x + 26 * dx, y - 26 * dy);
        pen.stroke();
        pen.fillText(String(axis + 1), x + 34 * dx, y - 34 * dy);
      }
      pen.globalAlpha = 1;
      if (variance.length) {
        pen.textAlign = "left";
        pen.fillStyle = paint.soft;
        pen.fillText(variance.map((share, axis) => `${axis + 1}: ${(100 * share).toFixed(1)} %`).join("   "), 86, this.size.height - 14);
      }
    }

    /** The point nearest to a place on the screen; -1 where there is none. */
    find(x, y) {
      let best = NEAR * NEAR;
      let found = -1;
      for (let i = 0; i < n; i++) {
        const dx = this.screen[2 * i] - x;
        const dy = this.screen[2 * i + 1] - y;
        const square = dx * dx + dy * dy;
        if (square < best && visible(i)) {
          best = square;
          found = i;
        }
      }
      return found;
    }

    /** The next point from one, or from the middle, in a direction of the screen. */
    next(from, right, down) {
      const x = from < 0 ? this.size.width / 2 : this.screen[2 * from];
      const y = from < 0 ? this.size.height / 2 : this.screen[2 * from + 1];
      let best = Infinity;
      let found = from;
      for (let i = 0; i < n; i++) {
        if (i === from || !visible(i)) continue;
        const dx = this.screen[2 * i] - x;
        const dy = this.screen[2 * i + 1] - y;
        const along = dx * right + dy * down;
        const aside = Math.abs(dx * down) + Math.abs(dy * right);
        if (along <= 0 || aside > along) continue;
        if (along + aside < best) {
          best = along + aside;
          found = i;
        }
      }
      return found;
    }

    /** Zooms about a place on the screen. */
    scale(factor, x, y) {
      const zoom = Math.max(0.5, Math.min(200, this.zoom * factor));
      const before = this.window();
      this.zoom = zoom;
      const after = this.window();
      const dx = x - MARGIN.left - (this.size.width - MARGIN.left - MARGIN.right) / 2;
      const dy = y - MARGIN.top - (this.size.height - MARGIN.top - MARGIN.bottom) / 2;
      this.shift[0] += dx * (before.unit - after.unit);
      this.shift[1] -= dy * (before.unit - after.unit);
      this.redraw("axes", "marks");
    }

    move(dx, dy) {
      const { unit } = this.window();
      this.shift[0] -= dx * unit;
      this.shift[1] += dy * unit;
      this.redraw("axes", "marks");
    }

    reset() {
      this.zoom = 1;
      this.shift = [0, 0];
      this.redraw("axes", "marks");
    }
  }

  /** A place about the middle, turned as the maps are: to the right, upwards, towards the reader. */
  function turned(x, y, z) {
    x -= extent.middle[0];
    y -= extent.middle[1];
    z -= extent.middle[2];
    const { sinYaw, cosYaw, sinPitch, cosPitch } = turn;
    const towards = cosYaw * z - sinYaw * x;
    return [cosYaw * x + sinYaw * z, cosPitch * y - sinPitch * towards, sinPitch * y + cosPitch * towards];
  }
  const turn = {};
  const setTurn = () => {
    state.pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, state.pitch));
    Object.assign(turn, {
      sinYaw: Math.sin(state.yaw), cosYaw: Math.cos(state.yaw), sinPitch: Math.sin(state.pitch), cosPitch: Math.cos(state.pitch),
    });
  };
  setTurn();

  /** How far the points reach to the right and upwards, turned as they are now; kept while they are turned further. */
  let fitting = null;
  function fit() {
    if (!spatial) return;
    fitting = [1e-9, 1e-9];
    for (let i = 0; i < coordinates.length; i += 3) {
      const [x, y] = turned(coordinates[i], coordinates[i + 1], coordinates[i + 2]);
      fitting[0] = Math.max(fitting[0], Math.abs(x));
      fitting[1] = Math.max(fitting[1], Math.abs(y));
    }
  }
  fit();

  /** The nearest of a point by the vectors of a map. */
  function neighborsOf(panel, i) {
    const k = panel.neighbors.length / n;
    return Array.from(panel.neighbors.subarray(i * k, (i + 1) * k)).filter((j) => j !== NO_NEIGHBOR);
  }

  /** Points on their way from map to map. */
  const between = { at: several ? new Float32Array(n * dims) : null, time: -1 };
  function morphed() {
    const from = Math.min(Math.floor(state.time), panels.length - 2);
    const share = state.time - from;
    const [a, b] = [panels[from], panels[from + 1]];
    if (between.time !== state.time) {
      for (let i = 0; i < between.at.length; i++) between.at[i] = a.at[i] + share * (b.at[i] - a.at[i]);
      between.time = state.time;
    }
    const nearer = share < 0.5 ? a : b;
    const ends = new Map(b.labels.map((label) => [label.text, label]));
    const both = a.labels.length && a.labels.every((label) => ends.has(label.text));
    const labels = both
      ? a.labels.map((label) => ({ ...label, at: label.at.map((value, k) => value + share * (ends.get(label.text).at[k] - value)) }))
      : nearer.labels;
    return { ...nearer, at: between.at, labels, variance: share === 0 || share === 1 ? nearer.variance : [] };
  }

  // ---------------------------------------------------------------- drawing, at most once a frame

  const charts = panels.map((panel) => new Chart(`“${panel.heading}”`, () => panel));
  const moving = several ? new Chart("moving from instruction to instruction", morphed) : null;
  const shownCharts = () => (state.morph ? [moving] : charts);
  const allCharts = moving ? [...charts, moving] : charts;
  const everywhere = (...parts) => allCharts.forEach((chart) => parts.forEach((part) => chart.dirty.add(part)));
  const redraw = (...parts) => {
    everywhere(...parts);
    schedule();
  };
  let scheduled = false;
  function schedule() {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(drawNow);
  }
  function drawNow() {
    scheduled = false;
    shownCharts().forEach((chart) => chart.draw());
  }

  // ---------------------------------------------------------------- pointing

  const tip = element("div", { class: "map-tip", role: "tooltip", hidden: true });
  function categoryOf(i) {
    const category = frame.categories[i];
    return category < 0 ? "" : frame.names[category];
  }
  function about(i) {
    return [frame.ids && frame.ids[i], categoryOf(i)].filter(Boolean);
  }
  function showTip(x, y) {
    const i = state.hover;
    tip.hidden = i < 0;
    if (i < 0) return;
    const line = element("p", { class: "soft" });
    about(i).forEach((part, k) => line.append(k ? " · " : "", foreign(part)));
    const pair = partner(i);
    tip.replaceChildren(element("p", { dir: "auto" }, texts[i] || "(no text)"), ...(about(i).length ? [line] : []),
      ...(pair >= 0 ? [element("p", { class: "soft" }, "pair: ", foreign(texts[pair]))] : []));
    const { width, height } = tip.getBoundingClientRect();
    const left = x + 16 + width > innerWidth ? x - 16 - width : x + 16;
    const top = y + 16 + height > innerHeight ? y - 16 - height : y + 16;
    tip.style.left = Math.max(4, left) + "px";
    tip.style.top = Math.max(4, top) + "px";
  }
  function hover(i, x, y) {
    if (i !== state.hover) {
      state.hover = i;
      redraw("marks");
      shownCharts().forEach((chart) => chart.box.classList.toggle("on-point", i >= 0));
    }
    showTip(x, y);
  }

  function listen(chart) {
    const box = chart.box;
    const pointers = new Map();
    let moved = 0;
    const inside = (event) => {
      const { left, top } = box.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    box.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      box.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, inside(event));
      if (pointers.size === 1) moved = 0;
    });
    box.addEventListener("pointermove", (event) => {
      const [x, y] = inside(event);
      const before = pointers.get(event.pointerId);
      if (!before) return hover(chart.find(x, y), event.clientX, event.clientY);
      const [dx, dy] = [x - before[0], y - before[1]];
      moved += Math.abs(dx) + Math.abs(dy);
      if (moved < 4 && pointers.size === 1) return undefined;
      hover(-1);
      if (pointers.size === 2) {
        const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
        const length = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
        chart.scale(length([x, y], other) / length(before, other), (x + other[0]) / 2, (y + other[1]) / 2);
        chart.move(dx / 2, dy / 2);
      } else if (spatial && !event.shiftKey) {
        turnBy(dx * 0.008, dy * 0.008);
      } else {
        chart.move(dx, dy);
      }
      pointers.set(event.pointerId, [x, y]);
      return undefined;
    });
    const end = (event) => {
      const known = pointers.delete(event.pointerId);
      if (event.type === "pointerup" && known && moved < 4) pin(chart.find(...inside(event)));
    };
    box.addEventListener("pointerup", end);
    box.addEventListener("pointercancel", end);
    box.addEventListener("pointerleave", () => hover(-1));
    box.addEventListener("wheel", (event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      chart.scale(Math.exp(-event.deltaY * lines * 0.0015), ...inside(event));
      hover(-1);
    }, { passive: false });
    box.addEventListener("keydown", (event) => key(chart, event));
  }

  function turnBy(yaw, pitch) {
    state.yaw += yaw;
    state.pitch += pitch;
    setTurn();
    redraw("points", "marks");
  }

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function key(chart, event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    const middle = [chart.size.width / 2, chart.size.height / 2];
    if (arrow && spatial && !event.shiftKey) turnBy(arrow[0] * 0.1, arrow[1] * 0.1);
    else if (arrow) pin(chart.next(visible(state.pin) ? state.pin : -1, ...arrow));
    else if (event.key === "+" || event.key === "=") chart.scale(1.25, ...middle);
    else if (event.key === "-") chart.scale(0.8, ...middle);
    else if (event.key === "0") wholeMap();
    else if (event.key === "Escape") pin(-1);
    else return;
    event.preventDefault();
  }

  // ---------------------------------------------------------------- the pinned point and its neighbours

  const details = element("section", { class: "map-details", "aria-live": "polite", "aria-label": "The pinned text" });
  function pin(i) {
    state.pin = i;
    showDetails();
    redraw("marks");
  }
  function showDetails() {
    const i = state.pin;
    if (i < 0) {
      const lists = panels.some((panel) => panel.neighbors.length);
      details.replaceChildren(element("p", { class: "soft" }, `Click a point to pin it${lists ? " and list its nearest texts" : ""}.`));
      return;
    }
    const line = element("p", { class: "soft" });
    about(i).forEach((part, k) => line.append(k ? " · " : "", foreign(part)));
    const parts = [element("p", { class: "pinned", dir: "auto" }, texts[i] || "(no text)"), line];
    const pair = partner(i);
    if (pair >= 0) parts.push(element("p", {}, "pair: ", button(foreign(texts[pair]), () => pin(pair), { class: "text" })));
    parts.push(button("Unpin", () => pin(-1)));
    const columns = element("div", { class: "map-columns" });
    const lists = panels.map((panel) => neighborsOf(panel, i));
    panels.forEach((panel, p) => {
      if (!lists[p].length) return;
      const heading = several ? foreign(panel.heading) : "Nearest texts";
      columns.append(element("div", {}, element("h3", { class: several ? "plain" : null }, heading), neighborList(lists, p)));
    });
    if (several && columns.childElementCount) {
      parts.push(element("p", { class: "soft" }, "Nearest texts for each instruction; those in every list are bold."));
    }
    details.replaceChildren(...parts, columns);
  }
  function neighborList(lists, p) {
    const list = element("ol", { class: "map-neighbors", onkeydown: (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const all = [...list.querySelectorAll("button")];
      const next = step && all[all.indexOf(document.activeElement) + step];
      if (next) next.focus();
      if (step) event.preventDefault();
    } });
    for (const j of lists[p]) {
      const shared = several && lists.every((other) => other.includes(j));
      const go = () => {
        pin(j);
        const again = details.querySelectorAll(".map-neighbors")[p];
        if (again) again.querySelector("button").focus({ preventScroll: true });
      };
      const show = (point) => () => {
        state.hover = point;
        redraw("marks");
      };
      list.append(element("li", {}, button(foreign(texts[j] || "(no text)"), go, {
        class: shared ? "text shared" : "text", onfocus: show(j), onblur: show(-1), onpointerenter: show(j), onpointerleave: show(-1),
      }), element("span", { class: "said" }, foreign(about(j).join(" · ")))));
    }
    return list;
  }

  // ---------------------------------------------------------------- search

  let folded = null;
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const found = element("output", { class: "soft", "aria-live": "polite" });
  const search = element("input", {
    type: "search", placeholder: "Search texts", "aria-label": "Search texts", spellcheck: "false", autocomplete: "off",
  });
  function searchNow() {
    const words = fold(search.value.trim());
    if (words === state.words) return;
    state.words = words;
    if (words && !folded) folded = texts.map((text, i) => fold([text, ...about(i)].join("\n")));
    state.match = words ? Uint8Array.from(folded, (text) => (text.includes(words) ? 1 : 0)) : null;
    countMatches();
    redraw("points", "marks");
  }
  function countMatches() {
    state.matches = 0;
    if (state.match) for (let i = 0; i < n; i++) if (state.match[i] && visible(i)) state.matches++;
    found.textContent = state.match ? `${number(state.matches)} of ${number(n)} match` : "";
  }
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(searchNow, n > 5000 ? 150 : 30);
  });
  for (const kind of ["change", "search"]) search.addEventListener(kind, searchNow);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      searchNow();
      const step = event.shiftKey ? n - 1 : 1;
      for (let k = 1, i = Math.max(state.pin, event.shiftKey ? 0 : -1); k <= n && state.matches; k++) {
        i = (i + step) % n;
        if (state.match[i] && visible(i)) {
          pin(i);
          break;
        }
      }
      event.preventDefault();
    } else if (event.key === "Escape") {
      search.value = "";
      searchNow();
    }
  });

  // ---------------------------------------------------------------- legend

  const legend = element("div", { class: "map-legend", role: "group", "aria-label": "Categories" });
  const swatches = [];
  function buildLegend() {
    if (!legendShown) return;
    if (frame.colorColumn) legend.append(element("h3", {}, foreign(frame.colorColumn)));
    const entries = groups.map((group, g) => {
      const swatch = element("canvas", { width: "28", height: "28", "aria-hidden": "true" });
      swatches.push(swatch);
      return button("", () => {
        state.hidden.has(g) ? state.hidden.delete(g) : state.hidden.add(g);
        filtered(entries);
      }, { class: "entry", "aria-pressed": "true" });
    });
    entries.forEach((entry, g) => {
      entry.append(swatches[g], foreign(groups[g].name), element("span", { class: "soft" }, number(groups[g].count)));
    });
    const all = (hide) => () => {
      groups.forEach((group, g) => (hide ? state.hidden.add(g) : state.hidden.delete(g)));
      filtered(entries);
    };
    legend.append(
      element("div", { class: "entries" }, ...entries),
      element("div", { class: "all" }, button("Show all", all(false)), button("Hide all", all(true))));
    drawSwatches();
  }
  function filtered(entries) {
    entries.forEach((entry, g) => entry.setAttribute("aria-pressed", String(!state.hidden.has(g))));
    countMatches();
    hover(-1);
    redraw("points", "marks");
  }
  function drawSwatches() {
    swatches.forEach((swatch, g) => {
      const pen = swatch.getContext("2d");
      pen.clearRect(0, 0, 28, 28);
      pen.fillStyle = paint.groups[g];
      pen.beginPath();
      if (groups[g].shape === "circle") pen.arc(14, 14, 10, 0, 2 * Math.PI);
      else if (groups[g].shape === "rect") pen.rect(5, 5, 18, 18);
      else [[14, 3], [25, 23], [3, 23]].forEach(([x, y], k) => (k ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.fill();
    });
  }

  // ---------------------------------------------------------------- from map to map

  const slider = several ? element("input", {
    type: "range", min: "0", max: String(panels.length - 1), step: "0.01", value: "0",
    "aria-label": "Move the points from instruction to instruction",
  }) : null;
  const sideBySide = several ? button("Side by side", () => { stopPlaying(); showMoving(false); }, { "aria-pressed": "true" }) : null;
  const play = several ? button("Play", () => playNow()) : null;
  const grid = element("div", { class: "map-grid" });
  const movingFigure = several ? figure("One map", moving) : null;
  const movingHeading = several ? movingFigure.querySelector("figcaption") : null;
  function figure(heading, chart) {
    return element("figure", {}, element("figcaption", {}, foreign(heading)), chart.box);
  }
  function showMoving(on) {
    if (on === state.morph) return;
    state.morph = on;
    sideBySide.setAttribute("aria-pressed", String(!on));
    grid.classList.toggle("moving", on);
    if (on && !moving.echarts) moving.start();
    shownCharts().forEach((chart) => {
      chart.measure();
      chart.redraw("points", "axes", "marks");
    });
  }
  function setTime(time) {
    state.time = time;
    slider.value = String(time);
    showMoving(true);
    const from = panels[Math.min(Math.floor(time), panels.length - 2)];
    const to = panels[Math.min(Math.floor(time), panels.length - 2) + 1];
    const share = time - Math.min(Math.floor(time), panels.length - 2);
    const text = share === 0 ? from.heading : share === 1 ? to.heading : `${Math.round(100 * share)} % of the way to: ${to.heading}`;
    movingHeading.replaceChildren(foreign(text));
    slider.setAttribute("aria-valuetext", text);
    moving.redraw("points", "marks");
  }
  let playing = 0;
  function stopPlaying() {
    cancelAnimationFrame(playing);
    playing = 0;
    play.textContent = "Play";
  }
  function playNow() {
    if (playing) return stopPlaying();
    const last = panels.length - 1;
    const start = state.time >= last ? 0 : state.time;
    if (calm.matches) return setTime(Math.min(last, Math.floor(start) + 1));
    play.textContent = "Stop";
    let began = 0;
    const step = (now) => {
      began = began || now;
      const time = Math.min(last, start + (now - began) / 1800);
      setTime(time);
      if (time < last) playing = requestAnimationFrame(step);
      else stopPlaying();
    };
    playing = requestAnimationFrame(step);
    return undefined;
  }

  // ---------------------------------------------------------------- the page

  const tools = element("div", { class: "map-tools", role: "search" }, search, button("Whole map", wholeMap));
  if (frame.pairs) {
    const box = element("input", { type: "checkbox", checked: true, onchange: () => {
      state.pairs = box.checked;
      redraw("axes", "marks");
    } });
    tools.append(element("label", {}, box, " lines between pairs"));
  }
  tools.append(found);
  function wholeMap() {
    fit();
    shownCharts().forEach((chart) => chart.reset());
  }
  const help = spatial
    ? "Drag to turn, Shift and drag to move, wheel to zoom. Arrow keys turn, Shift and arrow keys move the pin."
    : "Drag to move, wheel to zoom. Arrow keys move the pin from point to point.";
  panels.forEach((panel, p) => {
    const share = panel.variance.reduce((sum, value) => sum + value, 0);
    const made = figure(panel.heading, charts[p]);
    if (panel.variance.length) {
      made.querySelector("figcaption").append(element("small", { class: "soft" }, `explains ${(100 * share).toFixed(1)} % of the variance`));
    }
    grid.append(made);
  });
  const parts = several ? [tools, legend, grid] : [tools, grid];
  if (several) {
    movingFigure.classList.add("one-map");
    grid.append(movingFigure);
    slider.addEventListener("input", () => {
      if (playing) stopPlaying();
      setTime(Number(slider.value));
    });
    const ends = element("div", { class: "map-ends" }, ...panels.map((panel) => foreign(panel.heading)));
    parts.push(element("div", { class: "map-morph" }, sideBySide, play, element("div", { class: "map-slider" }, slider, ends)));
  }
  parts.push(element("p", { class: "soft map-help" }, help));
  const side = element("div", { class: "map-side" }, ...(several ? [details] : [legend, details]));
  root.classList.add(several ? "several" : "one");
  root.replaceChildren(element("div", { class: "map-main" }, ...parts), side, tip);
  buildLegend();
  showDetails();
  charts.forEach((chart) => chart.start());
  drawNow();
  requestAnimationFrame(() => setTimeout(() => performance.mark("instructor-map-drawn")));

  // Paper gets what is on the screen: Chromium leaves out the points when any canvas is drawn as printing begins.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readPaint();
    drawSwatches();
    redraw("points", "axes", "marks");
  });

  window.instructorMap = Object.freeze({
    count: () => n,
    visible: () => groupOf.reduce((sum, group) => sum + (state.hidden.has(group) ? 0 : 1), 0),
    matches: () => (state.match ? state.matches : null),
    hovered: () => state.hover,
    pinned: () => state.pin,
    time: () => state.time,
    turn: () => [state.yaw, state.pitch],
    /** Where a point is, in the window, on the p-th map that is shown. */
    position: (i, p) => {
      const chart = shownCharts()[p || 0];
      const { left, top } = chart.box.getBoundingClientRect();
      return [left + chart.screen[2 * i], top + chart.screen[2 * i + 1]];
    },
  });
})();
