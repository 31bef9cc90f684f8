/** Runs the benchmarks of the given names, or all: `npm run bench -- simulation`. */
const benches: { readonly [name: string]: () => Promise<{ readonly bench: () => Promise<void> }> } = {
  search: () => import("./search.js"),
  simulation: () => import("./simulation.js"),
  history: () => import("./history.js"),
  why: () => import("./why.js"),
};

for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(benches)) {
  const load = benches[name];
  if (load === undefined) {
    console.error(`There is no benchmark "${name}"; there are ${Object.keys(benches).join(", ")}.`);
    process.exit(2);
  }
  await (await load()).bench();
}
