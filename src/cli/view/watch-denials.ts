/** Tells each denial of an embedded AWS on its terminal when it happens. */
import type { Cloud } from '../../cloud/index.ts'
import type { Terminal } from '../terminal.ts'
import { printFailure } from './failure-view.ts'

/** Calls that are told in full before the oldest are forgotten. */
const REMEMBERED = 1000

/** Prints every denial with its explanation; the same call denied again takes one line. Gives the function that ends it. */
export function watchDenials(cloud: Pick<Cloud, 'trail'>, terminal: Terminal): () => void {
  const { colors } = terminal
  const told = new Set<string>()
  return cloud.trail.listen(({ time, principal, action, resource, decision, denial }) => {
    if (!denial) return
    const at = colors.dim(new Date(time).toTimeString().slice(0, 8))
    const key = JSON.stringify([principal, action, resource, denial.saidNo])
    if (told.has(key)) {
      terminal.print(`${at} ${colors.red('denied')} again: ${principal} may not ${action} on ${resource}`)
      return
    }
    if (told.size >= REMEMBERED) told.clear()
    told.add(key)
    terminal.print(at)
    printFailure(
      {
        ...denial,
        principals: [principal],
        actions: [action],
        resources: [resource],
        message: decision.message,
      },
      terminal,
    )
  })
}
