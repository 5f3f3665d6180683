/** Tells on the terminal what functions and custom resources of an embedded AWS failed of. */
import type { Cloud } from '../../cloud/index.ts'
import type { Terminal } from '../terminal.ts'

/** Failures that are told in full before the oldest are forgotten. */
const REMEMBERED = 1000
/** Characters: errors may quote whole inputs. */
const SHOWN = 2000

/** Prints every failure with where its log is; the same one again takes one line. Gives the function that ends it. */
export function watchFailures(cloud: Pick<Cloud, 'failures' | 'clock'>, terminal: Terminal): () => void {
  const { colors } = terminal
  const told = new Set<string>()
  return cloud.failures.listen(({ what, message, log }) => {
    const at = colors.dim(cloud.clock.date().toTimeString().slice(0, 8))
    const key = JSON.stringify([what, withoutIds(message)])
    if (told.has(key)) return terminal.print(`${at} ${colors.red('failed')} again: ${what}`)
    if (told.size >= REMEMBERED) told.clear()
    told.add(key)
    terminal.print(`${at} ${colors.red('failed')} ${what}`)
    for (const line of shown(message).split('\n')) terminal.print(`         ${line}`)
    if (log !== undefined) terminal.print(colors.dim(`         more in the log group ${log}`))
  })
}

/** The same failure has another request's id each time. */
const withoutIds = (message: string): string =>
  message.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '')

/** What functions say comes from whoever wrote or called them. */
function shown(message: string): string {
  const printable = message.replace(/[^\n\P{C}]/gu, '?')
  return printable.length > SHOWN ? `${printable.slice(0, SHOWN)}…` : printable
}
