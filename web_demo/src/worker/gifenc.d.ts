/** Of the library, which comes without types: as much as is used. */
declare module "gifenc" {
  export type Colour = readonly [red: number, green: number, blue: number, alpha?: number];
  export interface FrameOptions {
    readonly palette: readonly Colour[];
    /** In milliseconds; written in hundredths of a second. */
    readonly delay: number;
    readonly repeat?: number;
    readonly transparent?: boolean;
    readonly transparentIndex?: number;
    readonly dispose?: number;
  }
  export interface Encoder {
    writeFrame(index: Uint8Array, width: number, height: number, options: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  }
  export function GIFEncoder(): Encoder;
  export function quantize(rgba: Uint8ClampedArray, colours: number, options: { readonly format: string; readonly oneBitAlpha: boolean }): Colour[];
  export function applyPalette(rgba: Uint8ClampedArray, palette: readonly Colour[], format: string): Uint8Array;
}
