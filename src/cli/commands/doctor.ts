/** `crossdock doctor`: reads a live pipeline, whoever made it, and says which permission it lacks. */
import {
  type CheckResults,
  countQuotas,
  type Diagnosis,
  diagnose,
  edgeInWords,
  type FailedRun,
  findOvergrants,
  isFailed,
  type LivePipeline,
  lint,
} from '../../access/index.ts'
import { lastFailure } from '../../operate/index.ts'
import { APPLICATION_OPTION } from '../application-templates.ts'
import { type Command, UsageError } from '../command.ts'
import { doctorInputOf } from '../doctor-accounts.ts'
import { fleetDrift, fleetDriftDocument, printFleetDrift } from '../fleet-drift.ts'
import { readWithApplications } from '../live-applications.ts'
import { ORGANIZATION_OPTIONS } from '../organization-input.ts'
import { applicationsIn } from '../proof-input.ts'
import { printFailedRun, printUnread } from '../view/doctor-view.ts'
import { printFindings, printProof, printQuotas, proofSummary } from '../view/proof-view.ts'
import { FLEET_OPTION } from '../workspace.ts'

export const doctor: Command = {
  options: [
    { flags: '--pipeline <name>', description: 'the pipeline; may be left out when the fleet has only one' },
    FLEET_OPTION,
    APPLICATION_OPTION,
    { flags: '--profile <name>', description: 'AWS profile of the pipeline’s account, without a fleet file' },
    {
      flags: '--region <region>',
      description: 'region of the pipeline (default: the hub’s or the profile’s)',
    },
    {
      flags: '--account <id=profile...>',
      description: 'AWS profile of another account that the pipeline works in: 222222222222=dev',
    },
    ...ORGANIZATION_OPTIONS,
    {
      flags: '--drift',
      description:
        'with a fleet file: what was changed past CloudFormation, and what is there and in no file',
    },
    {
      flags: '--verbose',
      description: 'a line for every action and the fullest quotas, also when all holds',
    },
  ],
  examples: [
    'doctor',
    'doctor --pipeline orders --profile tools --account 222222222222=prod',
    'doctor --verbose --json',
  ],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const start = performance.now()
    const input = await doctorInputOf(invocation)
    if (options.drift && !input.workspace)
      throw new UsageError('--drift goes with a fleet file, which says what should be there')
    try {
      const { live, further } = await readWithApplications(input, applicationsIn(invocation))
      const diagnosis = diagnose(live.landscape, further, await lastFailure(input.reach, input.place))
      const results = examined(live, diagnosis)
      const drifted =
        options.drift && input.workspace && (await fleetDrift(input.workspace, input.reach, false))
      const milliseconds = performance.now() - start
      const failed =
        results.proof.edges.some(isFailed) || results.findings.some(({ severity }) => severity === 'error')
      const { name, account, region } = input.place
      if (options.json) {
        const { proof, ...rest } = results
        const failedRun = diagnosis.failedRun && runInWords(diagnosis.failedRun)
        const edges = proof.edges.map(edgeInWords)
        const document = { name, account, region, proven: !failed, failedRun, ...proof, edges, ...rest }
        const drift = drifted ? { drift: fleetDriftDocument(drifted) } : {}
        terminal.print(JSON.stringify({ ...document, ...drift, unread: live.unread, milliseconds }, null, 2))
        return failed ? 1 : 0
      }
      const verbose = options.verbose === true
      terminal.print(`${terminal.colors.bold(name)}  ${account} ${region}, as it stands there now`)
      printFailedRun(diagnosis.failedRun, terminal)
      printProof(results.proof, terminal, verbose)
      printFindings(results, terminal, verbose)
      printQuotas(results.quotas, terminal, verbose)
      printUnread(live.unread, terminal)
      if (drifted) printFleetDrift(drifted, terminal)
      terminal.print(proofSummary(name, results, terminal, milliseconds))
      return failed ? 1 : 0
    } finally {
      input.reach.close()
    }
  },
}

const runInWords = ({ explained, ...run }: FailedRun) => ({
  ...run,
  explained: explained.map(({ edge, ...told }) => ({ ...told, ...(edge && { edge: edgeInWords(edge) }) })),
})

/** Rules that speak of templates which are still to be deployed. */
const OF_TEMPLATES: ReadonlySet<string> = new Set(['principal-does-not-exist'])

function examined({ landscape, findings }: LivePipeline, { proof, foreseen }: Diagnosis): CheckResults {
  const linted = lint({ landscape, proof, complete: false }).filter(({ rule }) => !OF_TEMPLATES.has(rule))
  return {
    proof,
    findings: [...findings, ...linted],
    excesses: findOvergrants(landscape, foreseen),
    quotas: countQuotas(landscape),
  }
}
