/** Shows what builds reported of their tests and of how much they ran. */
import type { BuildReport } from '../../operate/index.ts'
import type { Terminal } from '../terminal.ts'

/** Prints a line for each report; one that did not succeed in red. */
export function printReports(terminal: Terminal, reports: readonly BuildReport[], indent: string): void {
  const { colors } = terminal
  for (const report of reports) {
    const line = `${indent}report ${report.name}: ${outcomeOf(report)}`
    terminal.print(report.status === 'SUCCEEDED' ? colors.dim(line) : colors.red(line))
  }
}

function outcomeOf({ status, tests, coverage }: BuildReport): string {
  if (tests) return `${status}, ${tests.total} tests, ${tests.failed} failed`
  if (coverage !== undefined) return `${status}, ${coverage.toFixed(1)} % of the lines covered`
  return status
}
