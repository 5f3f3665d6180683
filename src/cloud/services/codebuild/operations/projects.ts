/** Build projects: create, update, look up, delete. */
import type {
  CreateProjectInput,
  EnvironmentVariable,
  Project,
  ProjectBadge,
  UpdateProjectInput,
} from '@aws-sdk/client-codebuild'
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { checkProject, checkServiceRole, passRole, roleArn } from '../engine/check-project.ts'
import { forgetDirectories } from '../engine/local-cache.ts'
import { invalid } from '../engine/refusals.ts'
import { projectArn, projectKind } from '../kinds.ts'
import { projects, type StoredProject, webhooks } from '../state.ts'

/** AWS: a key may be given by id, ARN or alias; the project answers with what was given, `alias/aws/s3` when nothing was. */
const defaultKey = (ctx: Context): string => formatArn('kms', ctx.region, ctx.account, 'alias/aws/s3')

export const CreateProject = operation({
  service: 'codebuild',
  name: 'CreateProject',
  access: (input, ctx) => [
    projectKind.on(ctx, 'CreateProject', input.name),
    ...passRole(ctx, input.serviceRole),
    ...passRole(ctx, input.buildBatchConfig?.serviceRole),
  ],
  run: async (input, ctx) => {
    const table = ctx.table(projects)
    if (table.has(input.name))
      throw new AwsError(
        'ResourceAlreadyExistsException',
        `Project already exists: ${projectArn(ctx, input.name)}`,
      )
    const { badgeEnabled, ...definition } = input as CreateProjectInput
    checkProject({ ...definition, badgeEnabled })
    const serviceRole = roleArn(ctx, input.serviceRole)
    const { vpcConfig } = definition
    await checkServiceRole(ctx, serviceRole, { arn: projectArn(ctx, input.name), vpcConfig })
    const now = ctx.cloud.clock.date()
    const project = {
      ...typedVariables(definition),
      serviceRole,
      name: input.name,
      arn: projectArn(ctx, input.name),
      encryptionKey: input.encryptionKey || defaultKey(ctx),
      timeoutInMinutes: input.timeoutInMinutes ?? 60,
      queuedTimeoutInMinutes: input.queuedTimeoutInMinutes ?? 480,
      cache: input.cache ?? { type: 'NO_CACHE' },
      badge: badgeOf(ctx, badgeEnabled),
      created: now,
      lastModified: now,
      buildCount: 0,
    } as StoredProject
    table.put(project.name, project)
    return { project: shown(ctx, project) }
  },
})

export const UpdateProject = operation({
  service: 'codebuild',
  name: 'UpdateProject',
  access: (input, ctx) => [
    projectKind.on(ctx, 'UpdateProject', input.name),
    ...passRole(ctx, input.serviceRole),
    ...passRole(ctx, input.buildBatchConfig?.serviceRole),
  ],
  run: async (input, ctx) => {
    const found = projectKind.find(ctx, input.name)
    const { badgeEnabled, ...changes } = typedVariables(input as UpdateProjectInput)
    const given = Object.entries(changes).filter(([, value]) => value !== undefined)
    const isBadged = badgeEnabled ?? found.badge?.badgeEnabled
    checkProject({ ...found, ...Object.fromEntries(given), badgeEnabled: isBadged })
    const serviceRole = input.serviceRole ? roleArn(ctx, input.serviceRole) : found.serviceRole
    const vpcConfig = changes.vpcConfig ?? found.vpcConfig
    if (input.serviceRole || changes.vpcConfig)
      await checkServiceRole(ctx, serviceRole!, { arn: found.arn, vpcConfig })
    const project = {
      ...found,
      ...Object.fromEntries(given),
      serviceRole,
      ...(badgeEnabled === undefined ? {} : { badge: badgeOf(ctx, badgeEnabled, found.badge) }),
      lastModified: ctx.cloud.clock.date(),
    } as StoredProject
    const complete = { ...project, encryptionKey: project.encryptionKey || defaultKey(ctx) }
    ctx
      .table(projects)
      .put(found.name, { ...complete, buildCount: projectKind.find(ctx, found.name).buildCount })
    return { project: shown(ctx, complete) }
  },
})

export const DeleteProject = operation({
  service: 'codebuild',
  name: 'DeleteProject',
  access: (input, ctx) => [projectKind.on(ctx, 'DeleteProject', input.name)],
  run: async (input, ctx) => {
    const found = projectKind.lookUp(ctx, input.name)
    if (!found) return {}
    await forgetDirectories(ctx, found.name)
    ctx.table(projects).delete(found.name)
    ctx.table(webhooks).delete(found.name)
    return {}
  },
})

export const BatchGetProjects = operation({
  service: 'codebuild',
  name: 'BatchGetProjects',
  access: (input, ctx) => input.names.map((name) => projectKind.on(ctx, 'BatchGetProjects', name)),
  run: (input, ctx) => ({
    projects: input.names.flatMap((one) => {
      const found = projectKind.lookUp(ctx, one)
      return found ? [shown(ctx, found)] : []
    }),
    projectsNotFound: input.names.filter((one) => !projectKind.lookUp(ctx, one)),
  }),
})

export const ListProjects = operation({
  service: 'codebuild',
  name: 'ListProjects',
  access: () => [{ action: 'codebuild:ListProjects', resource: '*' }],
  run: (input, ctx) => {
    const all = ctx.table(projects).values()
    const time = (one: StoredProject, key: 'created' | 'lastModified') => one[key]?.getTime() ?? 0
    const compare: Record<string, (a: StoredProject, b: StoredProject) => number> = {
      NAME: (a, b) => (a.name < b.name ? -1 : 1),
      CREATED_TIME: (a, b) => time(a, 'created') - time(b, 'created'),
      LAST_MODIFIED_TIME: (a, b) => time(a, 'lastModified') - time(b, 'lastModified'),
    }
    const names = all.sort(compare[input.sortBy ?? 'NAME']).map((one) => one.name)
    if (input.sortOrder === 'DESCENDING') names.reverse()
    const page = paginate(names, {
      token: input.nextToken,
      limit: 100,
      query: [input.sortBy, input.sortOrder],
      error: () => invalid('Invalid next token'),
    })
    return { projects: page.items, nextToken: page.nextToken }
  },
})

function shown(ctx: Context, project: StoredProject): Project {
  const { buildCount: _b, batchCount: _c, cacheGeneration: _g, ...rest } = project
  const found = ctx.table(webhooks).get(project.name)
  return found ? { ...rest, webhook: found.webhook } : rest
}

/** A badge keeps its address while it is there. */
const badgeOf = (ctx: Context, badgeEnabled = false, before?: ProjectBadge): ProjectBadge =>
  badgeEnabled
    ? {
        badgeEnabled,
        badgeRequestUrl:
          before?.badgeRequestUrl ??
          `${ctx.cloud.endpoint}/_codebuild/badges?uuid=${ctx.cloud.ids.uuid()}&branch=main`,
      }
    : { badgeEnabled }

/** AWS: a variable without a type is PLAINTEXT, and is answered so. */
export const typed = (variables: readonly EnvironmentVariable[]): EnvironmentVariable[] =>
  variables.map((one) => ({ ...one, type: one.type ?? 'PLAINTEXT' }))

function typedVariables<P extends { environment?: Project['environment'] }>(definition: P): P {
  const { environment } = definition
  if (!environment?.environmentVariables) return definition
  const environmentVariables = typed(environment.environmentVariables)
  return { ...definition, environment: { ...environment, environmentVariables } }
}
