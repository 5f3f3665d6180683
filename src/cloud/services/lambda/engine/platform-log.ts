/**
 * What Lambda itself writes into a function's log: lines of text, or with LogFormat JSON objects, of which the function's
 * SystemLogLevel lets through those that are serious enough.
 * AWS: lambda/latest/dg/monitoring-cloudwatchlogs-logformat.md, monitoring-cloudwatchlogs-log-level.md, telemetry-schema-reference.md
 */
import type { FunctionVersion } from '../state.ts'
import type { Outcome } from './function-process.ts'

/** Gives the lines before an execution environment begins. */
export const initStart = (version: FunctionVersion, runtimeVersion: string): string[] =>
  version.logFormat === 'Text'
    ? [`INIT_START Runtime Version: ${runtimeVersion}`]
    : event(version, 'INFO', 'initStart', { initializationType: 'on-demand', phase: 'init', runtimeVersion })

/** Gives the lines before an invocation. */
export const invocationStart = (version: FunctionVersion, requestId: string): string[] =>
  version.logFormat === 'Text'
    ? [`START RequestId: ${requestId} Version: ${version.version}`]
    : event(version, 'INFO', 'start', { requestId, version: version.version })

/** Gives the lines after an invocation. */
export function invocationEnd(version: FunctionVersion, requestId: string, outcome: Outcome): string[] {
  const { duration, initDuration, memory, timedOut } = outcome
  const billed = Math.ceil(duration + (initDuration ?? 0))
  if (version.logFormat === 'Text')
    return [
      ...(timedOut
        ? [
            `${new Date().toISOString()} ${requestId} Task timed out after ${version.timeout.toFixed(2)} seconds`,
          ]
        : []),
      `END RequestId: ${requestId}`,
      report(requestId, version, outcome, billed),
    ]
  const status = timedOut ? 'timeout' : outcome.failed ? 'error' : 'success'
  const metrics = {
    durationMs: round(duration),
    billedDurationMs: billed,
    memorySizeMB: version.memorySize,
    ...(memory === undefined ? {} : { maxMemoryUsedMB: memory }),
    ...(initDuration === undefined ? {} : { initDurationMs: round(initDuration) }),
  }
  const failed = status !== 'success'
  return [
    ...event(version, failed ? 'WARN' : 'DEBUG', 'runtimeDone', {
      requestId,
      status,
      metrics: { durationMs: round(duration) },
    }),
    ...event(version, failed ? 'WARN' : 'INFO', 'report', { requestId, metrics, status }),
  ]
}

const LEVELS = ['DEBUG', 'INFO', 'WARN']

function event(version: FunctionVersion, level: string, name: string, record: object): string[] {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(version.systemLogLevel ?? 'INFO')) return []
  return [JSON.stringify({ time: new Date().toISOString(), type: `platform.${name}`, record })]
}

const round = (milliseconds: number): number => Number(milliseconds.toFixed(3))

function report(requestId: string, version: FunctionVersion, outcome: Outcome, billed: number): string {
  const { duration, initDuration, memory, timedOut } = outcome
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${billed} ms`,
    `Memory Size: ${version.memorySize} MB`,
    ...(memory === undefined ? [] : [`Max Memory Used: ${memory} MB`]),
    ...(initDuration === undefined ? [] : [`Init Duration: ${initDuration.toFixed(2)} ms`]),
    ...(timedOut ? ['Status: timeout'] : []),
  ]
  return `${parts.join('\t')}\t`
}
