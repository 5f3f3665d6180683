/** A stack set of CloudFormation: made or updated from a template, with the stacks that the action names. */
import { AwsError, TEMPLATE_BYTES } from '../../../../model/index.ts'
import { Artifacts } from '../stack-actions/artifact-files.ts'
import { withTemplateUrl } from '../stack-actions/large-templates.ts'
import { ended, parametersOf, preferencesOf, targetsOf } from '../stack-actions/stack-set-operation.ts'
import type { ActionJob, Outcome, Runner } from './runner.ts'

export const cloudformationStackSet: Runner = {
  id: 'Deploy/CloudFormationStackSet',
  run: async (job) => {
    const artifacts = new Artifacts(job)
    const template = (await artifacts.file(job.configuration.TemplatePath ?? '')).toString()
    if (Buffer.byteLength(template) <= TEMPLATE_BYTES.inRequest)
      return deploy(job, artifacts, { TemplateBody: template })
    return withTemplateUrl(job.ctx.cloud, template, (TemplateURL) => deploy(job, artifacts, { TemplateURL }))
  },
}

type Template = { readonly TemplateBody: string } | { readonly TemplateURL: string }

/**
 * AWS: instances that are new are made first, with the set as it was, and the update follows. A set that is not there is
 * made, without instances where none are named.
 */
async function deploy(job: ActionJob, artifacts: Artifacts, template: Template): Promise<Outcome> {
  const { StackSetName = '', PermissionModel = 'SELF_MANAGED', CallAs } = job.configuration
  const as = { StackSetName, CallAs: CallAs as 'SELF' | undefined }
  const settings = { ...as, ...template, ...(await settingsOf(job, artifacts)) }
  const targets = await targetsOf(job, artifacts, PermissionModel === 'SERVICE_MANAGED')
  const before = await describe(job, as)
  if (!before) {
    const { StackSetId = '' } = await job.call('cloudformation', 'CreateStackSet', settings)
    return targets ? create(job, StackSetId, as, targets) : { variables: { StackSetId } }
  }
  const StackSetId = before.StackSetId ?? ''
  if (targets && (await lacks(job, as, targets))) await create(job, StackSetId, as, targets)
  const { OperationId = '' } = await job.call('cloudformation', 'UpdateStackSet', {
    ...settings,
    ...targets,
    OperationPreferences: preferencesOf(job),
  })
  return ended(job, StackSetId, OperationId)
}

type Named = { readonly StackSetName: string; readonly CallAs?: 'SELF' }
type Targets = NonNullable<Awaited<ReturnType<typeof targetsOf>>>

async function describe(job: ActionJob, named: Named) {
  try {
    return (await job.call('cloudformation', 'DescribeStackSet', named)).StackSet
  } catch (error) {
    if (error instanceof AwsError && error.code === 'StackSetNotFoundException') return undefined
    throw error
  }
}

async function create(job: ActionJob, id: string, named: Named, targets: Targets): Promise<Outcome> {
  const { OperationId = '' } = await job.call('cloudformation', 'CreateStackInstances', {
    ...named,
    ...targets,
    OperationPreferences: preferencesOf(job),
  })
  return ended(job, id, OperationId)
}

/** Whether an account that is named, or any account of a unit, has no stack yet in a region. */
async function lacks(job: ActionJob, named: Named, targets: Targets): Promise<boolean> {
  const { Summaries = [] } = await job.call('cloudformation', 'ListStackInstances', named)
  const has = (test: (one: (typeof Summaries)[number]) => boolean) => Summaries.some(test)
  return targets.Regions.some((region) =>
    'Accounts' in targets
      ? targets.Accounts.some((account) => !has((one) => one.Account === account && one.Region === region))
      : targets.DeploymentTargets.OrganizationalUnitIds.some(
          (unit) => !has((one) => one.OrganizationalUnitId === unit && one.Region === region),
        ),
  )
}

async function settingsOf(job: ActionJob, artifacts: Artifacts) {
  const { configuration } = job
  const { Description, Capabilities, PermissionModel, AdministrationRoleArn, ExecutionRoleName } =
    configuration
  const auto = configuration.OrganizationsAutoDeployment
  return {
    Description: Description || undefined,
    Parameters: await parametersOf(artifacts, configuration.Parameters),
    Capabilities: (Capabilities ? Capabilities.split(',') : undefined) as never[] | undefined,
    PermissionModel: (PermissionModel || undefined) as 'SELF_MANAGED' | undefined,
    AdministrationRoleARN: AdministrationRoleArn || undefined,
    ExecutionRoleName: ExecutionRoleName || undefined,
    AutoDeployment: auto
      ? { Enabled: auto !== 'Disabled', RetainStacksOnAccountRemoval: auto === 'EnabledWithStackRetention' }
      : undefined,
  }
}
