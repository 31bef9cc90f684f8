import { afterEach, expect, test, vi } from "vitest";
import { main } from "../../cli/main.js";

afterEach(() => {
  vi.restoreAllMocks();
});

test("an error that is neither the input's nor a node's is called our bug, with its stack and exit code 70", async () => {
  let told = "";
  vi.spyOn(process.stdout, "write").mockImplementation(() => {
    throw new Error("the printer is on fire");
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    told += String(text);
    return true;
  });

  expect(await main(["list"])).toBe(70);
  expect(told).toMatch(/^This is a bug of Hindcast; please report it\.\nError: the printer is on fire\n {4}at /);
});
