// The heat map: learners x exercises on a canvas that draws the rows in sight, however many there are.
//
// The page brings the columns, the texts and, in a report, the rows as JSON; a server sends rows in blocks. For the keyboard
// one cell is current: arrows move it, Enter opens its learner, and a live region says what it holds.

const ROW = 18; // CSS pixels, as all sizes here
const LABELS = 22; // the line of topic names
const BARS = 30; // the bars of those who solved the exercise
const HEAD = LABELS + BARS;
const BLOCK = 100; // rows asked for at once
const SOLVED = "p";
const NOTHING_HANDED_IN = "-";
const NOT_STARTED = "n";
const UNGRADED = "u";

/** Rows that a server sorts and sends in blocks; `arrived` is called after each block, with whether it came. */
class ServedRows {
  constructor(address, arrived, isInSight) {
    this.address = address;
    this.arrived = arrived;
    this.isInSight = isInSight;
  }

  arrange(sort, descending) {
    this.query = new URLSearchParams({ sort, descending });
    this.blocks = new Map();
  }

  /** The row at a place; undefined until its block has come. */
  at(index) {
    const block = Math.floor(index / BLOCK);
    if (!this.blocks.has(block)) {
      this.blocks.set(block, []);
      this.load(block, this.blocks);
    }
    return this.blocks.get(block)[index % BLOCK];
  }

  async load(block, blocks) {
    await new Promise((waited) => setTimeout(waited, 50));
    if (blocks === this.blocks && !this.isInSight(block * BLOCK, (block + 1) * BLOCK)) {
      blocks.delete(block); // scrolled past; it is asked for when it comes into sight again
      return;
    }
    const address = new URL(this.address, location.href);
    address.search = `${this.query}&offset=${block * BLOCK}&limit=${BLOCK}`;
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) {
      blocks.set(block, (await answer.json()).rows);
    }
    if (blocks === this.blocks) {
      this.arrived(Boolean(answer?.ok));
    }
  }
}

/** Rows that are all in the page, as in a report. */
class EmbeddedRows {
  constructor(rows, columns) {
    this.rows = rows;
    this.columns = columns;
  }

  arrange(sort, descending) {
    const value = this.valueFor(sort);
    const sign = descending ? -1 : 1;
    const missing = (row) => value(row) === null;
    const compare = (a, b) => missing(a) - missing(b) || sign * (value(a) - value(b));
    const byName = (a, b) => (a.learner < b.learner ? -1 : 1);
    this.rows.sort((a, b) => (sort === "name" ? sign * byName(a, b) : compare(a, b) || byName(a, b)));
  }

  /** What rows are sorted by: all their points, or the percentages of an exercise or of a topic's exercises. */
  valueFor(sort) {
    const places = [...this.columns.keys()].filter((place) => {
      const { topic, exercise } = this.columns[place];
      return sort === "total" || sort === topic || sort === `${topic}/${exercise}`;
    });
    return (row) => {
      const marks = places.map((place) => row.percent[place]).filter((percent) => percent !== null);
      return marks.length ? marks.reduce((sum, percent) => sum + percent) : null;
    };
  }

  at(index) {
    return this.rows[index];
  }
}

class HeatMap {
  constructor(root) {
    const { columns, total, rows, solved, texts } = JSON.parse(root.querySelector("script").textContent);
    this.root = root;
    this.texts = texts;
    this.solved = solved;
    this.allColumns = columns;
    this.total = total;
    this.rows = rows
      ? new EmbeddedRows(rows, columns)
      : new ServedRows(
          root.dataset.rows,
          (came) => this.blockArrived(came),
          (from, to) => this.isInSight(from, to),
        );
    this.viewport = root.querySelector(".heatmap-viewport");
    this.spacer = root.querySelector(".heatmap-spacer");
    this.canvas = root.querySelector("canvas");
    this.said = root.querySelector(".heatmap-said");
    [this.sort, this.direction, this.topic] = root.querySelectorAll("select");
    this.current = null;
    this.frame = 0;
    this.listen();
    this.arrange();
    if (solved) {
      this.fillTable();
    }
  }

