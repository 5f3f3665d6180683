/** CreateStackSet, UpdateStackSet, DeleteStackSet, DescribeStackSet and ListStackSets. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import { STACK_SET_NAME } from '../../../../pipeline/index.ts'
import { declaredTransforms, parseTemplate } from '../../../../template/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { generalAccess } from '../engine/general-access.ts'
import { versionFrom } from '../engine/stack-input.ts'
import { validationError } from '../engine/validation-error.ts'
import { onDeployed, onSet, passAdministration } from '../stack-sets/access.ts'
import { accountsOf, checkOperator, type Targets } from '../stack-sets/accounts.ts'
import { liveSet, stackSetKind } from '../stack-sets/kind.ts'
import { begin, claim, crossed } from '../stack-sets/new-operation.ts'
import {
  type AutoDeployment,
  instanceKey,
  instancesOf,
  operationsOf,
  type StackInstance,
  type StackSet,
  stackSetNames,
  stackSets,
} from '../stack-sets/state.ts'
import { shownParameters, shownTags } from './describe-stacks.ts'

type CreateInput = Input<'cloudformation', 'CreateStackSet'>
type UpdateInput = Input<'cloudformation', 'UpdateStackSet'>

/** Gives what a request says of a set's template and parameters, over what it had. Errors: ValidationError. */
async function versionOf(ctx: Context, input: CreateInput | UpdateInput, before?: StackSet) {
  const previous = before && { ...before, outputs: [], imports: [] }
  const version = await versionFrom({ ...input, StackName: input.StackSetName }, ctx, previous, {
    changeSet: false,
  })
  const { template, parameters, tags, capabilities } = version
  return { template, parameters, tags, capabilities }
}

/** AWS: "don't support the use of macros", transforms of AWS among them. */
function checkModel({ permissionModel, template, ...set }: StackSet): void {
  const isServiceManaged = permissionModel === 'SERVICE_MANAGED'
  if (isServiceManaged && declaredTransforms(parseTemplate(template)).length)
    throw validationError(
      'Templates with macros or transforms are not supported with SERVICE_MANAGED permission model',
    )
  if (isServiceManaged && (set.administrationRole ?? set.executionRole))
    throw validationError('Roles cannot be specified with SERVICE_MANAGED permission model')
  if (!isServiceManaged && set.autoDeployment)
    throw validationError('AutoDeployment is not supported with SELF_MANAGED permission model')
}

function deploymentOf({ AutoDeployment: given }: CreateInput | UpdateInput): AutoDeployment | undefined {
  if (given) refuseUnsupported(given, ['DependsOn'])
  return (
    given && {
      Enabled: given.Enabled ?? false,
      RetainStacksOnAccountRemoval: given.RetainStacksOnAccountRemoval ?? false,
    }
  )
}

export const CreateStackSet = operation({
  service: 'cloudformation',
  name: 'CreateStackSet',
  access: (input, ctx) => [
    onSet(ctx, 'CreateStackSet', input),
    ...passAdministration(input.AdministrationRoleARN),
  ],
  run: async (input, ctx) => {
    refuseUnsupported(input, ['StackId'])
    const { StackSetName: name, PermissionModel: permissionModel = 'SELF_MANAGED' } = input
    checkOperator(ctx, { ...input, PermissionModel: permissionModel })
    if (!STACK_SET_NAME.test(name)) throw validationError(`Invalid stack set name ${name}`)
    const version = await versionOf(ctx, input)
    const held = ctx.table(stackSetNames).get(name)
    if (held !== undefined)
      throw new AwsError('NameAlreadyExistsException', `A stack set named ${name} already exists`, {
        status: 409,
      })
    const id = `${name}:${ctx.cloud.ids.uuid()}`
    const set: StackSet = {
      id,
      arn: formatArn('cloudformation', ctx.region, ctx.account, `stackset/${id}`),
      name,
      description: input.Description,
      ...version,
      permissionModel,
      administrationRole: input.AdministrationRoleARN,
      executionRole: input.ExecutionRoleName,
      autoDeployment: deploymentOf(input),
      managedExecution: input.ManagedExecution?.Active ?? false,
      units: [],
      regions: [],
    }
    checkModel(set)
    ctx.table(stackSets).put(id, set)
    ctx.table(stackSetNames).put(name, id)
    return { StackSetId: id }
  },
})

