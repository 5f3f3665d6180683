/** `crossdock check`: proves that every role may make every call its pipeline makes, without touching any account. */
import {
  type CheckResults,
  countQuotas,
  edgeInWords,
  estimateCost,
  findOvergrants,
  isFailed,
  lint,
  problemsOf,
  templateFindings,
  toSarif,
} from '../../access/index.ts'
import { APPLICATION_OPTION } from '../application-templates.ts'
import { type Command, UsageError } from '../command.ts'
import { ORGANIZATION_OPTIONS } from '../organization-input.ts'
import { TEMPLATES_OPTION } from '../placed-templates.ts'
import { type ProofInput, proofInputOf, proofOf } from '../proof-input.ts'
import { VERSION } from '../version.ts'
import { printCost } from '../view/cost-view.ts'
import { printFindings, printProof, printQuotas, proofSummary } from '../view/proof-view.ts'
import { FLEET_OPTION } from '../workspace.ts'

export const check: Command = {
  options: [
    FLEET_OPTION,
    TEMPLATES_OPTION,
    APPLICATION_OPTION,
    ...ORGANIZATION_OPTIONS,
    {
      flags: '--verbose',
      description: 'a line for every action and the fullest quotas, also when all holds',
    },
    {
      flags: '--runs <number>',
      description: 'executions of each pipeline a month, for what it costs; shows the lines',
    },
    { flags: '--sarif', description: 'print SARIF 2.1.0, for annotations in code review' },
  ],
  run: async (invocation) => {
    const { terminal, options } = invocation
    if (options.sarif && options.json)
      throw new UsageError('--sarif and --json are two documents: ask for one of them')
    const start = performance.now()
    const input = await proofInputOf(invocation)
    const results = checked(input)
    const cost = estimateCost(input.landscape, runsOf(options.runs))
    const milliseconds = performance.now() - start
    const problems = problemsOf(results, input.assembly?.warnings)
    const failed = problems.some(({ level }) => level === 'error')
    if (options.sarif) terminal.print(JSON.stringify(toSarif(problems, VERSION), null, 2))
    else if (options.json)
      terminal.print(JSON.stringify({ ...asJson(input, results, milliseconds), cost }, null, 2))
    else {
      const verbose = options.verbose === true
      for (const warning of input.assembly?.warnings ?? [])
        terminal.print(`${terminal.colors.yellow('warning')} ${warning}`)
      printProof(results.proof, terminal, verbose)
      printFindings(results, terminal, verbose)
      printQuotas(results.quotas, terminal, verbose)
      printCost(cost, terminal, verbose || options.runs !== undefined)
      terminal.print(proofSummary(input.name, results, terminal, milliseconds))
    }
    return failed ? 1 : 0
  },
}

function runsOf(text: string | boolean | undefined): { runs?: number } {
  if (text === undefined) return {}
  const runs = Number(text)
  if (!Number.isFinite(runs) || runs < 0) throw new UsageError(`--runs ${text} is no number`)
  return { runs }
}

function checked(input: ProofInput): CheckResults {
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

const asJson = (
  input: ProofInput,
  { proof, findings, excesses, quotas }: CheckResults,
  milliseconds: number,
) => ({
  name: input.name,
  warnings: (input.assembly?.warnings ?? []).map(String),
  proven: !proof.edges.some(isFailed),
  ...proof,
  edges: proof.edges.map(edgeInWords),
  findings,
  excesses,
  quotas: quotas.filter(({ state }) => state !== 'fine'),
  milliseconds,
})
