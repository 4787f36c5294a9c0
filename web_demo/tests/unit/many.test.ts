import { describe, expect, it } from "vitest";
import { uniqueNames } from "../../src/page/many/names";

describe("names of many files", () => {
  it("are numbered where they come again, whatever their case", () => {
    const unique = uniqueNames();
    expect(["cat.png", "cat.png", "Cat.PNG", "cat-2.png", "dog.png", "plain", "plain"].map(unique)).toEqual([
      "cat.png",
      "cat-2.png",
      "Cat-3.PNG",
      "cat-2-2.png",
      "dog.png",
      "plain",
      "plain-2",
    ]);
  });
});
