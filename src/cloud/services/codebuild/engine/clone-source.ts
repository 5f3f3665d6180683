/** Sources that are references to a commit: cloned as the project's role. */

import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { runGit } from '../../../machine/run-git.ts'
import { openReference, readReference, repositoryAddress } from '../../../sources/connected-repository.ts'

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
  const repository = await openReference(ctx, identity, reference)
  await runGit(folder, 'clone', '--quiet', '--no-checkout', '--no-hardlinks', '--', repository, '.')
  await runGit(folder, 'checkout', '--quiet', '--detach', reference.commit, '--')
  // The clone's own address is a folder of this machine, and pushing into it would pass by everything that watches it.
  await runGit(folder, 'remote', 'set-url', '--push', 'origin', repositoryAddress(reference))
  return true
}
