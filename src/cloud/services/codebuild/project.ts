/** Build projects: create, update, look up, delete. */
import type {
  CreateProjectInput,
  Project,
  ProjectArtifacts,
  ProjectSource,
  UpdateProjectInput,
} from '@aws-sdk/client-codebuild'
import { AwsError, formatArn } from '../../../model/index.ts'
import type { Context } from '../../context.ts'
import { type AccessRequest, operation } from '../../operation.ts'
import { paginate } from '../../pagination.ts'
import { refuseUnsupported } from '../../unsupported.ts'
import { projects, type StoredProject } from './state.ts'

export const projectArn = (ctx: Context, name: string): string =>
  formatArn('codebuild', ctx.region, ctx.account, `project/${name}`)

/** Errors: ResourceNotFoundException. */
export function findProject(ctx: Context, name: string): StoredProject {
  const found = ctx
    .table(projects)
    .get(name.startsWith('arn:') ? name.slice(name.lastIndexOf('/') + 1) : name)
  if (found) return found
  throw new AwsError('ResourceNotFoundException', `Project cannot be found: ${projectArn(ctx, name)}`)
}

/** What a local machine cannot do; refused by name rather than ignored. */
const UNSUPPORTED = [
  'vpcConfig',
  'fileSystemLocations',
  'buildBatchConfig',
  'secondarySourceVersions',
] as const
const SOURCES = ['CODEPIPELINE', 'S3', 'NO_SOURCE']

const passRole = (role: string | undefined): AccessRequest[] =>
  role
    ? [
        {
          action: 'iam:PassRole',
          resource: role,
          context: { 'iam:PassedToService': 'codebuild.amazonaws.com' },
        },
      ]
    : []

function check(input: {
  source?: ProjectSource
  secondarySources?: readonly ProjectSource[]
  artifacts?: ProjectArtifacts
  environment?: Project['environment']
}): void {
  refuseUnsupported(input, UNSUPPORTED)
  for (const source of [input.source, ...(input.secondarySources ?? [])]) {
    if (!source || SOURCES.includes(source.type ?? '')) continue
    throw new AwsError(
      'InvalidInputException',
      `The embedded cloud cannot fetch sources of the type ${source.type}; it has ${SOURCES.join(', ')}.`,
    )
  }
  const fromPipeline = input.source?.type === 'CODEPIPELINE'
  if (input.source && input.artifacts && fromPipeline !== (input.artifacts.type === 'CODEPIPELINE'))
    throw new AwsError(
      'InvalidInputException',
      'Invalid project: if source or artifacts type is CODEPIPELINE, both must be CODEPIPELINE',
    )
  if (input.environment && !/^(LINUX|ARM)/.test(input.environment.type ?? ''))
    throw new AwsError(
      'InvalidInputException',
      `The embedded cloud runs builds on this machine, not in a ${input.environment.type} environment.`,
    )
}

/** AWS: a key may be given by id, ARN or alias; the project answers with what was given, `alias/aws/s3` when nothing was. */
const defaultKey = (ctx: Context): string => formatArn('kms', ctx.region, ctx.account, 'alias/aws/s3')

export const CreateProject = operation({
  service: 'codebuild',
  name: 'CreateProject',
  access: (input, ctx) => [
    { action: 'codebuild:CreateProject', resource: projectArn(ctx, input.name) },
    ...passRole(input.serviceRole),
  ],
  run: (input, ctx) => {
    const table = ctx.table(projects)
    if (table.has(input.name))
      throw new AwsError(
        'ResourceAlreadyExistsException',
        `Project already exists: ${projectArn(ctx, input.name)}`,
      )
    check(input as CreateProjectInput)
    const now = ctx.cloud.clock.date()
    const project = {
      ...(input as Omit<CreateProjectInput, 'badgeEnabled'>),
      name: input.name,
      arn: projectArn(ctx, input.name),
      encryptionKey: input.encryptionKey || defaultKey(ctx),
      timeoutInMinutes: input.timeoutInMinutes ?? 60,
      queuedTimeoutInMinutes: input.queuedTimeoutInMinutes ?? 480,
      cache: input.cache ?? { type: 'NO_CACHE' },
      badge: { badgeEnabled: input.badgeEnabled ?? false },
      created: now,
      lastModified: now,
      buildCount: 0,
    } as StoredProject
    table.put(project.name, project)
    return { project: shown(project) }
  },
})

export const UpdateProject = operation({
  service: 'codebuild',
  name: 'UpdateProject',
  access: (input, ctx) => [
    { action: 'codebuild:UpdateProject', resource: projectArn(ctx, input.name) },
    ...passRole(input.serviceRole),
  ],
  run: (input, ctx) => {
    const found = findProject(ctx, input.name)
    check({ ...found, ...(input as UpdateProjectInput) })
    const { badgeEnabled, ...changes } = input as UpdateProjectInput
    const given = Object.entries(changes).filter(([, value]) => value !== undefined)
    const project = {
      ...found,
      ...Object.fromEntries(given),
      ...(badgeEnabled === undefined ? {} : { badge: { badgeEnabled } }),
      lastModified: ctx.cloud.clock.date(),
    } as StoredProject
    const complete = { ...project, encryptionKey: project.encryptionKey || defaultKey(ctx) }
    ctx.table(projects).put(found.name, complete)
    return { project: shown(complete) }
  },
})

export const DeleteProject = operation({
  service: 'codebuild',
  name: 'DeleteProject',
  access: (input, ctx) => [{ action: 'codebuild:DeleteProject', resource: projectArn(ctx, input.name) }],
  run: (input, ctx) => {
    ctx.table(projects).delete(input.name)
    return {}
  },
})

export const BatchGetProjects = operation({
  service: 'codebuild',
  name: 'BatchGetProjects',
  access: (input, ctx) =>
    input.names.map((name) => ({
      action: 'codebuild:BatchGetProjects',
      resource: name.startsWith('arn:') ? name : projectArn(ctx, name),
    })),
  run: (input, ctx) => {
    const table = ctx.table(projects)
    const name = (given: string) =>
      given.startsWith('arn:') ? given.slice(given.lastIndexOf('/') + 1) : given
    return {
      projects: input.names.flatMap((one) => {
        const found = table.get(name(one))
        return found ? [shown(found)] : []
      }),
      projectsNotFound: input.names.filter((one) => !table.has(name(one))),
    }
  },
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
      error: () => new AwsError('InvalidInputException', 'Invalid next token'),
    })
    return { projects: page.items, nextToken: page.nextToken }
  },
})

function shown(project: StoredProject): Project {
  const { buildCount: _, ...rest } = project
  return rest
}
