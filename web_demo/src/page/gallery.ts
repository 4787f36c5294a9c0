/**
 * A row of pictures to choose from: one of them (radio buttons) or any number (checkboxes), native inputs both. The
 * visitor's own can be taken away again, with a button or the Delete key.
 */
import { make } from "./dom";
import type { Item } from "./state";
import { say } from "./strings";
import { svg } from "./space/svg";
import { Thumbs } from "./thumbs";

export interface Gallery {
  update(items: readonly Item[], chosen: ReadonlySet<string>): void;
  /** Fetches the small pictures that are out of sight, too. */
  fetchAll(): void;
}

export interface GalleryHandlers {
  onChange(id: string, on: boolean): void;
  onRemove(id: string): void;
}

interface Tile {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
}

export function createGallery(list: HTMLElement, kind: "radio" | "checkbox", handlers: GalleryHandlers): Gallery {
  const tiles = new Map<string, Tile>();
  /** The list begins with the buttons to add more. */
  const buttons = list.children.length;
  let shown: readonly Item[] | null = null;
  const thumbs = new Thumbs();

  const remove = (id: string): void => {
    const { root } = tiles.get(id) ?? {};
    // The one beside it gets the focus, which would go to the page's start.
    const beside = root?.nextElementSibling ?? root?.previousElementSibling;
    handlers.onRemove(id);
    beside?.querySelector("input")?.focus();
  };
  const tile = (item: Item): Tile => {
    const input = make("input", { type: kind, name: list.id, value: item.id, className: "tile-input" });
    input.addEventListener("change", () => handlers.onChange(item.id, input.checked));
    const image = make("img", { alt: item.title, width: 96, height: 96, draggable: false });
    thumbs.add(image, item.thumb);
    const title = item.credit === null ? item.title : say.credit(item.title, item.credit);
    const label = make("label", { className: "tile", title }, [input, image]);
    const root = make("li", { className: "tile-place" }, [label]);
    if (item.own === true) {
      input.addEventListener("keydown", (event) => {
        if (event.key === "Delete") remove(item.id);
      });
      const button = make("button", { type: "button", className: "tile-remove", title: say.remove(item.title) }, [cross()]);
      button.setAttribute("aria-label", say.remove(item.title));
      button.addEventListener("click", () => remove(item.id));
      root.append(button);
    }
    return { root, input };
  };

  return {
    update(items, chosen) {
      if (items !== shown) {
        shown = items;
        const there = new Set(items.map(({ id }) => id));
        for (const [id, { root }] of tiles) {
          if (there.has(id)) continue;
          root.remove();
          tiles.delete(id);
        }
        // Samples can arrive after the visitor's own pictures.
        items.forEach((item, index) => {
          const made = tiles.get(item.id) ?? tile(item);
          tiles.set(item.id, made);
          const at = list.children[index + buttons] ?? null;
          if (at !== made.root) list.insertBefore(made.root, at);
        });
      }
      for (const [id, { input }] of tiles) input.checked = chosen.has(id);
    },
    fetchAll: () => thumbs.fetchAll(),
  };
}

function cross(): SVGElement {
  const path = svg("path", { d: "m4.5 4.5 7 7m0-7-7 7", fill: "none", stroke: "currentColor", "stroke-width": 1.8, "stroke-linecap": "round" });
  return svg("svg", { viewBox: "0 0 16 16", width: 12, height: 12, "aria-hidden": "true" }, [path]);
}
