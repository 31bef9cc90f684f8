/** Rooms import downwards only: sim <- nodes, checker, observe <- scenarios <- report <- cli. */
const allowed = {
  sim: ["sim"],
  nodes: ["nodes", "sim"],
  observe: ["observe", "sim"],
  checker: ["checker", "sim"],
  scenarios: ["scenarios", "sim", "nodes", "checker", "observe"],
  report: ["report", "sim", "checker", "scenarios", "observe"],
};

module.exports = {
  forbidden: [
    ...Object.entries(allowed).map(([room, rooms]) => ({
      name: `${room}-imports-down`,
      severity: "error",
      comment: `${room}/ may import ${rooms.join(", ")} and packages only.`,
      from: { path: `^${room}/`, pathNot: "\\.provenance\\.ts$" },
      to: {
        path: `^(${[...Object.keys(allowed), "cli", "test", "bench"].filter((one) => !rooms.includes(one)).join("|")})/`,
      },
    })),
    {
      name: "no-machine-below-cli",
      severity: "error",
      comment: "Files, clock, processes and threads belong to cli/; sim/guard.ts alone replaces what leaks them.",
      from: { path: "^(sim|nodes|observe|checker|scenarios|report)/", pathNot: "^sim/guard\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "A tracked Record holds tracked collections, which hold tracked Records: those files alone go round.",
      from: { pathNot: "^checker/provenance/tracked" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "only-index-is-public",
      severity: "error",
      from: { path: "^(?!test/|bench/|cli/load-scenario)" },
      to: { path: "^index\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
