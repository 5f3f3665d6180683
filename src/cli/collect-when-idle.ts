/** Gives memory back to the system while a long-running command has nothing to do. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Milliseconds between looks. */
const PAUSE = 2_000
/** Share of one processor below which the process counts as idle. */
const IDLE = 0.05
/** Bytes that it must have grown by since the last collection. */
const GROWTH = 48 * 1024 * 1024

/**
 * V8 collects when it allocates: what a busy hour has left behind stays in memory for as long as nothing is asked. A full
 * collection takes a tenth of a second, so it waits for a pause. Gives what ends it; it keeps no process alive.
 */
export function collectWhenIdle(): () => void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let [used, collected] = [process.cpuUsage(), process.memoryUsage.rss()]
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(used)
    used = process.cpuUsage()
    const isIdle = (user + system) / 1_000 < PAUSE * IDLE
    if (!isIdle || process.memoryUsage.rss() < collected + GROWTH) return
    // The first collection frees what the second can then give back.
    for (let round = 0; round < 2; round++) collect()
    collected = process.memoryUsage.rss()
    used = process.cpuUsage()
  }, PAUSE)
  timer.unref()
  return () => clearInterval(timer)
}
