export { history } from "./checker/history/in-search/history-property.js";
export type { ClientOperations } from "./checker/history/in-search/client-operations.js";
export { type HistoryQuestion, type HistoryVerdict, judgeHistory } from "./checker/history/judge-history.js";
export { modelNames, modelOf } from "./checker/history/models/models.js";
export type { Specification as SequentialSpecification } from "./checker/history/specification.js";
export { explainOutput, type Provenance } from "./checker/provenance/explain-output.js";

export type { Machine } from "./checker/provenance/machine.js";
export { type SqlDatabase, sqlSpecification, type SqlValue } from "./checker/provenance/sql-specification.js";
export { checkSpecification, explainWith, type Specification } from "./checker/provenance/specification.js";
export { endingOf, explainRun, Explaining, type ExplainRunOptions } from "./checker/explain/explain.js";
export type { Explanation, ExplanationMode, ExplanationStatus } from "./checker/explain/explanation.js";
export type { Outcome } from "./checker/explain/outcome.js";
export {
  type Explored,
  type ForcingOptions,
  type ForcingOrderings,
  ForcingOrderingsSearch,
} from "./checker/why-not/forcing-orderings.js";
export {
  type NearestGoodRun,
  type NearestGoodRunOptions,
  NearestGoodRunSearch,
} from "./checker/why-not/nearest-good-run.js";
export { counterpartOutcome } from "./checker/why-not/counterpart-outcome.js";
export {
  type ExplanationDifference,
  explanationDifference,
  type Parting,
} from "./checker/why-not/explanation-difference.js";
export { explainedOutcome, type Membership, membershipOf } from "./checker/why-not/membership.js";
export type { Cut } from "./checker/why-not/cuts.js";
export { type NonInfluence, nonInfluence } from "./checker/why-not/non-influence.js";
export type { Ordering } from "./checker/why-not/orderings.js";
export { type AskedOutcome, UnusableQuestion } from "./checker/why-not/outcome-judge.js";
export { Recording } from "./checker/why-not/recording.js";
export { differenceOf, type RunDifference } from "./checker/why-not/run-difference.js";
export { causalPast, happensBefore, longestChain } from "./checker/causality.js";
export type { Progress, Search, SearchLimits } from "./checker/search/search.js";
export { type SearchOptions, startSearch } from "./checker/search/start.js";
export { shrink } from "./checker/shrink/shrink.js";
export { Simulation, type Simulated, type SimulationOptions } from "./checker/simulate.js";
export type { Coverage, Limit, Verdict, Witness } from "./checker/verdict.js";
export { applicationServer } from "./nodes/application-server.js";
export { heartbeatSender } from "./nodes/heartbeat.js";
export { loadBalancer } from "./nodes/load-balancer.js";
export { applyRedis, redisStore } from "./nodes/redis.js";
export type { RedisReply } from "./nodes/redis/reply.js";
export type { RedisRequest } from "./nodes/redis/request.js";
export { applyRelational, relationalStore } from "./nodes/relational.js";
export type { Predicate, Query } from "./nodes/relational/query.js";
export type { RelationalReply, RelationalRequest } from "./nodes/relational/request.js";
export { replica } from "./nodes/replica.js";
export { lamportClock } from "./observe/lamport-clock.js";
export { requestId } from "./observe/request-id.js";
export { taint } from "./observe/taint.js";
export { isBefore, vectorClock } from "./observe/vector-clock.js";
export { type Bag, type BagEvent, defineBag } from "./sim/baggage.js";
export { type EdgeKind, everyEdge } from "./sim/edge.js";
export { type Choice, describeChoice, type Operation } from "./sim/choice.js";
export type { Asked, ClientHistory } from "./sim/client-history.js";
export { compile, type Settings } from "./sim/compile.js";
export { InvalidScenario } from "./sim/invalid-scenario.js";
export { cancelTimer, choose, type Effect, emit, reply, save, saveLater, send, setTimer } from "./sim/effect.js";
export type { ActionClass, Fairness } from "./sim/fairness.js";
export { type ErrorBoundary, type FaultBudget, type Partition, split } from "./sim/fault.js";
export type { Call, Envelope, Message, Sender } from "./sim/message.js";
export { defineMonitor, type Monitor, type Observation } from "./sim/monitor.js";
export type { LinkOrder } from "./sim/network.js";
export { type AnyNode, become, type Context, defineNode, type NodeDefinition, type Reaction } from "./sim/node.js";
export { NodeFailure } from "./sim/node-failure.js";
export { NodeId, nodeId } from "./sim/node-id.js";
export { budget, count, flag, oneOf } from "./sim/parameter.js";
export {
  always,
  atQuiescence,
  eventually,
  type Judgement,
  leadsTo,
  type Property,
  refines,
  sometimes,
  staysReachable,
  step,
} from "./sim/property.js";
export { type RunEnd, type RunOptions, type RunResult, run } from "./sim/run.js";
export { defineScenario, type Links, type Scenario, type SystemDefinition, type Timing } from "./sim/scenario.js";
export { firstInOrder, randomly } from "./sim/strategy/listing.js";
export { replaying } from "./sim/strategy/replaying.js";
export { rounds } from "./sim/strategy/rounds.js";
export { scripted } from "./sim/strategy/scripted.js";
export { timed } from "./sim/strategy/timed.js";
export type { System } from "./sim/system.js";
export type { Trace } from "./sim/trace.js";
export { encode, sameValue, UnusableValue, type Value } from "./sim/value.js";
export type { ClientView, NodeView, View } from "./sim/view.js";
export { anyOf, following, inOrder, operation, type Result, type Workload } from "./sim/workload.js";