  /** Who solved what: it takes a server longer than the rows in sight, so it is asked for after them. */
  async loadSolved() {
    this.solved = [];
    const answer = await fetch(this.root.dataset.solved).catch(() => null);
    if (answer?.ok) {
      this.solved = (await answer.json()).solved;
      this.fillTable();
      this.redraw();
    }
  }

  /** The bars as numbers. */
  fillTable() {
    this.root.querySelectorAll(".heatmap-table td.number").forEach((cell, index) => {
      cell.textContent = `${Math.round(this.solved[index] * 100)} %`;
    });
  }

  listen() {
    const redraw = () => this.redraw();
    this.sort.addEventListener("change", () => {
      this.direction.value = this.sort.value === "name" ? "ascending" : "descending";
      this.arrange();
    });
    this.direction.addEventListener("change", () => this.arrange());
    this.topic.addEventListener("change", () => this.arrange());
    this.viewport.addEventListener("scroll", redraw, { passive: true });
    this.viewport.addEventListener("keydown", (event) => this.press(event));
    this.canvas.addEventListener("mousemove", (event) => this.point(event));
    this.canvas.addEventListener("click", (event) => this.click(event));
    document.documentElement.addEventListener("themechange", redraw);
    new ResizeObserver(() => this.layOut()).observe(this.viewport);
  }

  /** Take the order and the topic from the controls; within one topic, all points are those of the topic. */
  arrange() {
    const topic = this.topic.value;
    this.columns = this.allColumns.map((column, index) => ({ ...column, index }));
    this.columns = this.columns.filter((column) => !topic || column.topic === topic);
    this.current = null;
    const sort = this.sort.value === "total" && topic ? topic : this.sort.value;
    this.rows.arrange(sort, this.direction.value === "descending");
    this.viewport.scrollTo(0, 0);
    this.layOut();
  }

  /** Fit the columns into the width there is, or let them scroll where they would become too narrow. */
  layOut() {
    const { clientWidth: width } = this.viewport;
    this.names = Math.round(Math.min(168, Math.max(108, width * 0.2)));
    this.cell = Math.min(40, Math.max(9, (width - this.names - 8) / this.columns.length));
    this.spacer.style.width = `${this.names + this.cell * this.columns.length + 8}px`;
    this.spacer.style.height = `${HEAD + ROW * this.total + 4}px`;
    this.redraw();
  }

  blockArrived(came) {
    if (came) {
      this.redraw();
      if (this.current) {
        this.say(...this.current);
      }
      if (!this.solved) {
        this.loadSolved();
      }
    } else {
      this.said.textContent = this.texts.failed;
    }
  }

  redraw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.viewport;
    const scale = devicePixelRatio;
    if (this.canvas.width !== Math.round(width * scale) || this.canvas.height !== Math.round(height * scale)) {
      this.canvas.width = Math.round(width * scale);
      this.canvas.height = Math.round(height * scale);
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = `12px ${getComputedStyle(this.viewport).fontFamily}`;
    context.textBaseline = "middle";
    this.colours = this.readColours();
    this.drawCells(context, width, height);
    this.drawNames(context, height);
    this.drawHead(context, width);
    this.drawCurrent(context);
  }

  /** The colours of the legend and the text, whatever the theme. */
  readColours() {
    const style = (selector) => getComputedStyle(this.root.querySelector(selector));
    const page = getComputedStyle(document.body);
    return {
      passed: style(".fill-passed").fill,
      wrong: style(".fill-wrong").fill,
      ungraded: style(".ring").stroke,
      idle: style(".heatmap-viewport").borderTopColor,
      soft: style(".legend").color,
      ink: page.color,
      paper: page.backgroundColor,
    };
  }

  visibleRows(height) {
    const first = Math.floor(this.viewport.scrollTop / ROW);
    return [first, Math.min(this.total, first + Math.ceil((height - HEAD) / ROW) + 1)];
  }

