/** `crossdock check`: proves that every role may make every call its pipeline makes, without touching any account. */
import { estimateCost, problemsOf, toSarif } from '../../access/index.ts'
import { APPLICATION_OPTION } from '../application-templates.ts'
import { asJson, checked, hasFailed, printChecked, STRICT_OPTION } from '../checked.ts'
import { type Command, type OptionValue, UsageError } from '../command.ts'
import { ORGANIZATION_OPTIONS } from '../organization-input.ts'
import { TEMPLATES_OPTION } from '../placed-templates.ts'
import { proofInputOf } from '../proof-input.ts'
import { VERSION } from '../version.ts'
import { printCost } from '../view/cost-view.ts'
import { proofSummary } from '../view/proof-view.ts'
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
    STRICT_OPTION,
    {
      flags: '--live',
      description:
        'read the keys, buckets and roles that the fleet file says stand already, from their accounts',
    },
    { flags: '--sarif', description: 'print SARIF 2.1.0, for annotations in code review' },
  ],
  examples: [
    'check',
    'check --strict --scp guardrails.json',
    'check --templates 111111111111/us-east-1=pipeline.yaml,Stage=prod --sarif',
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
    const failed = hasFailed(problems, options.strict === true)
    if (options.sarif) terminal.print(JSON.stringify(toSarif(problems, VERSION), null, 2))
    else if (options.json)
      terminal.print(JSON.stringify({ ...asJson(input, results, milliseconds), cost }, null, 2))
    else {
      const verbose = options.verbose === true
      printChecked(input, results, terminal, verbose)
      printCost(cost, terminal, verbose || options.runs !== undefined)
      terminal.print(proofSummary(input.name, results, terminal, milliseconds))
    }
    return failed ? 1 : 0
  },
}

function runsOf(text: OptionValue): { runs?: number } {
  if (text === undefined) return {}
  const runs = Number(text)
  if (!Number.isFinite(runs) || runs < 0) throw new UsageError(`--runs ${text} is no number`)
  return { runs }
}
