/**
 * An OpenAI-compatible HTTP server whose respondents answer by rules. It is not a language model: its answers mean nothing
 * about people. For tests and trials.
 *
 * @module
 */
export {
  CONTENT_FAULTS,
  type ContentFault,
  type FaultName,
  TRANSPORT_FAULTS,
  type TransportFault,
} from './faults.ts';
export type { Latency } from './latency.ts';
export type { FaultOptions, LaterLimit, SimulatorOptions } from './options.ts';
export type { RequestCount, RequestSummary } from './request-log.ts';
export { type Simulator, startSimulator } from './server.ts';