  isInSight(from, to) {
    const [first, last] = this.visibleRows(this.viewport.clientHeight);
    return first < to && last > from;
  }

  left(column) {
    return this.names + column * this.cell - this.viewport.scrollLeft;
  }

  top(row) {
    return HEAD + row * ROW - this.viewport.scrollTop;
  }

  drawCells(context, width, height) {
    const [first, last] = this.visibleRows(height);
    for (let index = first; index < last; index++) {
      const row = this.rows.at(index);
      this.columns.forEach((column, place) => {
        const x = this.left(place);
        if (row && x > this.names - this.cell && x < width) {
          this.drawMark(context, row.statuses[column.index], x, this.top(index));
        }
      });
    }
  }

  /** One cell: a full square, a triangle, a hatched frame, a dot or nothing, so that the shape alone tells the status. */
  drawMark(context, status, x, y) {
    const gap = this.cell < 12 ? 0.5 : 1;
    const [left, top, width, height] = [x + gap, y + 1, this.cell - 2 * gap, ROW - 2];
    if (status === SOLVED) {
      context.fillStyle = this.colours.passed;
      context.fillRect(left, top, width, height);
    } else if (status === UNGRADED) {
      context.strokeStyle = this.colours.ungraded;
      context.lineWidth = 1.5;
      context.beginPath();
      context.rect(left + 1, top + 1, width - 2, height - 2);
      context.moveTo(left + 1, top + height - 1);
      context.lineTo(left + width - 1, top + 1);
      context.stroke();
    } else if (status === NOT_STARTED) {
      context.fillStyle = this.colours.soft;
      context.fillRect(x + this.cell / 2 - 1, y + ROW / 2 - 1, 2, 2);
    } else if (status !== NOTHING_HANDED_IN) {
      context.fillStyle = this.colours.wrong;
      context.beginPath();
      context.moveTo(left, top);
      context.lineTo(left, top + height);
      context.lineTo(left + width, top + height);
      context.fill();
    }
  }

  drawNames(context, height) {
    context.fillStyle = this.colours.paper;
    context.fillRect(0, 0, this.names, height);
    context.fillStyle = this.colours.ink;
    const [first, last] = this.visibleRows(height);
    for (let index = first; index < last; index++) {
      const row = this.rows.at(index);
      context.fillText(row ? shortened(context, row.name, this.names - 14) : "…", 8, this.top(index) + ROW / 2);
    }
  }

  drawHead(context, width) {
    context.fillStyle = this.colours.paper;
    context.fillRect(0, 0, width, HEAD);
    this.columns.forEach((column, place) => {
      const x = this.left(place);
      const tall = (BARS - 8) * (this.solved?.[column.index] ?? 0);
      context.fillStyle = this.colours.idle;
      context.fillRect(x + 1, LABELS + 2, this.cell - 2, BARS - 8);
      context.fillStyle = this.colours.passed;
      context.fillRect(x + 1, LABELS + 2 + BARS - 8 - tall, this.cell - 2, tall);
      if (place === 0 || this.columns[place - 1].topic !== column.topic) {
        this.drawTopic(context, column.topic, place);
      }
    });
    context.fillStyle = this.colours.paper;
    context.fillRect(0, 0, this.names, HEAD);
    context.fillStyle = this.colours.soft;
    context.fillText(shortened(context, this.texts.solvedBy, this.names - 14), 8, LABELS + BARS / 2 - 2);
  }

  drawTopic(context, topic, place) {
    const x = this.left(place);
    const room = this.cell * this.columns.filter((column) => column.topic === topic).length - 6;
    const [number, ...words] = topic.split("_");
    const long = `${number} ${words.join(" ")}`;
    context.fillStyle = this.colours.soft;
    context.fillRect(x, 4, 1, HEAD - 6);
    context.fillText(context.measureText(number).width + 24 > room ? number : shortened(context, long, room), x + 4, 12);
  }

