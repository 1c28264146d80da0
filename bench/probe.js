// Watches one picture in the page, animation frame by animation frame. `bench/labs.py` says what is measured.
//
//   new Probe(area, selector)   area: an element that stays; selector: the picture inside it, <svg> or <img>
//   probe.begin()               forget what was seen so far, and watch
//   probe.rest()                stop watching: other windows on the same machine are to be measured undisturbed
//   probe.keys                  the browser's time stamps of the key presses, in ms
//   probe.changes               [{at, whole}]: when a changed picture was on the screen, and whether Python drew it
//   probe.blank, probe.frames   animation frames at which a picture or its images were missing, and all frames
//   await probe.quiet(ms)       until Python's answer was seen and nothing has changed for `ms`

const small = new OffscreenCanvas(8, 8).getContext("2d", { willReadFrequently: true });

// Whether an <img> or an SVG's <image> has nothing to paint yet. Drawing it is the only way to know at once.
function isEmpty(image) {
  small.clearRect(0, 0, 8, 8);
  try {
    small.drawImage(image, 0, 0, 8, 8);
  } catch {
    return true;
  }
  return small.getImageData(0, 0, 8, 8).data.every((value, index) => index % 4 !== 3 || value === 0);
}

window.CnnlabProbe = class {
  constructor(area, selector) {
    this.area = area;
    this.selector = selector;
    this.signature = null;
    this.drawn = undefined; // the number of the last picture that Python drew, where it numbers them
    this.lacking = false;
    this.touched = true;
    this.begin();
    window.addEventListener("keydown", (event) => this.keys.push(event.timeStamp), true);
    const observer = new MutationObserver(() => { this.touched = true; });
    observer.observe(area, { subtree: true, childList: true, attributes: true, characterData: true });
  }

  begin() {
    this.keys = [];
    this.changes = [];
    this.blank = 0;
    this.frames = 0;
    this.resting = false;
    if (!this.looking) requestAnimationFrame(() => this.look());
    this.looking = true;
  }

  rest() {
    this.resting = true;
  }

  look() {
    if (this.resting) {
      this.looking = false;
      return;
    }
    const picture = this.area.querySelector(this.selector);
    this.frames += 1;
    if (this.touched || this.lacking) {
      this.lacking = picture === null || picture.getBoundingClientRect().width < 1 || this.images(picture).some(isEmpty);
    }
    if (this.lacking) this.blank += 1;
    // Whatever touched the area, a slider's handle too, asks for a comparison; the comparison decides.
    else if (this.touched) {
      this.touched = false;
      const signature = picture.localName === "img" ? picture.src : this.text(picture);
      if (signature !== this.signature) this.changed(picture);
      this.signature = signature;
    }
    requestAnimationFrame(() => this.look());
  }

  images(picture) {
    return picture.localName === "img" ? [picture] : [...picture.querySelectorAll("image")];
  }

  text(svg) {
    return svg.outerHTML.replace(/ data-frame="[^"]*"/, "");
  }

  // The picture was changed before this frame: it is on the screen once this frame is painted and images are decoded.
  changed(picture) {
    const drawn = picture.dataset.frame;
    const change = { at: null, whole: drawn === undefined || drawn !== this.drawn };
    this.drawn = drawn;
    this.changes.push(change);
    const decoded = Promise.all(this.images(picture).map((image) => image.decode().catch(() => null)));
    Promise.all([this.painted(), decoded]).then(() => { change.at = performance.now(); });
  }

  // A message posted from an animation frame is delivered after that frame has been painted.
  painted() {
    return new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    });
  }

  quiet(ms) {
    const began = performance.now();
    return new Promise((done, fail) => {
      const wait = () => {
        const last = this.changes.at(-1);
        const answered = this.changes.some((change) => change.whole) && this.changes.every((change) => change.at);
        if (answered && performance.now() - last.at >= ms) done(null);
        else if (performance.now() - began > 20000) fail(new Error("the picture did not change within 20 s"));
        else requestAnimationFrame(wait);
      };
      wait();
    });
  }
};
