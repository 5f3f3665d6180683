/** Tells on the terminal who was not let into an embedded AWS. */
import type { Cloud } from '../../cloud/index.ts'
import type { Terminal } from '../terminal.ts'

/** A page can make up any number of names to ask under. */
const TOLD_AT_MOST = 20

/** Prints a refusal with its fix, once for each that asks, and no more when very many have. Gives the function that ends it. */
export function watchRefusals(cloud: Pick<Cloud, 'refusals' | 'clock'>, terminal: Terminal): () => void {
  const { colors } = terminal
  const told = new Set<string>()
  return cloud.refusals.listen(({ from, message, fix }) => {
    if (told.has(from) || told.size > TOLD_AT_MOST) return
    told.add(from)
    const at = colors.dim(cloud.clock.date().toTimeString().slice(0, 8))
    if (told.size > TOLD_AT_MOST) {
      terminal.print(
        `${at} ${colors.red('refused')} more askers than can be told here; the rest is refused silently`,
      )
      return
    }
    terminal.print(`${at} ${colors.red('refused')} ${message} ${colors.dim('(told once)')}`)
    terminal.print(`         fix: ${fix}`)
  })
}
