/** What the two actions of stack sets have in common: how they say whom they deploy to, and how they wait. */
import { entryOf, readJson } from '../../../../model/index.ts'
import { listed, readShorthand } from '../../../../pipeline/index.ts'
import { stackSetOperationEnded } from '../../../kernel/service-events.ts'
import { ActionFailure, type ActionJob, type Outcome } from '../providers/runner.ts'
import type { Artifacts } from './artifact-files.ts'
import { watch } from './watch-stack.ts'

const misconfigured = (message: string): ActionFailure =>
  new ActionFailure(message, { code: 'ConfigurationError' })

/** Gives a list of objects out of a file. Errors: ActionFailure. */
async function listIn(artifacts: Artifacts, path: string): Promise<readonly Record<string, unknown>[]> {
  try {
    const value = readJson((await artifacts.file(path)).toString())
    if (Array.isArray(value)) return value
  } catch (error) {
    if (error instanceof ActionFailure) throw error
  }
  throw misconfigured(`The file ${path} is no list in JSON`)
}

interface Parameter {
  readonly ParameterKey: string
  readonly ParameterValue?: string
  readonly UsePreviousValue?: boolean
}

/** Gives the parameters that a configuration tells, in the shorthand or in a file. */
export async function parametersOf(
  artifacts: Artifacts,
  text: string | undefined,
): Promise<Parameter[] | undefined> {
  if (!text) return undefined
  if (text.includes('::'))
    return (await listIn(artifacts, text)).map((one) => ({
      ParameterKey: String(one.ParameterKey),
      ...(one.UsePreviousValue === true
        ? { UsePreviousValue: true }
        : { ParameterValue: String(one.ParameterValue) }),
    }))
  const read = readShorthand(text)
  if (!read)
    throw misconfigured(`The parameters "${text}" are not in the form ParameterKey=name,ParameterValue=value`)
  return read.map(({ key, value }) =>
    value === undefined
      ? { ParameterKey: key, UsePreviousValue: true }
      : { ParameterKey: key, ParameterValue: value },
  )
}

/** Gives whom an action deploys to: accounts of their own, or units where StackSets manages the roles. */
export async function targetsOf(
  { configuration }: ActionJob,
  artifacts: Artifacts,
  isServiceManaged: boolean,
) {
  const { DeploymentTargets: text = '', Regions = '' } = configuration
  if (!text) return undefined
  const targets = text.includes('::') ? (await listIn(artifacts, text)).map(String) : listed(text)
  const where = { Regions: [...listed(Regions)] }
  return isServiceManaged
    ? { ...where, DeploymentTargets: { OrganizationalUnitIds: [...targets] } }
    : { ...where, Accounts: [...targets] }
}

/** Gives the preferences of an operation. AWS: percentages alone, by default no failure is tolerated. */
export function preferencesOf({ configuration }: ActionJob) {
  const percentage = (key: string) => {
    const value = entryOf(configuration, key)
    return value ? Number(value) : undefined
  }
  const { RegionConcurrencyType, ConcurrencyMode } = configuration
  return {
    FailureTolerancePercentage: percentage('FailureTolerancePercentage'),
    MaxConcurrentPercentage: percentage('MaxConcurrentPercentage'),
    RegionConcurrencyType: RegionConcurrencyType?.toUpperCase() as 'SEQUENTIAL' | 'PARALLEL' | undefined,
    ConcurrencyMode: ConcurrencyMode as 'STRICT_FAILURE_TOLERANCE' | undefined,
  }
}

/** Waits for an operation; gives the action's outcome. Errors: ActionFailure. */
export async function ended(job: ActionJob, StackSetId: string, OperationId: string): Promise<Outcome> {
  const { StackSetName = '', CallAs } = job.configuration
  const external = {
    id: OperationId,
    url: `https://console.aws.amazon.com/cloudformation/home?region=${job.region}#/stacksets/${StackSetId}/operations/${OperationId}`,
  }
  job.show(external)
  const input = { StackSetName, OperationId, CallAs: CallAs as 'SELF' | undefined }
  const found = await watch(
    job,
    stackSetOperationEnded,
    ({ operation }) => operation === OperationId,
    async () => (await job.call('cloudformation', 'DescribeStackSetOperation', input)).StackSetOperation!,
    (seen) => (/^(RUNNING|QUEUED|STOPPING)$/.test(seen.Status ?? '') ? undefined : seen),
  )
  if (found.Status === 'SUCCEEDED') return { variables: { StackSetId, OperationId }, external }
  const failures = found.StatusDetails?.FailedStackInstancesCount ?? 0
  throw new ActionFailure(
    `The operation ${OperationId} on the stack set ${StackSetName} ${found.Status}: ${failures} stack instance(s) failed`,
    { external },
  )
}
