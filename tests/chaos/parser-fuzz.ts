/** Feeds every parser in a process of its own, so that one that hangs or ends the process is told too. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Tally } from './tally.ts'

/** Cases of one parser in a row; nothing less is told of one that hangs. */
export const SLICE = 25
/** No slice may take longer, in milliseconds. */
const DEADLINE = 60_000
/** What the process takes to read the whole program, on a machine that is busy. */
const STARTS_WITHIN = 240_000

/** What the process tells: before each slice which it is, and after it what it has found. */
export type Told =
  | { readonly begins: { readonly subject: string; readonly seed: number } }
  | {
      readonly ended: { readonly cases: number; readonly crashes: readonly { seed: number; what: string }[] }
    }

export interface ParserFuzzOptions {
  readonly seed: number
  /** Only this parser, and only one slice of it. */
  readonly subject?: string
  /** Milliseconds since 1970 after which no further slice is waited for. */
  readonly until: number
}

/** Runs slices of all parsers in turn until the time is over. */
export async function parserFuzz({ seed, subject, until }: ParserFuzzOptions, tally: Tally): Promise<void> {
  const child = start(seed, subject)
  let now = { subject: 'the start', seed }
  const replay = () => `npm run chaos -- --only fuzz --subject "${now.subject}" --seed ${now.seed}`
  let isWaitedFor = true
  let watchdog: NodeJS.Timeout | undefined
  const end = () => {
    isWaitedFor = false
    child.kill('SIGKILL')
  }
  const watch = (within: number) => {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => {
      tally.find('crashes', `${now.subject} takes longer than ${within} ms for ${SLICE} cases`, replay())
      end()
    }, within)
  }
  child.on('message', (told: Told) => {
    watch(DEADLINE)
    if ('begins' in told) now = told.begins
    else {
      tally.count('cases', told.ended.cases)
      for (const { seed: at, what } of told.ended.crashes) {
        now = { ...now, seed: at }
        tally.find('crashes', `${now.subject}: ${what}`, replay())
      }
      if (Date.now() > until) end()
    }
  })
  watch(STARTS_WITHIN)
  const [code, signal] = await once(child, 'exit')
  clearTimeout(watchdog)
  if (isWaitedFor && code !== 0)
    tally.find('crashes', `the process of ${now.subject} ended (${code ?? signal})`, replay())
}

function start(seed: number, subject: string | undefined): ChildProcess {
  const jiti = join(dirname(fileURLToPath(import.meta.resolve('jiti/package.json'))), 'lib', 'jiti-cli.mjs')
  const script = join(import.meta.dirname, 'feed-parsers.ts')
  return fork(jiti, [script, String(seed), ...(subject === undefined ? [] : [subject])])
}
