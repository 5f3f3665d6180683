/** Repositories behind connections: who may use them, where they stand, and references to a commit in them. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Arn, AwsError, parseArn, readJson } from '../../model/index.ts'
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

/** A commit to be cloned by whoever reads it. */
export interface CloneReference extends Use {
  readonly branch: string
  readonly commit: string
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
  const parts = parseArn(connection)
  const service = parts?.service === 'codeconnections' ? 'codeconnections' : 'codestar-connections'
  const id = parts?.resource.replace(/^connection\//, '') ?? ''
  const found = parts && ctx.table(connections, parts.account, parts.region).get(id)
  await ctx.as(identity, { region }).authorize([
    {
      action: `${service}:UseConnection`,
      resource: connection,
      resourceAccount: parts?.account,
      context: { ...resourceTagKeys(found?.tags), [`${service}:FullRepositoryId`]: repository },
    },
  ])
  return found?.status
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

/** Writes a reference down. AWS: "a JSON file that contains a URL reference to the repository"; its keys are not documented. */
export const writeReference = (reference: CloneReference): Buffer =>
  Buffer.from(JSON.stringify({ ...reference, url: repositoryAddress(reference) }))

/** Reads an artifact as a reference; undefined where it is something else, an archive for example. */
export function readReference(content: Buffer): CloneReference | undefined {
  if (content[0] !== 0x7b) return undefined
  try {
    const { connection, repository, branch, commit } = readJson(content.toString()) as CloneReference
    const isWhole = [connection, repository, branch, commit].every((one) => typeof one === 'string')
    return isWhole ? { connection, repository, branch, commit } : undefined
  } catch {
    return undefined
  }
}

/** Gives the folder of the repository that a reference names. Errors: the denial, and AwsError where it is not there. */
export async function openReference(
  ctx: Context,
  identity: Identity,
  reference: CloneReference,
): Promise<string> {
  const status = await useConnection(ctx, identity, reference)
  const folder = repositoryFolder(ctx.cloud, reference.repository)
  if (status === 'AVAILABLE' && folder) return folder
  const what = status === 'AVAILABLE' ? `repository ${reference.repository}` : reference.connection
  throw new AwsError('InvalidInputException', `Could not find ${what}`)
}
