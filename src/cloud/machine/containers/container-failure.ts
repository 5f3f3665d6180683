/** What keeps a container from running. */

/** Why a container did not start, in words that a user can act on. */
export class ContainerFailure extends Error {
  override readonly name = 'ContainerFailure'
}
