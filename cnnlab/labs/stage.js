// The one front-end file of cnnlab: it shows the SVG that Python draws, and tells Python what a person does to it.
//
// Python sends a whole picture as text (trait `svg`), its bitmaps by name (trait `images`). A grid that can be pointed at
// says where it is and what can be done to it:
//   <g data-grid="input" data-box="x y cellWidth cellHeight rows cols" data-on="hover pin edit paint held choose steps">
// "steps" says that its cells, row by row, are the steps; data-at="row col" is where the keyboard starts from, where Python
// knows it; "held" says that what is painted lies at data-at and moves as the pointer does, wherever it was grabbed: Python
// hears where it would lie; an editable grid has its numbers in data-values, and in
// data-inside="row col rows cols" which of its cells can be edited. What moves with the step says by how much:
// <g data-follow="dx dy">. Python hears, as custom messages,
//   {kind: "hover" | "pin" | "choose", grid, row, col, cols}   {kind: "leave"}   {kind: "grid", grid, text}
//   {kind: "edit" | "paint", grid, cells: [[row, col], ...], text}
// The arithmetic stays in Python. While Python computes, the window is moved here, so that stepping never lags.

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const ANSWER_MS = 200; // after this long without a new frame, the next event is sent all the same
const SILENT_MS = 3000; // after this long the page says that Python does not answer
const SILENT = "Python does not answer: it is busy, or was restarted. If this stays, run the cell again.";
const FINE = 8; // cells that are smaller, in pixels, are not outlined
const SVG = "http://www.w3.org/2000/svg";

class Stage {
  constructor(model, el) {
    this.model = model;
    this.cursor = {}; // grid name -> [row, col], where the keyboard is
    this.waiting = []; // events not yet sent
    this.pending = null; // a step that Python has not drawn yet
    this.urls = new Map(); // bitmap name -> address in this page
    this.picture = element("div", "cnnlab-picture");
    this.status = element("div", "cnnlab-status");
    this.status.setAttribute("aria-live", "polite");
    this.silent = element("div", "cnnlab-silent");
    this.silent.setAttribute("role", "alert");
    this.root = element("div", "cnnlab cnnlab-stage");
    this.root.append(this.picture, this.silent, this.status);
    el.append(this.root);
    this.listen();
    this.show();
    this.say();
    requestAnimationFrame(() => this.claimLab());
    model.set("alive", true);
    model.save_changes();
    this.callPython();
    this.listenToSlider();
  }

  // Tell Python that there is a page, a few times: it must hear it over a subshell (see _wake_controls in base.py), and
  // JupyterLab may still be making one.
  callPython(again = 0) {
    if (this.disposed || again === 6 || (again && this.model.get("awake"))) return;
    this.tell({ kind: "alive" });
    setTimeout(() => this.callPython(again + 1), 500 * 2 ** again);
  }

  // The kernel may have been restarted: then nobody is there to hear it, and sending throws.
  tell(event) {
    try {
      this.model.send(event);
    } catch (error) {
      console.warn(`cnnlab: Python has not heard ${event.kind}: ${error.message}`);
    }
  }

  // The slider of the step moves the window at once, and tells play where to go on; Python hears it from the slider.
  async listenToSlider() {
    const ids = this.model.get("stepped");
    const [slider, play] = await Promise.all(ids.map((id) => this.model.widget_manager.get_model(id)));
    if (!slider || this.disposed) return;
    this.slider = slider;
    this.onSlider = () => {
      play.set("value", slider.get("value"));
      // While an event of the picture is on its way, the slider only repeats what Python has heard of it so far.
      if (!this.timer && !this.waiting.length) this.follow(slider.get("value"));
    };
    slider.on("change:value", this.onSlider);
  }

  // JupyterLab must not take the keys pressed in a lab for its own shortcuts ("a" would insert a cell): it looks for this
  // attribute on the element that has the focus. And the picture that stood in for this one goes. The lab puts its
  // children into the page one by one, so it may take a few frames until it is there.
  claimLab() {
    const lab = this.root.closest(".cnnlab-lab");
    lab?.classList.add("cnnlab-alive");
    lab?.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"));
    if (!lab && !this.disposed) requestAnimationFrame(() => this.claimLab());
  }

