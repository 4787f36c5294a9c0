/**
 * Small pictures of a list: at first only those in sight are fetched, so that the line is free for what the first picture needs. Browsers'
 * own lazy loading begins thousands of pixels before a picture is seen.
 */
export class Thumbs {
  private readonly waiting = new Map<HTMLImageElement, string>();
  private readonly observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) this.fetch(target as HTMLImageElement);
  });
  private all = false;

  /** @param src Where the picture is; what is here already is shown at once. */
  add(image: HTMLImageElement, src: string): void {
    if (this.all || /^(blob|data):/.test(src)) {
      image.src = src;
      return;
    }
    this.waiting.set(image, src);
    this.observer.observe(image);
  }

  /** Those out of sight, too, and from now on all. */
  fetchAll(): void {
    this.all = true;
    for (const image of [...this.waiting.keys()]) this.fetch(image);
  }

  private fetch(image: HTMLImageElement): void {
    image.src = this.waiting.get(image) ?? image.src;
    this.waiting.delete(image);
    this.observer.unobserve(image);
  }
}
