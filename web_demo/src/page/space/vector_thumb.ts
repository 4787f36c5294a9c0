/** A small picture of a style that is known by its numbers only: one square for each. */

const CELL = 12;

export function vectorThumb(vector: Float32Array): string {
  const columns = Math.ceil(Math.sqrt(vector.length));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = columns * CELL;
  const context = canvas.getContext("2d");
  if (context === null) return "";
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  vector.forEach((value, i) => {
    const part = value / largest;
    context.fillStyle = `hsl(${part < 0 ? 215 : 18} ${Math.round(25 + 55 * Math.abs(part))}% ${Math.round(88 - 52 * Math.abs(part))}%)`;
    context.fillRect((i % columns) * CELL, Math.floor(i / columns) * CELL, CELL, CELL);
  });
  return canvas.toDataURL("image/png");
}
