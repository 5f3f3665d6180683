/** Shows what pipelines cost a month. */
import type { CostEstimate } from '../../access/index.ts'
import type { Terminal } from '../terminal.ts'

/** One line with the total; with `lines` also what it is made of and what was assumed. */
export function printCost(
  { lines, total, assumptions, pricesAsOf }: CostEstimate,
  terminal: Terminal,
  withLines: boolean,
): void {
  const { colors } = terminal
  if (withLines)
    for (const { subject, dollars, parts } of lines)
      terminal.print(`${money(dollars).padStart(10)}  ${subject}  ${colors.dim(parts.join(', '))}`)
  const { runs, buildMinutes, actionMinutes, artifactMegabytes } = assumptions
  const assumed = withLines
    ? `; builds of ${buildMinutes} min, other actions ${actionMinutes} min, artifacts of ${artifactMegabytes} MB; prices of ${pricesAsOf}`
    : ''
  terminal.print(colors.dim(`about ${money(total)} a month at ${runs} runs of each pipeline${assumed}`))
}

const money = (dollars: number): string => `${dollars < 0 ? '-' : ''}$${Math.abs(dollars).toFixed(2)}`
