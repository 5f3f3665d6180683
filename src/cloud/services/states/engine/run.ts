/** One execution as the interpreter of its states sees it: what it is told, and how it acts on the world. */
import type { Arn } from '../../../../model/index.ts'
import type { Definition } from './asl.ts'

/** What a task came to; plain data, so that it can be kept. */
export type TaskOutcome =
  | { readonly output: unknown; readonly error?: undefined }
  | { readonly error: string; readonly cause: string }

/** A task as it is to be done. */
export interface Task {
  readonly resource: string
  readonly input: unknown
  /** The role that it is done with instead of the machine's own. */
  readonly roleArn?: Arn
}

/** How an execution ended by itself. */
export type End =
  | { readonly status: 'SUCCEEDED'; readonly output: unknown }
  | { readonly status: 'FAILED'; readonly error?: string; readonly cause?: string }

export interface Run {
  readonly definition: Definition
  readonly input: unknown
  /** The context object without its state. */
  readonly context: Readonly<Record<string, unknown>>
  now(): number
  uuid(): string
  /** Makes something of time or chance, which is the same when the execution is run again after a kill or a pause. */
  once<T>(name: string, make: () => T): T
  /** Does a task once: what it came to is the same when the execution is run again. */
  attempt(task: Task, timeoutSeconds: number | undefined): Promise<TaskOutcome>
  /** Waits until a time; never returns where the execution is to be run again then. */
  pause(until: number): Promise<void>
  /** Writes down what happens. */
  record(type: string, details?: Readonly<Record<string, Readonly<Record<string, unknown>>>>): void
  /** Never returns where somebody has ended the execution. */
  goOn(): void
}
