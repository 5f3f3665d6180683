/** Fetches a build's source that is a repository, or a reference to one. */
import type { ProjectSource } from '@aws-sdk/client-codebuild'
import type { Context } from '../../../../kernel/context.ts'
import type { Identity } from '../../../../kernel/identity.ts'
import { readReference } from '../../../../sources/clone-reference.ts'
import { clone } from './clone.ts'
import { type FoundVersion, findVersion } from './find-version.ts'
import { openReference, openSource } from './open-repository.ts'

export interface RepositoryWish {
  readonly source: ProjectSource
  readonly version?: string | undefined
  /** The commit, where it is known already: of a batch, of a repeated build, of an event. */
  readonly commit?: string | undefined
}

/**
 * Clones a project's own source into an empty folder, as the project's role; gives the commit.
 * Errors: the denial, PhaseFailure where there is no such version, and git's.
 */
export async function fetchRepository(
  ctx: Context,
  identity: Identity,
  { source, version, commit: known }: RepositoryWish,
  folder: string,
): Promise<FoundVersion> {
  const repository = await openSource(ctx, identity, source)
  const name = source.sourceIdentifier ? `secondary source ${source.sourceIdentifier}` : 'primary source'
  const found = known ? { commit: known } : await findVersion(repository, version, name)
  // AWS: submodules are fetched with what the source itself is fetched with.
  const openSubmodule = source.gitSubmodulesConfig?.fetchSubmodules
    ? (location: string) => openSource(ctx, identity, { ...source, location })
    : undefined
  const { commit } = found
  await clone(repository, { commit, depth: source.gitCloneDepth, openSubmodule }, folder)
  return found
}

/**
 * Clones into an empty folder what an artifact refers to, with its whole history; gives whether it is such a reference.
 * AWS: with CODEBUILD_CLONE_REF the build's project clones, at the commit of the source action and on no branch.
 * Errors: the denial, AwsError where the repository is not there, and git's.
 */
export async function cloneReference(
  ctx: Context,
  identity: Identity,
  content: Buffer,
  folder: string,
): Promise<boolean> {
  const reference = readReference(content)
  if (!reference) return false
  await clone(await openReference(ctx, identity, reference), { commit: reference.commit }, folder)
  return true
}
