import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "vitest";

const bin = path.resolve(import.meta.dirname, "../../cli/bin.js");

/** Of util-linux: runs a command on a terminal of its own, and gives back the command's exit code. */
const hasTerminals = spawnSync("script", ["--version"]).status === 0;

/** Walks through the paper's schedule on a terminal: each key is pressed when the screen shows what stands before it. */
function walk(
  presses: readonly (readonly [shown: string, key: string])[],
): Promise<{ code: number | null; screen: string }> {
  return new Promise((resolve, reject) => {
    const command = `'${process.execPath}' '${bin}' replay zardozbook/paper --step --no-color`;
    const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"]);
    let [screen, seen, next] = ["", 0, 0];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      screen += text;
      for (let press = presses[next]; press !== undefined; press = presses[next]) {
        const at = screen.indexOf(press[0], seen);
        if (at < 0) return;
        seen = at + press[0].length;
        next += 1;
        child.stdin.write(press[1]);
      }
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, screen }));
  });
}

const stepsIn = (screen: string): number[] => [...screen.matchAll(/^(\d+)\/30 {2}/gm)].map(([, step]) => Number(step));

describe.skipIf(!hasTerminals)("on a terminal", () => {
  test("n, space and arrows go on, p goes back but not before the first step, other keys do nothing, q ends it", async () => {
    const { code, screen } = await walk([
      ["\n1/30", "p"],
      ["\n1/30", "xn"],
      ["\n2/30", " "],
      ["\n3/30", "\u001b[B"],
      ["\n4/30", "\u001b[A"],
      ["\n3/30", "q"],
    ]);

    expect(stepsIn(screen)).toEqual([1, 1, 2, 3, 4, 3]);
    expect(screen).toContain("✗ violated");
    expect(code).toBe(1);
  });

  test("s shows the whole state after the step, and o what could have come in its place", async () => {
    const { screen } = await walk([
      ["\n1/30", "n"],
      ["\n2/30", "s"],
      ["after 2:", "o"],
      ["in place of 2:", "n"],
      ["\n3/30", "q"],
    ]);

    expect(stepsIn(screen)).toEqual([1, 2, 3]);
    expect(screen).toMatch(
      /after 2:\r\n(?: {8}.*\r\n)* {8}s1 {2}cache: \{\} {2}unpushed: .*\r\n {8}s1 {2}timers: pull, beat\r\n/,
    );
    expect(screen).toMatch(
      / {8}ava {2}has asked for 1 operation, and waits for the answer to unfriend\(user: ava, friend: bob\)\r\n/,
    );
    expect(screen).toMatch(/ {8}in flight {2}balancer → s1 {2}forwarded\(/);
    expect(screen).toMatch(/in place of 2:\r\n(?: {8}.*\r\n)* {8}s1's timer beat fires\r\n/);
    expect(screen).toMatch(/ {8}bob asks balancer: read\(reader: bob, author: ava\)\r\n/);
    expect(screen).toMatch(/2\/30 .*\r\n {6}sends to s1: forwarded\(request: unfriend\(/);
  });

  test("the state's changes and the violation stand at their steps, and next after the last step ends it", async () => {
    const all = Array.from({ length: 30 }, (_, i) => [`\n${i + 1}/30`, "n"] as const);
    const { code, screen } = await walk(all);

    expect(stepsIn(screen)).toEqual(all.map((_, i) => i + 1));
    expect(screen).toMatch(/3\/30 {2}s1 gets .*\r\n {6}s1 {2}unpushed: \[\] → \[unfriend/);
    expect(screen).toMatch(/30\/30 {2}bob gets .*\r\n {6}Bob was shown /);
    expect(code).toBe(1);
  });

  test.each([
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
    ["Escape", "\u001b"],
  ])("%s ends it as q does", async (_, key) => {
    const { code, screen } = await walk([["\n1/30", key]]);

    expect(stepsIn(screen)).toEqual([1]);
    expect(code).toBe(1);
  });
});
