/** Finding repositories and what is in them, and asking for permission on them. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import { compiledBoundPolicy } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Table } from '../../../kernel/store.ts'
import type { Tags } from '../../../kernel/tags.ts'
import {
  type Image,
  images,
  inRepository,
  type Layer,
  layers,
  type Repository,
  repositories,
} from '../state.ts'

/** How requests name a repository: in the caller's own registry unless they name another account's. */
export interface Named {
  readonly registryId?: string
  readonly repositoryName: string
}

export const registryOf = (ctx: Context, named: { readonly registryId?: string }): string =>
  named.registryId ?? ctx.account

/** `with name 'x' in the registry with id '1'`: how ECR's messages speak of a repository. */
export const inWords = ({ name, account }: Pick<Repository, 'name' | 'account'>): string =>
  `with name '${name}' in the registry with id '${account}'`

export const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterException', message)

/** AWS: how a parameter is refused whose form the service itself checks. */
export const invalidAt = (parameter: string, constraint: string): AwsError =>
  invalidParameter(`Invalid parameter at '${parameter}' failed to satisfy constraint: '${constraint}'`)

export const repositoryArn = (ctx: Context, account: string, name: string): string =>
  formatArn('ecr', ctx.region, account, `repository/${name}`)

function lookUp(ctx: Context, named: Named): Repository | undefined {
  return ctx.table(repositories, registryOf(ctx, named)).get(named.repositoryName)
}

/** Errors: RepositoryNotFoundException. */
export function findRepository(ctx: Context, named: Named): Repository {
  const found = lookUp(ctx, named)
  if (found) return found
  const account = registryOf(ctx, named)
  throw new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${named.repositoryName}' does not exist in the registry with id '${account}'`,
  )
}

/** Puts a changed copy of a repository and gives it. */
export function changeRepository(
  ctx: Context,
  repository: Repository,
  changes: Partial<Repository>,
): Repository {
  const changed = { ...repository, ...changes }
  ctx.table(repositories, repository.account, repository.region).put(repository.name, changed)
  return changed
}

const tagKeys = (tags: Tags = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`ecr:ResourceTag/${key}`, value],
    ]),
  )

/** The permission that an action on a repository takes; the repository's own policy has a say. */
export function onRepository(
  ctx: Context,
  action: string,
  named: Named,
  context: AccessRequest['context'] = {},
): AccessRequest {
  const account = registryOf(ctx, named)
  const resource = repositoryArn(ctx, account, named.repositoryName)
  const found = lookUp(ctx, named)
  return {
    action: `ecr:${action}`,
    resource,
    resourceAccount: account,
    resourcePolicy:
      found?.policy && compiledBoundPolicy(found.policy, ctx.cloud.directory, `policy of ${resource}`),
    context: { ...tagKeys(found?.tags), ...context },
  }
}

/** Access declared for operations that name a repository and bring no condition keys. */
export const accessTo =
  (action: string) =>
  (input: Named, ctx: Context): AccessRequest[] => [onRepository(ctx, action, input)]

export const imageTable = (ctx: Context, repository: Repository): Table<Image> =>
  ctx.table(images, repository.account, repository.region)

export const layerTable = (ctx: Context, repository: Repository): Table<Layer> =>
  ctx.table(layers, repository.account, repository.region)

/** The images of a repository, in the order they were pushed. */
export const imagesOf = (ctx: Context, repository: Repository): Image[] =>
  imageTable(ctx, repository)
    .values()
    .filter((one) => one.repository === repository.name)
    .sort((one, other) => one.pushedAt - other.pushedAt)

export const findLayer = (ctx: Context, repository: Repository, digest: string): Layer | undefined =>
  layerTable(ctx, repository).get(inRepository(repository.name, digest))

/** The image with a digest. */
export const imageWith = (ctx: Context, repository: Repository, digest: string): Image | undefined =>
  imageTable(ctx, repository).get(inRepository(repository.name, digest))

/** The image that a tag is on. */
export const taggedImage = (ctx: Context, repository: Repository, tag: string): Image | undefined =>
  imageTable(ctx, repository)
    .values()
    .find((one) => one.repository === repository.name && one.tags.includes(tag))

/** Puts an image, new or changed. */
export function saveImage(ctx: Context, repository: Repository, image: Image): void {
  imageTable(ctx, repository).put(inRepository(repository.name, image.digest), image)
}
