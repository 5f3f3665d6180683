/** What sources behind a connection have in common: GitHub, GitLab and Bitbucket differ only in name. */
import { z } from 'zod'
import { provider as actionProvider } from '../../pipeline/index.ts'
import type { ConnectionProvider, SourceExpansion, SourceScope } from './source-kind.ts'

/** Fields beside the repository. */
export const connectionFields = {
  branch: z.string().min(1).default('main').describe('branch whose commits start the pipeline'),
  connection: z
    .string()
    .regex(
      /^arn:[^:]+:(codestar-connections|codeconnections):[^:]+:\d{12}:connection\/.+/,
      'must be the ARN of a connection',
    )
    .optional()
    .describe(
      'ARN of a connection; without it Crossdock makes one, and a person finishes its handshake → ConnectionArn',
    ),
  paths: z
    .array(z.string().min(1).max(255))
    .min(1)
    .max(8)
    .optional()
    .describe('only commits that touch one of these globs start the pipeline → filePaths of a trigger'),
}

export interface ConnectionSource {
  readonly branch: string
  readonly connection?: string
  readonly paths?: readonly string[]
}

/** A schema for `owner/repository`; `depth` allows groups inside groups. */
export const repositoryPath = (depth: 'flat' | 'nested') =>
  z
    .string()
    .regex(
      depth === 'flat' ? /^[\w.-]+\/[\w.-]+$/ : /^[\w.-]+(\/[\w.-]+)+$/,
      'must be written owner/repository',
    )

/**
 * Gives the source action of a repository behind a connection.
 * AWS: a filter on paths needs a trigger of a V2 pipeline, which switches DetectChanges off; a push filter may hold
 * branches and file paths together.
 */
export function expandConnectionSource(
  repository: string,
  provider: ConnectionProvider,
  source: ConnectionSource,
  scope: SourceScope,
): SourceExpansion {
  const name = 'Source'
  const filtered = scope.starts ? source.paths : undefined
  const { type } = actionProvider.codeStarSourceConnection
  return {
    connection: source.connection ? undefined : provider,
    trigger: filtered && {
      providerType: type.provider,
      gitConfiguration: {
        sourceActionName: name,
        push: [{ branches: { includes: [source.branch] }, filePaths: { includes: filtered } }],
      },
    },
    action: {
      name,
      actionTypeId: type,
      configuration: {
        ConnectionArn: source.connection ?? scope.connectionArn(provider),
        FullRepositoryId: repository,
        BranchName: source.branch,
        DetectChanges: String(scope.starts && !filtered),
      },
      outputArtifacts: [{ name: scope.output }],
      namespace: 'Source',
    },
  }
}
