/** What was asked for is not wanted any more: replaced by something newer, aborted, or its engine disposed of. */
export class Superseded extends Error {
  override readonly name = "AbortError";
}