  listen() {
    this.handlers = {
      "change:svg": () => this.show(),
      "change:status": () => this.say(),
      "change:answers": () => (this.heard(), this.answered()), // Python has drawn nothing, but it has listened
      "change:cells": () => this.tell({ kind: "alive" }), // see _wake_controls in base.py
    };
    for (const [name, handler] of Object.entries(this.handlers)) this.model.on(name, handler);
    const on = (name, handler) => this.picture.addEventListener(name, handler.bind(this));
    on("pointermove", this.pointerMove);
    on("pointerdown", this.pointerDown);
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) on(end, this.pointerUp);
    on("pointerleave", this.pointerLeave);
    on("keydown", this.keyDown);
    on("focusin", this.drawCursor);
    on("focusout", this.drawCursor);
    on("paste", this.paste);
  }

  dispose() {
    this.disposed = true;
    this.slider?.off("change:value", this.onSlider);
    for (const [name, handler] of Object.entries(this.handlers)) this.model.off(name, handler);
    for (const timer of [this.timer, this.expiry, this.silence]) clearTimeout(timer);
    for (const url of this.urls.values()) URL.revokeObjectURL(url);
    if (this.hovered) this.tell({ kind: "leave" });
  }

  // ---- frames -----------------------------------------------------------------------------------------------------

  async show() {
    const text = this.model.get("svg");
    this.latest = text;
    if (!text) return;
    const holder = document.createElement("template");
    holder.innerHTML = text;
    const fresh = holder.content.firstElementChild;
    this.nameImages(fresh);
    await this.decode(fresh); // a bitmap that is not decoded yet would show as a blank for a frame
    if (this.latest !== text) return; // a newer frame has come in the meantime
    if (this.svg) morph(this.svg, fresh);
    else this.picture.append(fresh);
    if (this.pending === this.number("step")) this.pending = null;
    if (this.pending !== null) this.place(this.pending);
    this.drawCursor();
    this.heard();
    this.answered();
    if (!this.timer) this.takeCursors();
  }

  // The keyboard goes on from where Python says that a grid is at. While an event is on its way, the page is ahead of it.
  takeCursors() {
    for (const g of this.picture.querySelectorAll("[data-at]")) this.cursor[g.dataset.grid] = g.dataset.at.split(" ").map(Number);
    this.drawCursor();
  }

  // `href="cl:name"` becomes the address of the bytes that Python sent under that name.
  nameImages(fresh) {
    const images = this.model.get("images");
    for (const image of fresh.querySelectorAll("image")) {
      const name = image.getAttribute("href").slice(3);
      if (!this.urls.has(name)) this.urls.set(name, URL.createObjectURL(new Blob([images[name]])));
      image.setAttribute("href", this.urls.get(name));
    }
    for (const [name, url] of this.urls) {
      if (name in images) continue;
      this.urls.delete(name);
      setTimeout(() => URL.revokeObjectURL(url), SILENT_MS); // the frame on the screen may still show it
    }
  }

  decode(fresh) {
    const known = new Set([...this.picture.querySelectorAll("image")].map((i) => i.getAttribute("href")));
    const news = [...fresh.querySelectorAll("image")].map((i) => i.getAttribute("href")).filter((h) => !known.has(h));
    return Promise.all(news.map((href) => Object.assign(new Image(), { src: href }).decode().catch(() => {})));
  }

  get svg() {
    return this.picture.querySelector("svg");
  }

  number(name) {
    return Number(this.svg.dataset[name]);
  }

  say() {
    this.status.textContent = this.model.get("status");
  }

  // ---- stepping ---------------------------------------------------------------------------------------------------

  follow(step) {
    if (!this.svg || step === this.number("step")) return;
    this.pending = step;
    clearTimeout(this.expiry);
    this.expiry = setTimeout(() => this.unfollow(), SILENT_MS);
    this.place(step);
    this.expectAnswer();
  }

  // Back to the step that is drawn: the window and the numbers must never tell two stories.
  unfollow() {
    this.pending = null;
    if (this.svg) this.place(this.number("step"));
  }

  expectAnswer() {
    this.silence ??= setTimeout(() => (this.silent.textContent = SILENT), SILENT_MS);
  }

  heard() {
    clearTimeout(this.silence);
    this.silence = null;
    this.silent.textContent = "";
  }

  place(step) {
    const columns = this.number("columns");
    const [row, col] = [Math.floor(step / columns), step % columns];
    for (const g of this.picture.querySelectorAll("[data-follow]")) {
      const [dx, dy] = g.dataset.follow.split(" ").map(Number);
      g.setAttribute("transform", `translate(${col * dx} ${row * dy})`);
    }
  }

  // ---- events to Python: one on its way at a time, a newer hover replaces an older one ------------------------------

  send(event) {
    const last = this.waiting.at(-1);
    const passing = (kind) => kind === "hover" || kind === "leave";
    if (last && (passing(last.kind) ? passing(event.kind) : last.kind === "pin" && event.kind === "pin")) this.waiting.pop();
    if (last?.kind === "paint" && event.kind === "paint") last.cells.push(...event.cells);
    else this.waiting.push(event);
    this.flush();
  }

  flush() {
    if (this.timer || !this.waiting.length) return;
    this.expectAnswer();
    this.tell(this.waiting.shift());
    this.timer = setTimeout(() => this.answered(), ANSWER_MS);
  }

  answered() {
    clearTimeout(this.timer);
    this.timer = null;
    this.flush();
  }

  // ---- pointer ----------------------------------------------------------------------------------------------------

  at(event) {
    const group = event.target.closest?.("[data-grid]");
    return group && this.cellAt(group, event);
  }

  cellAt(group, event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    const [x, y, w, h, , cols] = box(group);
    const [row, col] = inside(group, Math.floor((point.y - y) / h), Math.floor((point.x - x) / w));
    return { grid: group.dataset.grid, group, row, col, cols };
  }

  pointerMove(event) {
    if (this.painting) return this.paintTo(this.cellAt(this.painting, event));
    const cell = this.at(event);
    if (!cell || !can(cell.group, "hover")) return this.pointerLeave();
    const { grid, row, col, cols } = cell;
    if (this.hovered === `${grid} ${row} ${col}`) return;
    this.hovered = `${grid} ${row} ${col}`;
    if (can(cell.group, "steps")) this.follow(row * cols + col);
    this.send({ kind: "hover", grid, row, col, cols });
  }

  pointerLeave() {
    if (!this.hovered) return;
    this.hovered = null;
    this.unfollow();
    this.send({ kind: "leave" });
  }

  pointerDown(event) {
    const cell = this.at(event);
    if (!cell || event.button) return;
    event.preventDefault();
    this.closeEditor(true);
    const [row, col] = can(cell.group, "held") ? this.where(cell.group) : [cell.row, cell.col];
    this.grip = [cell.row - row, cell.col - col];
    this.cursor[cell.grid] = [row, col];
    cell.group.focus({ preventScroll: true });
    if (can(cell.group, "paint")) {
      this.painting = cell.group;
      this.painted = "";
      this.picture.setPointerCapture(event.pointerId);
      this.paintTo(cell);
    } else this.act(cell.grid, cell.row, cell.col);
  }

  pointerUp() {
    this.painting = null;
  }

  paintTo({ grid, group, ...cell }) {
    const [row, col] = inside(group, cell.row - this.grip[0], cell.col - this.grip[1]);
    if (this.painted === `${row} ${col}`) return;
    this.painted = `${row} ${col}`;
    this.cursor[grid] = [row, col];
    this.send({ kind: "paint", grid, cells: [[row, col]] });
  }

  // What a click or the Enter key does to a cell.
  act(grid, row, col, text) {
    const group = this.group(grid);
    const cols = box(group)[5];
    if (can(group, "edit") && this.isInside(group, row, col)) this.openEditor(group, row, col, text);
    else if (can(group, "edit")) this.send({ kind: "edit", grid, cells: [[row, col]], text: "0" }); // Python says why not
    else if (can(group, "pin")) this.send({ kind: "pin", grid, row, col, cols });
    else if (can(group, "choose")) this.send({ kind: "choose", grid, row, col, cols });
    this.drawCursor();
  }

  isInside(group, row, col) {
    const [top, left, rows, cols] = group.dataset.inside.split(" ").map(Number);
    return row >= top && row < top + rows && col >= left && col < left + cols;
  }

  group(grid) {
    return this.picture.querySelector(`[data-grid="${grid}"]`);
  }

  // ---- keyboard ---------------------------------------------------------------------------------------------------

  keyDown(event) {
    const group = event.target.closest?.("[data-grid]");
    if (!group || event.ctrlKey || event.metaKey || event.altKey) return;
    const grid = group.dataset.grid;
    const [row, col] = this.where(group);
    if (ARROWS[event.key]) this.walk(group, row, col, ARROWS[event.key]);
    else if (event.key === " " && can(group, "paint")) this.send({ kind: "paint", grid, cells: [[row, col]] });
    else if (event.key === "Enter" || event.key === " ") this.act(grid, row, col);
    else if (can(group, "edit") && /^[-−+.\d]$/.test(event.key)) this.act(grid, row, col, event.key);
    else return;
    event.preventDefault();
  }

  where(group) {
    const cols = box(group)[5];
    const step = this.pending ?? this.number("step");
    if (can(group, "steps")) return [Math.floor(step / cols), step % cols];
    return inside(group, ...(this.cursor[group.dataset.grid] ?? [0, 0]));
  }

  walk(group, row, col, [dy, dx]) {
    const cols = box(group)[5];
    const next = inside(group, row + dy, col + dx);
    const grid = group.dataset.grid;
    this.cursor[grid] = next;
    if (can(group, "steps")) this.follow(next[0] * cols + next[1]);
    if (can(group, "pin")) this.send({ kind: "pin", grid, row: next[0], col: next[1], cols });
    else if (can(group, "choose")) this.send({ kind: "choose", grid, row: next[0], col: next[1], cols });
    else this.status.textContent = this.describe(group, ...next);
    this.drawCursor();
  }

  // A cell of an editable grid, for screen readers; places are counted from 0 and without the padding.
  describe(group, row, col) {
    const [top, left] = group.dataset.inside.split(" ").map(Number);
    const value = group.dataset.values.split(" ")[row * box(group)[5] + col];
    const place = this.isInside(group, row, col) ? `[${row - top}, ${col - left}]` : "padding";
    return `${group.dataset.grid} ${place}: ${value}`;
  }

  // A dashed square on the cell where the keyboard is, in the grid that has the focus; around the whole grid where its cells
  // are too fine to be seen and the picture itself shows the place.
  drawCursor() {
    this.picture.querySelector(".cl-cursor")?.remove();
    const group = this.picture.querySelector("[data-grid]:focus");
    if (!group) return;
    const [x, y, w, h, rows, cols] = box(group);
    const [row, col] = this.where(group);
    const place = { x: x + col * w, y: y + row * h, width: w, height: h };
    const fine = group.dataset.at && Math.min(w, h) < FINE;
    const mark = document.createElementNS(SVG, "rect");
    const shape = fine ? { x, y, width: cols * w, height: rows * h } : place;
    for (const [name, value] of Object.entries({ class: "cl-cursor", ...shape })) mark.setAttribute(name, value);
    this.svg.append(mark);
  }

  // ---- editing a number in place ------------------------------------------------------------------------------------

  openEditor(group, row, col, text) {
    this.closeEditor(false);
    const [x, y, w, h, , cols] = box(group);
    const scale = this.svg.getScreenCTM();
    const frame = this.picture.getBoundingClientRect();
    const corner = new DOMPoint(x + col * w, y + row * h).matrixTransform(scale);
    const input = element("input", "cnnlab-editor");
    Object.assign(input.style, {
      left: `${corner.x - frame.left}px`,
      top: `${corner.y - frame.top}px`,
      width: `${Math.max(w * scale.a, 44)}px`,
      height: `${h * scale.d}px`,
    });
    input.value = text ?? group.dataset.values.split(" ")[row * cols + col];
    input.setAttribute("aria-label", this.describe(group, row, col));
    this.editor = { input, group, row, col, cols, before: group.dataset.values.split(" ")[row * cols + col] };
    input.addEventListener("keydown", (event) => this.editorKey(event));
    input.addEventListener("blur", () => this.closeEditor(true));
    this.picture.append(input);
    input.focus({ preventScroll: true });
    if (text === undefined) input.select();
  }

  editorKey(event) {
    event.stopPropagation();
    const { group, row, col, cols } = this.editor;
    if (event.key === "Escape" || event.key === "Enter") {
      this.closeEditor(event.key === "Enter");
      this.group(group.dataset.grid).focus({ preventScroll: true });
    } else if (event.key === "Tab") {
      event.preventDefault();
      const rows = box(group)[4];
      const next = Math.min(Math.max(row * cols + col + (event.shiftKey ? -1 : 1), 0), rows * cols - 1);
      this.closeEditor(true);
      this.cursor[group.dataset.grid] = [Math.floor(next / cols), next % cols];
      this.openEditor(this.group(group.dataset.grid), Math.floor(next / cols), next % cols);
    }
  }

  closeEditor(keep) {
    if (!this.editor) return;
    const { input, group, row, col, before } = this.editor;
    this.editor = null;
    if (keep && input.value !== before)
      this.send({ kind: "edit", grid: group.dataset.grid, cells: [[row, col]], text: input.value });
    input.remove();
  }

  paste(event) {
    const text = event.clipboardData.getData("text").trim();
    const group = this.editor?.group ?? event.target.closest?.("[data-grid]");
    if (!group || !can(group, "edit") || !/[\s,;]/.test(text)) return; // a single number goes into the editor as usual
    event.preventDefault();
    this.closeEditor(false);
    this.send({ kind: "grid", grid: group.dataset.grid, text });
  }
}