  drawCurrent(context) {
    if (!this.current) {
      return;
    }
    const [row, column] = this.current;
    const [x, y] = [this.left(column), this.top(row)];
    if (y >= HEAD - 1 && x >= this.names - 1) {
      context.strokeStyle = this.colours.ink;
      context.lineWidth = 2;
      context.strokeRect(x, y, this.cell, ROW);
    }
  }

  /** The cell below the pointer: row -1 is the head, column -1 the names. */
  cellAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const column = x < this.names ? -1 : Math.floor((x - this.names + this.viewport.scrollLeft) / this.cell);
    const row = y < HEAD ? -1 : Math.floor((y - HEAD + this.viewport.scrollTop) / ROW);
    return row < this.total && column < this.columns.length ? [row, column] : null;
  }

  point(event) {
    const cell = this.cellAt(event);
    const opens = cell !== null && (cell[0] < 0 || this.root.dataset.learner !== "");
    this.canvas.classList.toggle("clickable", opens);
    if (cell && cell[1] >= 0) {
      this.current = cell[0] >= 0 ? cell : null;
      this.say(...cell);
      this.redraw();
    }
  }

  click(event) {
    const cell = this.cellAt(event);
    if (cell && cell[0] >= 0) {
      this.open(cell[0]);
    } else if (cell && cell[1] >= 0) {
      const { topic, exercise } = this.columns[cell[1]];
      this.sort.value = `${topic}/${exercise}`;
      this.arrange();
    }
  }

  press(event) {
    const page = Math.max(1, Math.floor((this.viewport.clientHeight - HEAD) / ROW) - 1);
    const steps = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-page, 0],
      PageDown: [page, 0],
      Home: [0, -this.columns.length],
      End: [0, this.columns.length],
    };
    if (event.key === "Enter" && this.current) {
      this.open(this.current[0]);
    } else if (event.key in steps && this.total) {
      event.preventDefault();
      const [down, right] = this.current ? steps[event.key] : [0, 0];
      const [row, column] = this.current ?? [this.visibleRows(0)[0], 0];
      const within = (value, end) => Math.min(end - 1, Math.max(0, value));
      this.current = [within(row + down, this.total), within(column + right, this.columns.length)];
      this.reveal(...this.current);
      this.say(...this.current);
      this.redraw();
    }
  }

  /** Scroll until a cell is in sight. */
  reveal(row, column) {
    const { viewport } = this;
    const [y, x] = [row * ROW, column * this.cell];
    const [height, width] = [viewport.clientHeight - HEAD - ROW, viewport.clientWidth - this.names - this.cell];
    viewport.scrollTop = Math.min(y, Math.max(viewport.scrollTop, y - height));
    viewport.scrollLeft = Math.min(x, Math.max(viewport.scrollLeft, x - width));
  }

  /** What a cell, or the head of a column, holds, in words. */
  say(row, column) {
    const { topic, exercise, index } = this.columns[column];
    if (row < 0) {
      const share = this.solved?.length ? `${this.texts.solvedBy} ${Math.round(this.solved[index] * 100)} %` : "…";
      this.said.textContent = `${topic} · ${exercise}: ${share}`;
      return;
    }
    const found = this.rows.at(row);
    if (found) {
      const percent = found.percent[index];
      const status = this.texts.statuses[found.statuses[index]];
      const share = percent === null ? "" : ` (${percent} %)`;
      this.said.textContent = `${found.name} · ${topic} · ${exercise}: ${status}${share}`;
    }
  }

  open(row) {
    const found = this.rows.at(row);
    if (found && this.root.dataset.learner) {
      location.href = this.root.dataset.learner.replace("LEARNER", encodeURIComponent(found.learner));
    }
  }
}

/** As much of a text as there is room for. */
function shortened(context, text, room) {
  let end = text.length;
  while (end > 1 && context.measureText(end < text.length ? `${text.slice(0, end)}…` : text).width > room) {
    end -= 1;
  }
  return end < text.length ? `${text.slice(0, end)}…` : text;
}

document.querySelectorAll(".heatmap").forEach((root) => new HeatMap(root));
