/** What sources behind a connection have in common: GitHub, GitLab and Bitbucket differ only in name. */
import * as z from 'zod/mini'
import { provider as actionProvider } from '../../pipeline/index.ts'
import { connectionArn } from '../connection-schema.ts'
import { expandText, PIPELINE_NAMES, type TextScope, textWith } from '../text.ts'
import type { ConnectionProvider, SourceExpansion, SourceScope } from './source-kind.ts'

/** Schema of how a repository comes to the builds. AWS: only builds can read what is no zip. */
export const clone = z
  ._default(z.enum(['zip', 'full']), 'zip')
  .check(z.describe('full: builds clone the repository themselves, with its history → OutputArtifactFormat'))

/** Configuration of a source action for it. */
export const outputFormat = (how: 'zip' | 'full'): { readonly OutputArtifactFormat?: string } =>
  how === 'full' ? { OutputArtifactFormat: 'CODEBUILD_CLONE_REF' } : {}

/** AWS: a filter takes up to eight patterns of what passes, and up to eight of what does not. */
const PATTERNS = 8

export const globs = z
  .array(textWith(PIPELINE_NAMES).check(z.maxLength(255, 'must not be longer than 255 characters')))
  .check(
    z.minLength(1),
    z.superRefine((all, context) => {
      for (const [kind, some] of Object.entries(filterOf(all)))
        if (some.length > PATTERNS)
          context.addIssue({
            code: 'custom',
            message: `${some.length} globs of what ${kind === 'includes' ? 'starts it' : 'does not'}; AWS takes ${PATTERNS}`,
            params: { fix: 'let one glob stand for several, {a,b}/** for example' },
          })
    }),
  )

/** Fields beside the repository. */
export const connectionFields = {
  clone,
  branch: z
    ._default(z.string().check(z.minLength(1)), 'main')
    .check(z.describe('branch whose commits start the pipeline, and that a start by hand takes')),
  connection: z
    .optional(connectionArn)
    .check(
      z.describe(
        'ARN of a connection; that of `hub` without it, else Crossdock makes one, and a person finishes its handshake → ConnectionArn',
      ),
    ),
  paths: z
    .optional(globs)
    .check(
      z.describe(
        'only commits that touch one of these globs start the pipeline; ! before one keeps its files from it, and wins → filePaths of a trigger',
      ),
    ),
  tags: z
    .optional(globs)
    .check(
      z.describe(
        'pushed tags that start the pipeline instead of commits, as globs; ! excludes → tags of a trigger',
      ),
    ),
}

export interface ConnectionSource {
  readonly clone: 'zip' | 'full'
  readonly branch: string
  readonly connection?: string
  readonly paths?: readonly string[]
  readonly tags?: readonly string[]
}

/** AWS: tags stand alone in a push filter. */
export const oneTrigger = <Source extends Pick<ConnectionSource, 'paths' | 'tags'>>() =>
  z.superRefine<Source>(({ paths, tags }, context) => {
    if (paths && tags)
      context.addIssue({
        code: 'custom',
        message: 'a tag has no changed files',
        path: ['tags'],
        params: { fix: 'remove `tags` or `paths`' },
      })
  })

/**
 * Gives the source action of a repository behind a connection.
 * AWS: a filter on paths or tags needs a trigger of a V2 pipeline, which switches DetectChanges off; a push filter may
 * hold branches and file paths together, and tags alone.
 */
export function expandConnectionSource(
  repository: string,
  provider: ConnectionProvider,
  source: ConnectionSource,
  scope: SourceScope,
): SourceExpansion {
  const { type } = actionProvider.codeStarSourceConnection
  const filter = scope.starts ? pushFilter(source, scope) : undefined
  const existing = source.connection ?? scope.existingConnections[provider]
  return {
    connection: existing ? undefined : provider,
    trigger: filter && {
      providerType: type.provider,
      gitConfiguration: { sourceActionName: scope.action, push: [filter] },
    },
    action: {
      name: scope.action,
      actionTypeId: type,
      configuration: {
        ConnectionArn: existing ?? scope.connectionArn(provider),
        FullRepositoryId: repository,
        BranchName: source.branch,
        ...outputFormat(source.clone),
        DetectChanges: String(scope.starts && !filter),
      },
      outputArtifacts: [{ name: scope.output }],
      namespace: scope.namespace,
    },
  }
}

function pushFilter({ branch, paths, tags }: ConnectionSource, scope: TextScope) {
  const filter = (globs: readonly string[]) => present(filterOf(globs.map((glob) => expandText(glob, scope))))
  if (tags) return { tags: filter(tags) }
  return paths && { branches: { includes: [branch] }, filePaths: filter(paths) }
}

/** What passes, and behind `!` what does not. */
const filterOf = (globs: readonly string[]) => ({
  includes: globs.filter((glob) => !glob.startsWith('!')),
  excludes: globs.flatMap((glob) => (glob.startsWith('!') ? glob.slice(1) : [])),
})

const present = <T extends Readonly<Record<string, readonly string[]>>>(filter: T): Partial<T> =>
  Object.fromEntries(Object.entries(filter).filter(([, some]) => some.length)) as Partial<T>
