/** What sources behind a connection have in common: GitHub, GitLab and Bitbucket differ only in name. */
import * as z from 'zod/mini'
import { provider as actionProvider } from '../../pipeline/index.ts'
import type { ConnectionProvider, SourceExpansion, SourceScope } from './source-kind.ts'

/** Schema of how a repository comes to the builds. AWS: only builds can read what is no zip. */
export const clone = z
  ._default(z.enum(['zip', 'full']), 'zip')
  .check(z.describe('full: builds clone the repository themselves, with its history → OutputArtifactFormat'))

/** Configuration of a source action for it. */
export const outputFormat = (how: 'zip' | 'full'): { readonly OutputArtifactFormat?: string } =>
  how === 'full' ? { OutputArtifactFormat: 'CODEBUILD_CLONE_REF' } : {}

/** Fields beside the repository. */
export const connectionFields = {
  clone,
  branch: z
    ._default(z.string().check(z.minLength(1)), 'main')
    .check(z.describe('branch whose commits start the pipeline')),
  connection: z
    .optional(
      z
        .string()
        .check(
          z.regex(
            /^arn:[^:]+:(codestar-connections|codeconnections):[^:]+:\d{12}:connection\/.+/,
            'must be the ARN of a connection',
          ),
        ),
    )
    .check(
      z.describe(
        'ARN of a connection; without it Crossdock makes one, and a person finishes its handshake → ConnectionArn',
      ),
    ),
  paths: z
    .optional(
      z.array(z.string().check(z.minLength(1), z.maxLength(255))).check(z.minLength(1), z.maxLength(8)),
    )
    .check(
      z.describe('only commits that touch one of these globs start the pipeline → filePaths of a trigger'),
    ),
}

export interface ConnectionSource {
  readonly clone: 'zip' | 'full'
  readonly branch: string
  readonly connection?: string
  readonly paths?: readonly string[]
}

/** A schema for `owner/repository`; `depth` allows groups inside groups. */
export const repositoryPath = (depth: 'flat' | 'nested') =>
  z
    .string()
    .check(
      z.regex(
        depth === 'flat' ? /^[\w.-]+\/[\w.-]+$/ : /^[\w.-]+(\/[\w.-]+)+$/,
        'must be written owner/repository',
      ),
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
  const name = scope.action
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
        ...outputFormat(source.clone),
        DetectChanges: String(scope.starts && !filtered),
      },
      outputArtifacts: [{ name: scope.output }],
      namespace: scope.namespace,
    },
  }
}
