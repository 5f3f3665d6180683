/** What Step Functions keeps: state machines, their executions, and what happened in each. */
import type { Arn } from '../../../model/index.ts'
import { type Collection, collection } from '../../kernel/store.ts'
import { type RecordIndex, recordIndex } from '../../kernel/store-index.ts'
import type { Tags } from '../../kernel/tags.ts'

export interface StateMachine {
  readonly name: string
  readonly arn: Arn
  readonly type: 'STANDARD' | 'EXPRESS'
  /** Amazon States Language, as it was given. */
  readonly definition: string
  readonly roleArn: Arn
  /** Milliseconds since 1970, as all times here. */
  readonly created: number
  readonly revision?: string
  readonly tags: Tags
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

export interface Execution {
  readonly arn: Arn
  readonly name: string
  readonly machine: Arn
  /** What it runs, whatever becomes of the state machine. */
  readonly definition: string
  readonly roleArn: Arn
  readonly status: ExecutionStatus
  readonly started: number
  readonly stopped?: number
  /** JSON texts. */
  readonly input: string
  readonly output?: string
  readonly error?: string
  readonly cause?: string
  readonly revision?: string
}

/** One event of a history; its number is its key. */
export interface HistoryEvent {
  readonly timestamp: number
  readonly type: string
  /** `stateEnteredEventDetails` and the like. */
  readonly details: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export const machines = collection<StateMachine>('states.machines')
/** By ARN. */
export const executions = collection<Execution>('states.executions')

export const byMachine: RecordIndex<Execution> = recordIndex(({ machine }) => [machine])

/** What happened in an execution, by number. */
export const historyOf = (execution: Arn): Collection<HistoryEvent> =>
  collection(`states.history.${execution}`)