function element(tag, classes) {
  return Object.assign(document.createElement(tag), { className: classes });
}

// Whether a grid says that this can be done to it.
function can(group, what) {
  return (group.dataset.on ?? "").split(" ").includes(what);
}

function box(group) {
  return group.dataset.box.split(" ").map(Number);
}

// The cell of a grid that is nearest to this one.
function inside(group, row, col) {
  const [, , , , rows, cols] = box(group);
  return [Math.min(Math.max(row, 0), rows - 1), Math.min(Math.max(col, 0), cols - 1)];
}

// Make `old` equal to `fresh`, keeping the nodes that stay: the focus survives, and bitmaps are not loaded again. Grids
// are matched by their names, all else by its kind and place.
function morph(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  let mine = old.firstChild;
  const drop = () => {
    const next = mine.nextSibling;
    mine.remove();
    mine = next;
  };
  for (const node of [...fresh.childNodes]) {
    if (node.dataset?.grid && follows(mine, node)) while (!alike(mine, node)) drop();
    if (!mine || !alike(mine, node)) old.insertBefore(node, mine);
    else {
      if (node.nodeType === Node.ELEMENT_NODE) morph(mine, node);
      else if (mine.nodeValue !== node.nodeValue) mine.nodeValue = node.nodeValue;
      mine = mine.nextSibling;
    }
  }
  while (mine) drop();
}

function alike(one, other) {
  return one.nodeName === other.nodeName && one.dataset?.grid === other.dataset?.grid;
}

function follows(mine, node) {
  for (let other = mine; other; other = other.nextSibling) if (alike(other, node)) return true;
  return false;
}

export default {
  render({ model, el }) {
    const stage = new Stage(model, el);
    return () => stage.dispose();
  },
};
