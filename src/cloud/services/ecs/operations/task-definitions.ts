/** RegisterTaskDefinition, DeregisterTaskDefinition, DescribeTaskDefinition and the lists of definitions and families. */
import { type Arn, formatArn, parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { checkDefinition } from '../engine/check-definition.ts'
import { describeDefinition, tagPairsOf } from '../engine/describe.ts'
import { passed } from '../engine/passed-roles.ts'
import { asCreation } from '../engine/tagged-creation.ts'
import { clientError, definitionKind } from '../kinds.ts'
import { families, type TaskDefinition, taskDefinitions } from '../state.ts'
import { badToken, ecsTags } from './tags.ts'

const UNSUPPORTED = ['inferenceAccelerators', 'proxyConfiguration']

export const RegisterTaskDefinition = operation({
  service: 'ecs',
  name: 'RegisterTaskDefinition',
  access: ({ family, tags, ...given }, ctx) => [
    ...asCreation(
      'RegisterTaskDefinition',
      definitionKind.onNew(ctx, 'RegisterTaskDefinition', `${family}:*`, tags),
    ),
    ...passed(...Object.values(rolesOf(given, ctx))),
  ],
  run: ({ tags, ...told }, ctx) => {
    const given = { ...told, ...rolesOf(told, ctx) }
    refuseUnsupported(given, UNSUPPORTED)
    checkDefinition(given)
    const family = given.family!
    const revision = (ctx.table(families).get(family) ?? 0) + 1
    const definition: TaskDefinition = {
      family,
      revision,
      arn: definitionKind.on(ctx, '', `${family}:${revision}`).resource,
      status: 'ACTIVE',
      definition: completed(given),
      registered: ctx.cloud.clock.now(),
      registeredBy: ctx.identity.arn,
      tags: definitionKind.newTags(ecsTags.read(tags)),
    }
    ctx.table(families).put(family, revision)
    ctx.table(taskDefinitions).put(`${family}:${revision}`, definition)
    return { taskDefinition: describeDefinition(definition), tags: tagPairsOf(definition.tags) }
  },
})

/** AWS: "The short name or full Amazon Resource Name (ARN) of the IAM role" (RegisterTaskDefinition); kept as the ARN. */
function rolesOf(
  { taskRoleArn, executionRoleArn }: Pick<TaskDefinition['definition'], 'taskRoleArn' | 'executionRoleArn'>,
  { account }: Context,
): { taskRoleArn?: Arn; executionRoleArn?: Arn } {
  const arnOf = (role: string): Arn => (parseArn(role) ? role : formatArn('iam', '', account, `role/${role}`))
  return {
    ...(taskRoleArn && { taskRoleArn: arnOf(taskRoleArn) }),
    ...(executionRoleArn && { executionRoleArn: arnOf(executionRoleArn) }),
  }
}

/** AWS: what is not said is told with its default. */
const completed = (given: TaskDefinition['definition']): TaskDefinition['definition'] => ({
  ...given,
  networkMode: given.networkMode ?? 'bridge',
  volumes: given.volumes ?? [],
  placementConstraints: given.placementConstraints ?? [],
  containerDefinitions: given.containerDefinitions?.map((one) => ({
    ...one,
    cpu: one.cpu ?? 0,
    essential: one.essential ?? true,
    portMappings: one.portMappings ?? [],
    environment: one.environment ?? [],
    mountPoints: one.mountPoints ?? [],
    volumesFrom: one.volumesFrom ?? [],
    systemControls: one.systemControls ?? [],
  })),
})

/** AWS: no resource is asked, as for the description. */
export const DeregisterTaskDefinition = operation({
  service: 'ecs',
  name: 'DeregisterTaskDefinition',
  access: () => [{ action: 'ecs:DeregisterTaskDefinition', resource: '*' }],
  run: ({ taskDefinition: named = '' }, ctx) => {
    if (!/:\d+$/.test(named)) throw clientError('Revision is missing.')
    const absent = () => clientError('The specified task definition does not exist.')
    const deregistered = ctx.cloud.clock.now()
    const changed = definitionKind.change(ctx, named, { status: 'INACTIVE', deregistered }, absent)
    return { taskDefinition: describeDefinition(changed) }
  },
})

export const DescribeTaskDefinition = operation({
  service: 'ecs',
  name: 'DescribeTaskDefinition',
  access: () => [{ action: 'ecs:DescribeTaskDefinition', resource: '*' }],
  run: ({ taskDefinition: named = '', include = [] }, ctx) => {
    const found = definitionKind.find(ctx, named)
    const tags = include.includes('TAGS') ? { tags: tagPairsOf(found.tags) } : {}
    return { taskDefinition: describeDefinition(found), ...tags }
  },
})

/** AWS: those of a family by number; active ones unless said otherwise. */
export const ListTaskDefinitions = operation({
  service: 'ecs',
  name: 'ListTaskDefinitions',
  access: () => [{ action: 'ecs:ListTaskDefinitions', resource: '*' }],
  run: ({ familyPrefix, status = 'ACTIVE', sort = 'ASC', maxResults = 100, nextToken: token }, ctx) => {
    const all = ctx
      .table(taskDefinitions)
      .values()
      .filter((one) => one.status === status && (familyPrefix === undefined || one.family === familyPrefix))
      .sort((one, other) =>
        one.family === other.family ? one.revision - other.revision : one.family < other.family ? -1 : 1,
      )
    if (sort === 'DESC') all.reverse()
    const page = paginate(all, {
      token,
      limit: maxResults,
      query: [familyPrefix, status, sort],
      error: badToken,
    })
    return { taskDefinitionArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken }
  },
})

export const ListTaskDefinitionFamilies = operation({
  service: 'ecs',
  name: 'ListTaskDefinitionFamilies',
  access: () => [{ action: 'ecs:ListTaskDefinitionFamilies', resource: '*' }],
  run: ({ familyPrefix = '', status = 'ACTIVE', maxResults = 100, nextToken: token }, ctx) => {
    const all = ctx.table(taskDefinitions).values()
    const active = new Set(all.filter((one) => one.status === 'ACTIVE').map(({ family }) => family))
    const wanted = [...new Set(all.map(({ family }) => family))]
      .filter((family) => family.startsWith(familyPrefix))
      .filter((family) => status === 'ALL' || active.has(family) === (status === 'ACTIVE'))
      .sort()
    const page = paginate(wanted, {
      token,
      limit: maxResults,
      query: [familyPrefix, status],
      error: badToken,
    })
    return { families: page.items, nextToken: page.nextToken }
  },
})
