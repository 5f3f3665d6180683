/** AWS::CloudFormation::StackSet. */
import { AwsError } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { stackSetOperationEnded } from '../../../kernel/service-events.ts'
import { resourceTags } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { validationError } from '../engine/validation-error.ts'
import { runOf } from './own-context.ts'

interface Group {
  readonly DeploymentTargets: Properties
  readonly Regions: readonly string[]
  readonly ParameterOverrides?: readonly Properties[]
}

const settings = (properties: Properties, rc: ResourceContext) => ({
  StackSetName: properties.StackSetName as string,
  Description: properties.Description,
  TemplateBody: properties.TemplateBody,
  TemplateURL: properties.TemplateURL,
  Parameters: properties.Parameters,
  Capabilities: properties.Capabilities,
  Tags: tagList(resourceTags(properties, rc)).filter(({ Key }) => !Key.startsWith('aws:')),
  AdministrationRoleARN: properties.AdministrationRoleARN,
  ExecutionRoleName: properties.ExecutionRoleName,
  PermissionModel: properties.PermissionModel,
  AutoDeployment: properties.AutoDeployment && {
    Enabled: isTrue(properties.AutoDeployment.Enabled),
    RetainStacksOnAccountRemoval: isTrue(properties.AutoDeployment.RetainStacksOnAccountRemoval),
  },
  ManagedExecution: properties.ManagedExecution && { Active: isTrue(properties.ManagedExecution.Active) },
  CallAs: properties.CallAs,
})

const isTrue = (value: unknown): boolean => value === true || value === 'true'

const preferences = ({ OperationPreferences: given }: Properties) =>
  given && {
    ...given,
    ...Object.fromEntries(
      Object.entries(given as Record<string, unknown>).flatMap(([key, value]) =>
        /Count$|Percentage$/.test(key) ? [[key, Number(value)]] : [],
      ),
    ),
  }

/** AWS: self-managed sets take their accounts by another member than service-managed ones. */
const targetsOf = ({ PermissionModel }: Properties, { DeploymentTargets }: Group) =>
  PermissionModel === 'SERVICE_MANAGED' ? { DeploymentTargets } : { Accounts: DeploymentTargets.Accounts }

/** Ref gives the set's id. AWS: instances are deployed group by group, and removed where a group lets go of them. */
export const stackSet = resourceType({
  type: 'AWS::CloudFormation::StackSet',
  create: async (properties, rc) => {
    const { StackSetId = '' } = await rc.call('cloudformation', 'CreateStackSet', settings(properties, rc))
    rc.made(StackSetId)
    await deployGroups(StackSetId, properties, [], rc)
    return outcome(StackSetId)
  },
  update: async (id, properties, previous, rc) => {
    await removeGroups(id, properties, previous, rc)
    if (isChanged(properties, previous)) {
      const { OperationId = '' } = await rc.call('cloudformation', 'UpdateStackSet', {
        ...settings(properties, rc),
        OperationPreferences: preferences(properties),
      })
      await ended(id, OperationId, properties, rc)
    }
    await deployGroups(id, properties, previous.StackInstancesGroup ?? [], rc)
    return outcome(id)
  },
  delete: async (id, properties, rc) => {
    try {
      await rc.call('cloudformation', 'DescribeStackSet', { StackSetName: id })
    } catch (error) {
      if (error instanceof AwsError && error.code === 'StackSetNotFoundException') return
      throw error
    }
    await removeGroups(id, {}, properties, rc)
    await rc.call('cloudformation', 'DeleteStackSet', { StackSetName: id, CallAs: properties.CallAs })
  },
})

const outcome = (id: string) => ({ physicalId: id, attributes: { StackSetId: id } })

/** Whether anything but the instances has changed. */
function isChanged(properties: Properties, previous: Properties): boolean {
  const own = ({ StackInstancesGroup: _, OperationPreferences: __, ...rest }: Properties) =>
    JSON.stringify(rest)
  return own(properties) !== own(previous)
}

async function deployGroups(
  id: string,
  properties: Properties,
  before: readonly Group[],
  rc: ResourceContext,
) {
  const known = new Set(before.map((one) => JSON.stringify(one)))
  for (const group of (properties.StackInstancesGroup ?? []) as Group[]) {
    if (known.has(JSON.stringify(group))) continue
    const { OperationId = '' } = await rc.call('cloudformation', 'CreateStackInstances', {
      StackSetName: id,
      Regions: [...group.Regions],
      ParameterOverrides: group.ParameterOverrides as never,
      OperationPreferences: preferences(properties),
      CallAs: properties.CallAs,
      ...targetsOf(properties, group),
    })
    await ended(id, OperationId, properties, rc)
  }
}

/** Removes the regions of a group that no group of the same targets has any more. */
async function removeGroups(id: string, properties: Properties, previous: Properties, rc: ResourceContext) {
  const kept = (properties.StackInstancesGroup ?? []) as Group[]
  for (const group of (previous.StackInstancesGroup ?? []) as Group[]) {
    const twin = kept.filter(
      (one) => JSON.stringify(one.DeploymentTargets) === JSON.stringify(group.DeploymentTargets),
    )
    const gone = group.Regions.filter((region) => !twin.some((one) => one.Regions.includes(region)))
    if (!gone.length) continue
    const { OperationId = '' } = await rc.call('cloudformation', 'DeleteStackInstances', {
      StackSetName: id,
      Regions: gone,
      RetainStacks: false,
      OperationPreferences: preferences(previous),
      CallAs: previous.CallAs,
      ...targetsOf(previous, group),
    })
    await ended(id, OperationId, previous, rc)
  }
}

/** Waits for an operation. Errors: ValidationError with the first failure. */
async function ended(StackSetName: string, OperationId: string, { CallAs }: Properties, rc: ResourceContext) {
  const { bus, signal } = runOf(rc).ctx.cloud
  let wake: () => void = () => undefined
  const stop = bus.on(stackSetOperationEnded, () => wake())
  const aborted = () => wake()
  signal.addEventListener('abort', aborted)
  try {
    while (!signal.aborted) {
      const next = new Promise<void>((resolve) => {
        wake = resolve
      })
      const asked = { StackSetName, OperationId, CallAs }
      const { StackSetOperation: found } = await rc.call('cloudformation', 'DescribeStackSetOperation', asked)
      if (found?.Status === 'SUCCEEDED') return
      if (!/^(RUNNING|QUEUED|STOPPING)$/.test(found?.Status ?? '')) throw await failureOf(asked, rc)
      await next
    }
  } finally {
    stop()
    signal.removeEventListener('abort', aborted)
  }
  throw new Error('the cloud stops')
}

async function failureOf(
  asked: { StackSetName: string; OperationId: string; CallAs?: 'SELF' | 'DELEGATED_ADMIN' },
  rc: ResourceContext,
) {
  const { Summaries = [] } = await rc.call('cloudformation', 'ListStackSetOperationResults', asked)
  const failed = Summaries.find(({ Status }) => Status === 'FAILED')
  return validationError(
    failed
      ? `Stack set operation ${asked.OperationId} failed in account ${failed.Account}, region ${failed.Region}: ${failed.StatusReason}`
      : `Stack set operation ${asked.OperationId} did not succeed`,
  )
}
