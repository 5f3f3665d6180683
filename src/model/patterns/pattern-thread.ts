/** A thread that matches patterns which can take exponential time, and is ended when one takes too long. */
import { runInNewContext } from 'node:vm'
import { PatternError } from './pattern-error.ts'

/** Milliseconds for one match. Java's engine answers in microseconds what is not of exponential kind. */
const DEADLINE = 1000

interface Task {
  /** A pattern of JavaScript's Unicode mode. */
  readonly source: string
  readonly text: string
}

/** Says when it begins, so that the time to start the thread does not count. */
const PROGRAM = `
const { parentPort } = require('node:worker_threads')
parentPort.on('message', ({ source, text }) => {
  parentPort.postMessage('begun')
  try {
    parentPort.postMessage(new RegExp(source, 'u').test(text))
  } catch (error) {
    parentPort.postMessage(String(error))
  }
})`

class PatternThread {
  // Imported only here: it takes a millisecond of every command, and threads are for patterns of exponential kind.
  private readonly worker = new (process.getBuiltinModule('node:worker_threads').Worker)(PROGRAM, {
    eval: true,
    name: 'patterns',
  })
  private settle: ((said: boolean | Error) => void) | undefined
  private deadline: NodeJS.Timeout | undefined
  isGone = false

  constructor() {
    this.worker.on('message', (said: 'begun' | boolean | string) => {
      if (said === 'begun') this.deadline = setTimeout(() => this.end(tooSlow()), DEADLINE)
      else this.answer(typeof said === 'boolean' ? said : new PatternError('invalid', said))
    })
    this.worker.on('error', (error) => this.end(error as Error))
    this.worker.unref()
  }

  run(task: Task): Promise<boolean> {
    return new Promise((done, failed) => {
      this.settle = (said) => (typeof said === 'boolean' ? done(said) : failed(said))
      this.worker.ref()
      this.worker.postMessage(task)
    })
  }

  private answer(said: boolean | Error): void {
    clearTimeout(this.deadline)
    // The process does not wait for an idle thread.
    this.worker.unref()
    this.settle?.(said)
  }

  private end(error: Error): void {
    this.isGone = true
    void this.worker.terminate()
    this.answer(error)
  }
}

const tooSlow = (): PatternError => new PatternError('slow', 'takes too long to match')

let thread: PatternThread | undefined
/** Tasks take turns: what the next one waits for. */
let turn: Promise<unknown> = Promise.resolve()

/** The same on the caller's thread, which waits. Errors: PatternError when it takes longer than a second. */
export function matchNow(task: Task): boolean {
  try {
    return runInNewContext(`new RegExp(source, 'u').test(text)`, { ...task }, { timeout: DEADLINE })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw tooSlow()
    throw new PatternError('invalid', String(error))
  }
}

/** Whether a native pattern occurs in a text. Errors: PatternError when it takes longer than a second. */
export function matchOnThread(task: Task): Promise<boolean> {
  const result = turn.then(() => {
    if (!thread || thread.isGone) thread = new PatternThread()
    return thread.run(task)
  })
  turn = result.catch(() => {})
  return result
}
