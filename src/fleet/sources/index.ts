/** Every kind of source; a new one is a file beside this and a word in the list. */
import type * as z from 'zod/mini'
import { bitbucket } from './bitbucket.ts'
import { codecommit } from './codecommit.ts'
import { ecr } from './ecr.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { s3 } from './s3.ts'
import type {
  BranchLister,
  ConnectedRepository,
  SourceExpansion,
  SourceKind,
  SourceScope,
} from './source-kind.ts'

export type {
  BranchLister,
  ConnectedRepository,
  ConnectionProvider,
  Drop,
  SourceExpansion,
  SourceScope,
} from './source-kind.ts'
export { type TokenWriter, tokenWriter, type WriterFile } from './writers-schema.ts'

export const sourceKinds = [github, gitlab, bitbucket, codecommit, s3, ecr] as const

export type SourceConfiguration = z.output<(typeof sourceKinds)[number]['schema']>

const kindOf = (source: SourceConfiguration) =>
  sourceKinds.find(({ key }) => Object.hasOwn(source, key))! as unknown as SourceKind

/** Gives the branch that a source follows; empty where it knows none. */
export const sourceBranch = (source: SourceConfiguration): string => kindOf(source).branch(source)

/** Gives the repository behind a connection that a source fetches; undefined for one of another kind. */
export const connectedRepository = (source: SourceConfiguration): ConnectedRepository | undefined =>
  kindOf(source).repository?.(source)

/** Gives the environment whose account has what a source fetches; undefined for the hub. */
export const sourceEnvironment = (source: SourceConfiguration): string | undefined =>
  kindOf(source).environment?.(source)

/** Whether a source's artifact tells of an image and holds nothing else. */
export const givesImage = (source: SourceConfiguration): boolean => kindOf(source).givesImage ?? false

/** Gives the source action, and what must stand beside the pipeline for it. */
export const expandSource = (source: SourceConfiguration, scope: SourceScope): SourceExpansion =>
  kindOf(source).expand(source, scope)

/** A repository whose branches a pipeline may follow. */
export interface SourceRepository {
  /** `github acme/orders` */
  readonly id: string
  /** `acme/orders` */
  readonly name: string
  readonly lister: BranchLister
}

/** Gives the repository of a source as it is written, before the schema looks at it; undefined where it has none. */
export function repositoryOf(source: Readonly<Record<string, unknown>>): SourceRepository | undefined {
  const kind = (sourceKinds as readonly Pick<SourceKind, 'key' | 'branches'>[]).find(({ key }) =>
    Object.hasOwn(source, key),
  )
  const name = kind && source[kind.key]
  if (!kind?.branches || typeof name !== 'string') return undefined
  return { id: `${kind.key} ${name}`, name, lister: kind.branches }
}
