/** A check of what is about to be deployed: the same before `deploy` as in `check`. */
import {
  type CheckResults,
  countQuotas,
  edgeInWords,
  findOvergrants,
  isAssumption,
  isFailed,
  lint,
  type Problem,
  templateFindings,
} from '../access/index.ts'
import { type ProofInput, proofOf } from './proof-input.ts'
import type { Terminal } from './terminal.ts'
import { printFindings, printProof, printQuotas } from './view/proof-view.ts'

export const STRICT_OPTION = {
  flags: '--strict',
  description: 'fail also on what is not proven, because a policy or a value is not known',
}

/** Proves, lints and counts. */
export function checked(input: ProofInput): CheckResults {
  const { landscape, complete, applications } = input
  const proof = proofOf(input)
  return {
    proof,
    findings: [
      ...lint({ landscape, proof, complete }),
      ...templateFindings([...landscape.templates, ...applications]),
      ...input.inputs,
    ].sort((one, other) => Number(one.severity === 'warning') - Number(other.severity === 'warning')),
    excesses: findOvergrants(landscape, proof),
    quotas: countQuotas(landscape),
  }
}

/** What `--json` prints of it. */
export const asJson = (
  input: ProofInput,
  { proof, findings, excesses, quotas }: CheckResults,
  milliseconds?: number,
) => ({
  name: input.name,
  warnings: (input.assembly?.warnings ?? []).map(String),
  proven: !proof.edges.some(isFailed),
  ...proof,
  edges: proof.edges.map(edgeInWords),
  spared: undefined,
  findings,
  excesses,
  quotas: quotas.filter(({ state }) => state !== 'fine'),
  milliseconds,
})

/** Whether the problems are such that nothing should be deployed: errors, and with `strict` what is not proven. */
export const hasFailed = (problems: readonly Problem[], strict: boolean): boolean =>
  problems.some((one) => one.level === 'error' || (strict && isAssumption(one)))

/** Prints everything that was found. */
export function printChecked(
  input: ProofInput,
  results: CheckResults,
  terminal: Terminal,
  verbose: boolean,
): void {
  for (const warning of input.assembly?.warnings ?? [])
    terminal.print(`${terminal.colors.yellow('warning')} ${warning}`)
  printProof(results.proof, terminal, verbose)
  printFindings(results, terminal, verbose)
  printQuotas(results.quotas, terminal, verbose)
}
