/** Gives memory back to the system while a long-running command has nothing to do. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Milliseconds between looks. */
const PAUSE = 2_000
/** Share of one processor below which the process counts as idle. */
const IDLE = 0.05
/** Bytes that it must have grown by since the last collection. */
const GROWTH = 48 * 1024 * 1024
/** Idle looks in a row between the first collection and the last: six seconds, where V8 asks for five. */
const SETTLED = 3

/**
 * V8 collects when it allocates: what a busy hour has left behind stays in memory for as long as nothing is asked. A full
 * collection takes a tenth of a second, so it waits for a pause. The space for young objects, 32 MB after a busy hour, is
 * given back only by a collection before which hardly anything was allocated for five seconds, so a last one follows. Gives
 * what ends it; it keeps no process alive.
 */
export function collectWhenIdle(): () => void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let [used, collected] = [process.cpuUsage(), process.memoryUsage.rss()]
  let idle = 0
  let isOwed = false
  const collectNow = () => {
    // The first collection frees what the second can then give back.
    for (let round = 0; round < 2; round++) collect()
    collected = process.memoryUsage.rss()
    used = process.cpuUsage()
    idle = 0
  }
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(used)
    used = process.cpuUsage()
    const isIdle = (user + system) / 1_000 < PAUSE * IDLE
    idle = isIdle ? idle + 1 : 0
    if (isOwed && idle >= SETTLED) {
      isOwed = false
      compacting(collectNow)
    } else if (isIdle && process.memoryUsage.rss() >= collected + GROWTH) {
      isOwed = true
      collectNow()
    }
  }, PAUSE)
  timer.unref()
  return () => clearInterval(timer)
}

/** Has collections move objects together, so that the pages between them are given back. */
function compacting(run: () => void): void {
  setFlagsFromString('--compact-on-every-full-gc')
  run()
  setFlagsFromString('--no-compact-on-every-full-gc')
}
