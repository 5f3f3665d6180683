/**
 * What a piece of work has been answered so far. After a kill the work runs again from its beginning: what was answered
 * is not asked again, so that nothing is done twice and every decision falls as it fell before.
 *
 * A step's answer is put in the same turn of the event loop as the last change that the step made, and the store commits
 * whole turns: a kill finds a step either done with its answer known, or not done. An operation that waits for something
 * outside between its last change and its answer would break this.
 */
import { AwsError } from '../../model/index.ts'
import { collection, type Table } from './store.ts'

interface Failed {
  readonly code: string
  readonly message: string
  readonly status: number
  readonly fields: Readonly<Record<string, unknown>>
}

interface Entry {
  readonly step: string
  readonly output?: unknown
  readonly failed?: Failed
  /** The same question once more, right after the last one: only the later answer counts. */
  readonly again?: boolean
}

/** By the name of the work and the running number of the entry. */
export const journals = collection<Entry>('journals')

const keyOf = (work: string, index: number): string => `${work} ${index}`

/** Forgets what a piece of work was answered: it is done, and its outcome recorded. */
export function forgetJournal(table: Table<Entry>, work: string): void {
  for (let index = 0; table.has(keyOf(work, index)); index++) table.delete(keyOf(work, index))
}

/** Operations that change nothing: what they answered only matters once something was done with it. */
const READS = /:(BatchGet|Describe|Get|Head|List)/

export class Journal {
  private readonly table: Table<Entry>
  private readonly work: string
  private readonly lasting: (error: unknown) => boolean
  private readonly known = new Map<string, Entry[]>()
  private length = 0
  /** Answers to reads; kept with the next thing that is done. */
  private pending: Entry[] = []
  private last: string | undefined

  /** `work` names it among all; `lasting` tells the failures that would come again. */
  constructor(table: Table<Entry>, work: string, lasting: (error: unknown) => boolean) {
    this.table = table
    this.work = work
    this.lasting = lasting
    for (let entry = table.get(keyOf(work, 0)); entry; entry = table.get(keyOf(work, ++this.length)))
      this.recall(entry)
  }

  private recall(entry: Entry): void {
    const before = this.known.get(entry.step) ?? []
    this.known.set(entry.step, entry.again ? [...before.slice(0, -1), entry] : [...before, entry])
  }

  /** Calls an operation, or gives what it answered. A read is told by what it asks, a change by its turn. */
  async call<T>(operation: string, input: unknown, ask: () => Promise<T>): Promise<T> {
    const read = READS.test(operation)
    const step = read ? `${operation} ${JSON.stringify(input)}` : operation
    const again = read && this.last === step
    this.last = step
    const recorded = again ? undefined : this.known.get(step)?.shift()
    if (recorded) return answerOf(recorded) as T
    const keep = (entry: Omit<Entry, 'step'>) => this.keep({ step, ...entry }, { read, again })
    try {
      const output = await ask()
      if (!isStream(output)) keep({ output })
      return output
    } catch (error) {
      if (error instanceof AwsError && this.lasting(error)) keep({ failed: failureOf(error) })
      throw error
    }
  }

  /** Does something that is no call, or gives what it gave. */
  async step<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    return this.call(name, undefined, async () => work())
  }

  /** Does something at once, or gives what it gave. */
  once<T>(name: string, work: () => T): T {
    const recorded = this.known.get(name)?.shift()
    if (recorded) return recorded.output as T
    const output = work()
    this.keep({ step: name, output }, { read: false, again: false })
    return output
  }

  end(): void {
    forgetJournal(this.table, this.work)
  }

  private keep(entry: Entry, { read, again }: { read: boolean; again: boolean }): void {
    if (again && this.pending.at(-1)?.step === entry.step) this.pending.pop()
    else if (again) entry = { ...entry, again }
    this.pending.push(entry)
    if (read) return
    for (const one of this.pending) this.table.put(keyOf(this.work, this.length++), one)
    this.pending = []
  }
}

function answerOf({ output, failed }: Entry): unknown {
  if (!failed) return output
  const { code, message, status, fields } = failed
  throw new AwsError(code, message, { status, fields: { ...fields } })
}

const failureOf = ({ code, message, status, fields }: AwsError): Failed => ({ code, message, status, fields })

/** Whether an answer is still to be read: it can be had once, and only reads give such. */
const isStream = (output: unknown): boolean =>
  typeof output === 'object' && output !== null && Object.values(output).some(isAsyncIterable)

const isAsyncIterable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value
