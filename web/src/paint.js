// The clinic's own colour, with letters on it that can be read, in light and dark.
function parts(colour) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

/** Relative luminance, as WCAG 2 defines it. */
export function luminance(rgb) {
  const [r, g, b] = rgb.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

/** `rgb` made darker or lighter until letters in it reach 4.6 to 1 on a ground of this luminance. */
export function readable(rgb, ground) {
  const target = ground > 0.18 ? 0 : 255;
  let made = rgb;
  for (let step = 0; step <= 20 && contrast(luminance(made), ground) < 4.6; step += 1) {
    made = rgb.map((value) => Math.round(value + ((target - value) * step) / 20));
  }
  return made;
}

export function paint(element, colour) {
  if (!colour) return;
  const rgb = parts(colour);
  const css = (made) => `rgb(${made.join(" ")})`;
  const on = contrast(luminance(rgb), 1) >= 4.6 ? [255, 255, 255] : contrast(luminance(rgb), 0) >= 4.6 ? [0, 0, 0] : null;
  const ground = on ? rgb : readable(rgb, 1);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const set = () => {
    const ink = css(readable(rgb, dark.matches ? 0.017 : 0.9));
    const values = { "--tw-bar": css(ground), "--tw-on-bar": css(on || [255, 255, 255]), "--tw-accent": css(ground), "--tw-on-accent": css(on || [255, 255, 255]), "--tw-user": css(ground), "--tw-user-ink": css(on || [255, 255, 255]), "--tw-accent-ink": ink, "--tw-accent-line": ink };
    for (const [name, value] of Object.entries(values)) element.style.setProperty(name, value);
  };
  set();
  dark.addEventListener("change", set);
}