/** AWS: what is not named for the update becomes OUTDATED; the permission model changes without instances alone. */
export const UpdateStackSet = operation({
  service: 'cloudformation',
  name: 'UpdateStackSet',
  access: (input, ctx) => [
    ...onDeployed(ctx, 'UpdateStackSet', input),
    ...passAdministration(input.AdministrationRoleARN),
  ],
  run: async (input, ctx) => {
    const before = liveSet(ctx, input.StackSetName)
    checkOperator(ctx, {
      CallAs: input.CallAs,
      PermissionModel: input.PermissionModel ?? before.permissionModel,
    })
    claim(ctx, before, input)
    const instances = ctx.table(instancesOf(before.id)).values()
    const wanted = await chosen(ctx, before, input, instances)
    const set: StackSet = {
      ...before,
      ...(await versionOf(ctx, input, before)),
      description: input.Description ?? before.description,
      permissionModel: input.PermissionModel ?? before.permissionModel,
      administrationRole: input.AdministrationRoleARN ?? before.administrationRole,
      executionRole: input.ExecutionRoleName ?? before.executionRole,
      autoDeployment: deploymentOf(input) ?? before.autoDeployment,
      managedExecution: input.ManagedExecution?.Active ?? before.managedExecution,
    }
    if (set.permissionModel !== before.permissionModel && instances.length)
      throw validationError('PermissionModel cannot be changed while the stack set has instances')
    checkModel(set)
    ctx.table(stackSets).put(set.id, set)
    for (const one of instances)
      ctx.table(instancesOf(set.id)).put(instanceKey(one), { ...one, status: 'OUTDATED' })
    const regions = [...new Set(wanted.map(({ region }) => region))]
    return { OperationId: begin(ctx, set, input, { action: 'UPDATE', regions, instances: wanted }) }
  },
})

/** Errors: StackInstanceNotFoundException for one that is named and not there. */
async function chosen(
  ctx: Context,
  set: StackSet,
  input: UpdateInput,
  instances: readonly StackInstance[],
): Promise<readonly StackInstance[]> {
  const { Accounts, DeploymentTargets, Regions } = input
  if (!Accounts && !DeploymentTargets && !Regions) return instances
  const regions = Regions ?? [...new Set(instances.map(({ region }) => region))]
  const accounts = await accountsOf(ctx, set, Accounts, DeploymentTargets as Targets | undefined)
  const known = new Map(instances.map((one) => [instanceKey(one), one]))
  return crossed(accounts, regions).map((one) => {
    const found = known.get(instanceKey(one))
    if (found) return found
    throw new AwsError(
      'StackInstanceNotFoundException',
      `Stack instance not found for account ${one.account}, region ${one.region}`,
      { status: 404 },
    )
  })
}

export const DeleteStackSet = operation({
  service: 'cloudformation',
  name: 'DeleteStackSet',
  access: (input, ctx) => [onSet(ctx, 'DeleteStackSet', input)],
  run: (input, ctx) => {
    checkOperator(ctx, input)
    const set = stackSetKind.lookUp(ctx, input.StackSetName)
    if (!set || set.deleted) return {}
    claim(ctx, { ...set, managedExecution: false }, {})
    if (ctx.table(instancesOf(set.id)).size > 0)
      throw new AwsError('StackSetNotEmptyException', 'StackSet is not empty', { status: 409 })
    ctx.table(stackSets).put(set.id, { ...set, deleted: true })
    ctx.table(stackSetNames).delete(set.name)
    return {}
  },
})

export const DescribeStackSet = operation({
  service: 'cloudformation',
  name: 'DescribeStackSet',
  access: (input, ctx) => [onSet(ctx, 'DescribeStackSet', input)],
  run: (input, ctx) => {
    checkOperator(ctx, input)
    const set = stackSetKind.find(ctx, input.StackSetName)
    return {
      StackSet: {
        ...summaryOf(set),
        StackSetARN: set.arn,
        TemplateBody: set.template,
        Parameters: shownParameters(set.parameters),
        Capabilities: [...set.capabilities] as never[],
        Tags: shownTags(set.tags),
        AdministrationRoleARN: set.administrationRole,
        ExecutionRoleName: set.executionRole,
        OrganizationalUnitIds: [...set.units],
        Regions: [...set.regions],
        StackSetDriftDetectionDetails: { DriftStatus: 'NOT_CHECKED' as const },
      },
    }
  },
})

const summaryOf = (set: StackSet) => ({
  StackSetName: set.name,
  StackSetId: set.id,
  Description: set.description,
  Status: set.deleted ? ('DELETED' as const) : ('ACTIVE' as const),
  PermissionModel: set.permissionModel,
  AutoDeployment: set.autoDeployment,
  ManagedExecution: { Active: set.managedExecution },
})

export const ListStackSets = operation({
  service: 'cloudformation',
  name: 'ListStackSets',
  access: () => [generalAccess('ListStackSets')],
  run: (input, ctx) => {
    checkOperator(ctx, input)
    const all = ctx
      .table(stackSets)
      .values()
      .map(summaryOf)
      .filter(({ Status }) => !input.Status || Status === input.Status)
    const page = paginate(all, {
      token: input.NextToken,
      limit: input.MaxResults ?? 100,
      query: input.Status ?? '',
    })
    return {
      Summaries: page.items.map((one) => ({ ...one, DriftStatus: 'NOT_CHECKED' as const })),
      NextToken: page.nextToken,
    }
  },
})

/** Gives a set's operations, newest first. */
export const operationsBackwards = (ctx: Context, set: StackSet) =>
  ctx
    .table(operationsOf(set.id))
    .values()
    .sort((one, other) => other.number - one.number)
