/** Repositories behind connections: who may use them, and where they stand. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Arn, parseArn } from '../../model/index.ts'
import { CONNECTION_ACTIONS, connectionPrefix } from '../../pipeline/index.ts'
import type { AccessRequest } from '../kernel/access-request.ts'
import type { Cloud } from '../kernel/cloud.ts'
import type { Context } from '../kernel/context.ts'
import type { Identity } from '../kernel/identity.ts'
import { collection } from '../kernel/store.ts'
import { resourceTagKeys, type Tags } from '../kernel/tags.ts'

const REPOSITORY = /^[A-Za-z0-9_][A-Za-z0-9_.-]*\/[A-Za-z0-9_][A-Za-z0-9_.-]*$/

/** CodeConnections' own records: AWS looks at a connection inside, with no API call of whoever uses it. */
const connections = collection<{ readonly status: string; readonly tags: Tags }>(
  'codeconnections.connections',
)

export interface Use {
  readonly connection: Arn
  /** `owner/name` */
  readonly repository: string
}

/**
 * Gives the state of a connection that an identity may use for a repository; undefined where there is none.
 * Errors: the denial. AWS: the action's prefix follows the ARN's.
 */
export async function useConnection(
  ctx: Context,
  identity: Identity,
  { connection, repository }: Use,
  region = ctx.region,
): Promise<string | undefined> {
  const found = lookUp(ctx, connection)
  await ctx.as(identity, { region }).authorize([
    onConnection(ctx, connection, 'UseConnection', (service) => ({
      [`${service}:FullRepositoryId`]: repository,
    })),
  ])
  return found?.status
}

/**
 * Gives the state of a connection whose token an identity may have; undefined where there is none. Errors: the denial.
 * AWS: CodeBuild clones a project's own source with such a token ("GitHub App connections …", step 2).
 */
export async function connectionToken(
  ctx: Context,
  identity: Identity,
  connection: Arn,
): Promise<string | undefined> {
  await ctx
    .as(identity, { region: parseArn(connection)?.region })
    .authorize(CONNECTION_ACTIONS.map((action) => onConnection(ctx, connection, action)))
  return lookUp(ctx, connection)?.status
}

function lookUp(ctx: Context, connection: Arn) {
  const parts = parseArn(connection)
  const id = parts?.resource.replace(/^connection\//, '') ?? ''
  return parts && ctx.table(connections, parts.account, parts.region).get(id)
}

function onConnection(
  ctx: Context,
  connection: Arn,
  action: string,
  keys: (service: string) => Readonly<Record<string, string>> = () => ({}),
): AccessRequest {
  const service = connectionPrefix(connection)
  return {
    action: `${service}:${action}`,
    resource: connection,
    resourceAccount: parseArn(connection)?.account,
    context: { ...resourceTagKeys(lookUp(ctx, connection)?.tags), ...keys(service) },
  }
}

/** Gives the folder of a bare repository; undefined where there is none of that name. */
export function repositoryFolder(cloud: Cloud, repository: string): string | undefined {
  const folder = join(cloud.folder, 'repositories', `${repository}.git`)
  return REPOSITORY.test(repository) && existsSync(folder) ? folder : undefined
}

/**
 * Gives the address of a repository as CodeBuild shows it for a connection.
 * AWS: CODEBUILD_SOURCE_REPO_URL of a full clone.
 */
export function repositoryAddress({ connection, repository }: Use): string {
  const { account = '', region = '', resource = '' } = parseArn(connection) ?? {}
  const id = resource.replace(/^connection\//, '')
  return `https://codestar-connections.${region}.amazonaws.com/git-http/${account}/${region}/${id}/${repository}.git`
}
