// The contrast (WCAG 2.2) of every text in the pictures of a page, from computed colors: the text's own, and all that
// is painted under the middle of it. Gives [{text, ratio}], the weakest first.
(pictures) => {
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return { rgb: [r, g, b], alpha: a };
  };
  const over = (top, alpha, below) => top.map((c, i) => alpha * c + (1 - alpha) * below[i]);
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  // How visible a shape is itself: its opacity and that of the groups it lies in.
  const opacity = (shape) => {
    let product = 1;
    for (let e = shape; e instanceof SVGElement; e = e.parentElement) product *= Number(getComputedStyle(e).opacity);
    return product;
  };
  const page = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const { rgb, alpha } = parse(getComputedStyle(e).backgroundColor);
      if (alpha === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const contrast = (text, shapes) => {
    const box = text.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    let below = page(text.ownerSVGElement.parentElement);
    for (const shape of shapes) {
      if (!(shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
      const r = shape.getBoundingClientRect();
      const style = getComputedStyle(shape);
      if (style.fill === "none" || x < r.left || x > r.right || y < r.top || y > r.bottom) continue;
      const { rgb, alpha } = parse(style.fill);
      below = over(rgb, alpha * Number(style.fillOpacity) * opacity(shape), below);
    }
    const own = parse(getComputedStyle(text).fill);
    const [dark, light] = [luminance(over(own.rgb, own.alpha * opacity(text), below)), luminance(below)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  return pictures
    .flatMap((svg) => {
      const shapes = [...svg.querySelectorAll("rect, circle, path")];
      return [...svg.querySelectorAll("text")].map((text) => ({
        text: text.textContent,
        ratio: contrast(text, shapes),
      }));
    })
    .sort((a, b) => a.ratio - b.ratio);
};
